import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { Transfer } from './transfer.ts';

const BYTES = Buffer.from(Uint8Array.from({ length: 500_000 }, (_, i) => i % 251));
const nothing = () => undefined;

async function* parts(bytes: Buffer, failure?: Error): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 70_001) yield bytes.subarray(at, at + 70_001);
  if (failure) throw failure;
}

test('all readers get all bytes, whenever they come and however slow they are', async () => {
  const transfer = new Transfer(Buffer.alloc(BYTES.length));
  let given = 0;
  let ends = 0;
  const reader = () =>
    transfer.reader(
      60,
      (bytes) => {
        given += bytes;
      },
      () => ends++,
    );
  const early = reader();
  const slow = reader();
  const filled = transfer.fill(parts(BYTES), async () => undefined);
  expect((await buffer(early)).equals(BYTES)).toBe(true);
  await filled;
  expect((await buffer(reader())).equals(BYTES)).toBe(true);
  expect((await buffer(slow)).equals(BYTES)).toBe(true);
  expect([given, ends]).toEqual([3 * BYTES.length, 3]);
});

test('a reader that takes nothing is given no more than a piece, and broken off in the end', async () => {
  const transfer = new Transfer(BYTES, BYTES.length);
  let given = 0;
  const stuck: Readable = transfer.reader(
    0.05,
    (bytes) => {
      given += bytes;
    },
    nothing,
  );
  stuck.once('readable', nothing);
  const [error] = await once(stuck, 'error').catch((one) => [one]);
  expect(error.message).toContain('nothing was taken');
  expect(given).toBeLessThanOrEqual(131_072);
});

test('what was kept is kept before a reader has all of it, and a failure reaches the readers', async () => {
  const whole = new Transfer(Buffer.alloc(BYTES.length));
  let kept = false;
  const filled = whole.fill(parts(BYTES), async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    kept = true;
  });
  await buffer(whole.reader(60, nothing, nothing));
  expect(kept).toBe(true);
  await filled;
  const broken = new Transfer(Buffer.alloc(BYTES.length));
  const failed = broken.fill(parts(BYTES.subarray(0, 100_000), new Error('cut')), async () => undefined);
  await expect(buffer(broken.reader(60, nothing, nothing))).rejects.toThrow('cut');
  await expect(failed).rejects.toThrow('cut');
});
