import { expect, it } from 'vitest';
import type { Stream } from '../../../core/catalogue/stream.ts';
import { nodeGpu, testAdapter } from '../../../gpu-kernels/testing/softwareGpu.ts';
import { GpuTrouble } from '../../../gpu-kernels/types.ts';
import { countOverlaps } from './countOverlaps.ts';
import { engineOf, gpuPays, onEngine } from './engine.ts';
import { memoryCatalogue } from './testing/memoryCatalogue.ts';

it('the GPU is tried of its own accord where many streams have many events', () => {
  expect(gpuPays(83, 1e9)).toBe(false);
  expect(gpuPays(4096, 1e6)).toBe(true);
  expect(gpuPays(4096, 1e3)).toBe(false);
  expect(engineOf('auto', 83, 1e9)).toBe('wasm');
  expect(engineOf('auto', 4096, 1e6)).toBe('auto');
  expect(engineOf('gpu', 2, 10)).toBe('gpu');
});

const hasAdapter = (await testAdapter()) !== undefined;

/** Streams of two runs that have every second, third, … event. */
async function catalogueOf(size: number, findGpu?: () => Promise<GPU | undefined>) {
  const datasets = Array.from({ length: 2 * size }, (_, i) => ({
    dspid: i % 2,
    dstypeid: i >> 1,
    runNumber: 10 + (i % 2),
    parts: [{ eventno: BigUint64Array.from({ length: 700 }, (_, k) => BigInt(k * ((i >> 1) + 1))) }],
  }));
  const catalogue = await memoryCatalogue(datasets, { workers: 1, ...(findGpu && { findGpu }) });
  const streams: Stream[] = Array.from({ length: size }, (_, dstypeid) => ({
    name: `${dstypeid}`,
    members: [0, 1].map((dspid) => ({ dspid, dstypeid })),
  }));
  return { catalogue, streams };
}

it.skipIf(!hasAdapter).each([1, 3, 40])('%i streams are counted by WebGPU as by WebAssembly', async (size) => {
  const { catalogue, streams } = await catalogueOf(size, nodeGpu);
  const { by, ...counts } = await countOverlaps(catalogue, streams, { engine: 'gpu' });
  expect(by).toEqual({ engine: 'gpu' });
  const { by: other, ...wasm } = await countOverlaps(catalogue, streams, { engine: 'wasm' });
  expect(other).toEqual({ engine: 'wasm' });
  expect(counts).toEqual(wasm);
  expect(counts.both[0]).toBe(1400);
});

it('without a GPU WebAssembly counts, and says why where one was asked for', async () => {
  const find = async () => {
    throw new GpuTrouble('refused', 'there is none');
  };
  const { catalogue, streams } = await catalogueOf(3, find);
  const { by, both } = await countOverlaps(catalogue, streams, { engine: 'gpu' });
  expect(by).toEqual({ engine: 'wasm', note: 'WebAssembly counted: there is none' });
  expect(both[0]).toBe(1400);
  expect((await countOverlaps(catalogue, streams)).by).toEqual({ engine: 'wasm' });
  expect((await onEngine('auto', find, async () => ({}))).by).toEqual({ engine: 'wasm' });
});

it.skipIf(!hasAdapter)(
  'what a GPU that is lost in the middle left undone is counted anew, and software is no GPU',
  async () => {
    const tried: string[] = [];
    const count = async (device: unknown) => {
      tried.push(device ? 'gpu' : 'wasm');
      if (device) throw new GpuTrouble('lost', 'the GPU was lost');
      return { events: 5 };
    };
    const done = await onEngine('gpu', nodeGpu, count);
    expect(done).toEqual({ events: 5, by: { engine: 'wasm', note: 'WebAssembly counted: the GPU was lost' } });
    expect(tried).toEqual(['gpu', 'wasm']);
    await onEngine('auto', nodeGpu, count);
    expect(tried).toEqual(['gpu', 'wasm', 'wasm']);
  },
);
