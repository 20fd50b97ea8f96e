import { expect, it } from 'vitest';
import { Guard } from './guard.ts';

/** A device of which nothing is ever heard again but that it is lost. */
function silentDevice() {
  let lose!: (info: object) => void;
  const lost = new Promise((resolve) => {
    lose = resolve;
  });
  const device = {
    lost,
    addEventListener: () => {},
    pushErrorScope: () => {},
    popErrorScope: () => new Promise(() => {}),
  };
  return { device: device as unknown as GPUDevice, lose };
}

it('nothing waits for a device that is gone', async () => {
  const { device, lose } = silentDevice();
  const guard = new Guard(device);
  const waiting = guard.wait(new Promise(() => {}));
  const { done } = guard.scoped(() => 1);
  lose({ reason: 'unknown', message: 'the driver crashed' });
  for (const promise of [waiting, done])
    await expect(promise).rejects.toMatchObject({ kind: 'lost', message: 'the GPU was lost: the driver crashed' });
  expect(() => guard.check()).toThrow(/crashed/);
  expect(await guard.lost).toMatch(/crashed/);
});
