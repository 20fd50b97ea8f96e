import { expect, test } from 'vitest';
import { type GpuHost, GpuTrouble } from '../gpu-kernels/types.ts';
import { createGpuWorker } from './gpuWorker.ts';

test('a device that was opened while a lost one still had work is kept', async () => {
  const opened: { host: GpuHost; lose: (reason: string) => void; fail: (error: Error) => void }[] = [];
  const openGpu = async () => {
    let [lose, fail]: [(reason: string) => void, (error: Error) => void] = [() => {}, () => {}];
    const uploading = new Promise<void>((_, reject) => {
      fail = reject;
    });
    const host = {
      info: { description: `device ${opened.length}` },
      lost: new Promise<string>((resolve) => {
        lose = resolve;
      }),
      upload: () => uploading,
    } as unknown as GpuHost;
    opened.push({ host, lose, fail });
    return host;
  };
  const worker = createGpuWorker({ openGpu, lowerProgram: async () => ({ reason: 'none' }) });
  await worker.open();
  const uploaded = worker.upload({ file: 0, chunk: 0 }, new Map());
  await new Promise((resolve) => setTimeout(resolve));
  opened[0]!.lose('a new driver');
  await new Promise((resolve) => setTimeout(resolve));
  expect(await worker.open()).toMatchObject({ value: { description: 'device 1' } });
  opened[0]!.fail(new GpuTrouble('lost', 'a new driver'));
  expect(await uploaded).toMatchObject({ ok: false, kind: 'lost' });
  expect(await worker.open()).toMatchObject({ value: { description: 'device 1' } });
});
