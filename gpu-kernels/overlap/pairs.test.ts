import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nodeGpu, testAdapter } from '../testing/softwareGpu.ts';
import { GpuTrouble } from '../types.ts';
import { openPairDevice, type PairDevice } from './pairs.ts';

const device: PairDevice | undefined = (await testAdapter()) && (await openPairDevice(await nodeGpu()));

function dumb(rows: number, blocks: { bits: Uint32Array; stride: number; words: number }[]): Float64Array {
  const sums = new Float64Array(rows * rows);
  for (const { bits, stride, words } of blocks) {
    for (let i = 0; i < rows; i++) {
      for (let j = i + 1; j < rows; j++) {
        for (let w = 0; w < words; w++) {
          for (let word = bits[i * stride + w]! & bits[j * stride + w]!; word !== 0; word &= word - 1)
            sums[i * rows + j]!++;
        }
      }
    }
  }
  return sums;
}

function blockOf(rows: number, words: number, more: number, seed: number) {
  const stride = words + more;
  let state = seed;
  const bits = Uint32Array.from({ length: rows * stride }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state ^ (state << 7)) >>> 0;
  });
  return { bits, stride, words };
}

it.skipIf(!device)(
  'pairs of rows are those of a dumb count: any number of rows, and of words, block after block',
  async () => {
    const shapes = fc.record({
      rows: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(1, 2, 31, 32, 33, 64, 65)),
      words: fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(511, 512, 513, 1030)), {
        minLength: 1,
        maxLength: 3,
      }),
      more: fc.nat({ max: 5 }),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(shapes, async ({ rows, words, more, seed }) => {
        const blocks = words.map((count, k) => blockOf(rows, count, more, seed + k));
        const counter = await device!.counter(rows);
        for (const { bits, stride, words: count } of blocks) {
          counter.add(bits, stride, count);
          await counter.ready();
        }
        const sums = await counter.finish();
        counter.destroy();
        expect(sums).toEqual(dumb(rows, blocks));
      }),
      { numRuns: 12 },
    );
  },
);

it.skipIf(!device)('a counter begins anew after it was finished', async () => {
  const block = blockOf(5, 3, 0, 9);
  const counter = await device!.counter(5);
  for (let turn = 0; turn < 2; turn++) {
    counter.add(block.bits, block.stride, block.words);
    expect(await counter.finish()).toEqual(dumb(5, [block]));
  }
  counter.destroy();
});

it.skipIf(!device)('says that the device is gone, or that a matrix is too large for it', async () => {
  const own = await openPairDevice(await nodeGpu());
  await expect(own.counter(100_000)).rejects.toMatchObject({ kind: 'refused', message: /100000 streams/ });
  const counter = await own.counter(3);
  own.destroy();
  await expect(
    (async () => {
      counter.add(new Uint32Array(3), 1, 1);
      await counter.finish();
    })(),
  ).rejects.toBeInstanceOf(GpuTrouble);
});

it('says that there is no GPU', async () => {
  await expect(openPairDevice(undefined)).rejects.toMatchObject({ kind: 'refused' });
});
