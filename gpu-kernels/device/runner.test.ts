import { beforeAll, describe, expect, it } from 'vitest';
import { chooseScales, scaleWord } from '../fill/fixedPoint.ts';
import { testAdapter } from '../testing/softwareGpu.ts';
import { type GpuChunk, type GpuHost, PARAMS } from '../types.ts';
import { flat, numbers } from './testing/columns.ts';
import { testHosts } from './testing/hosts.ts';
import { entry, program } from './testing/programs.ts';
import { type WrappedGpu, wrappedGpu } from './testing/wrapped.ts';

const hasGpu = (await testAdapter()) !== undefined;
const open = testHosts();

/** Events of three chunks, the second one empty: many batches on a software adapter. */
const SIZES = [20_000, 0, 9_001];
const VALUES = SIZES.map((size, chunk) => Uint32Array.from(numbers(size, 100, chunk + 1)));
const CHUNKS: GpuChunk[] = SIZES.map((events, chunk) => ({ file: 3, chunk, events }));
const TOTAL = 29_001;

const X = [{ column: 'x', part: 'values' }] as const;
const COUNTS = program({ body: `bin(${entry(0, 32, 'e')}, 1u);`, arrays: [...X], bins: 100 });

function countsOf(...chunks: number[]): number[] {
  const counts = new Array<number>(100).fill(0);
  for (const chunk of chunks) for (const value of VALUES[chunk]!) counts[value]!++;
  return counts;
}

async function place(host: GpuHost): Promise<void> {
  for (const [i, chunk] of CHUNKS.entries()) await host.upload(chunk, new Map([['x', flat('uint32', VALUES[i]!)]]));
}

describe.skipIf(!hasGpu)('runs on a GPU', () => {
  let host: GpuHost;
  beforeAll(async () => {
    host = await open();
    await place(host);
  });

  it('add up all events of all chunks, whatever the batches, and again the same', async () => {
    const progress: number[] = [];
    const first = await host.run(COUNTS, CHUNKS, { onProgress: (events) => progress.push(events) });
    expect([...first.partial.histograms[0]!.values]).toEqual(countsOf(0, 2));
    expect(first.partial.events).toBe(TOTAL);
    expect(first.doubtful).toEqual([]);
    expect(first.seconds).toBeGreaterThan(0);
    expect(progress.length).toBeGreaterThan(1);
    expect(progress.reduce((a, b) => a + b)).toBe(TOTAL);
    expect((await host.run(COUNTS, CHUNKS)).partial).toEqual(first.partial);
  });

  it('two at once come one after the other', async () => {
    const [a, b] = await Promise.all([host.run(COUNTS, [CHUNKS[0]!]), host.run(COUNTS, [CHUNKS[2]!])]);
    expect([...a.partial.histograms[0]!.values]).toEqual(countsOf(0));
    expect([...b.partial.histograms[0]!.values]).toEqual(countsOf(2));
  });

  it('of no events, and of no columns', async () => {
    expect((await host.run(COUNTS, [CHUNKS[1]!])).partial.events).toBe(0);
    const none = program({ body: 'bin(e % 2u, 1u);', bins: 2 });
    const { partial } = await host.run(none, [{ file: 77, chunk: 0, events: 101 }]);
    expect([...partial.histograms[0]!.values]).toEqual([51, 50]);
  });

  it('hand back the events in doubt in ascending order, however many there are', async () => {
    const body = `if (${entry(0, 32, 'e')} < constants[0]) { note(e); } else { bin(0u, 1u); }`;
    for (const limit of [0, 1, 60, 60, 100]) {
      const constants = [{ kind: 'words', words: Uint32Array.of(limit) }] as const;
      const one = program({ body, arrays: [...X], constants: [...constants], bins: 1 });
      const { partial, doubtful } = await host.run(one, CHUNKS);
      const rows = VALUES.map((values) => Array.from(values.keys()).filter((e) => values[e]! < limit));
      const wanted = rows.map((own, chunk) => ({ file: 3, chunk, rows: Uint32Array.from(own) }));
      expect(doubtful).toEqual(wanted.filter(({ rows }) => rows.length > 0));
      expect(partial.histograms[0]!.values[0]).toBe(TOTAL - rows.flat().length);
    }
  });

  it('the largest weight of a sample chooses the scale', async () => {
    const scale = `param(${PARAMS.BASES + 1}u)`;
    const one = program({
      body: `weight(f32(${entry(0, 32, 'e')}) * -0.5); if (param(${PARAMS.MODE}u) == 1u && e == 7u) { bin(0u, ${scale}); }`,
      arrays: [...X],
      bins: 1,
      weights: 1,
    });
    const word = (largest: number) =>
      scaleWord(chooseScales(new Uint32Array(Float32Array.of(largest).buffer), TOTAL)[0]!);
    expect((await host.run(one, CHUNKS.slice(0, 2))).partial.histograms[0]!.values[0]).toBe(word(49.5));
  });

  it('a weight that no event of the sample has is looked for in all events', async () => {
    const events = 40_000;
    const one = program({
      body: `if (e == 1000u) { weight(0.25f); if (param(${PARAMS.MODE}u) == 1u) { bin(0u, param(${PARAMS.BASES}u)); } }`,
      bins: 1,
      weights: 1,
    });
    const word = scaleWord(chooseScales(new Uint32Array(Float32Array.of(0.25).buffer), events)[0]!);
    const { partial } = await host.run(one, [{ file: 0, chunk: 0, events }]);
    expect(partial.histograms[0]!.values[0]).toBe(word);
  });

  it('results that are larger than a binding come in windows', async () => {
    const small = await open({ bindingBytes: 4096 });
    const one = program({ body: 'bin(e % 5000u, 1u + e); if (e > 9990u) { note(e); }', bins: 5000 });
    const { partial, doubtful } = await small.run(one, [{ file: 0, chunk: 0, events: 10_000 }]);
    expect([...partial.histograms[0]!.values]).toEqual(Array.from({ length: 5000 }, (_, i) => 5002 + 2 * i));
    expect(doubtful[0]!.rows).toHaveLength(9);
  });

  it('a cancelled run ends at once, and the next one is whole', async () => {
    const abort = new AbortController();
    const slow = program({ body: `bin(${entry(0, 32, 'e')}, 1u); // slow`, arrays: [...X], bins: 100 });
    let batches = 0;
    const onProgress = () => {
      batches++;
      abort.abort();
    };
    await expect(host.run(slow, CHUNKS, { signal: abort.signal, onProgress })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(batches).toBe(1);
    await expect(host.run(COUNTS, CHUNKS, { signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect([...(await host.run(slow, CHUNKS)).partial.histograms[0]!.values]).toEqual(countsOf(0, 2));
  });

  it('what the compiler refuses is told with its line', async () => {
    const wrong = program({ body: 'bin(e, oops);', bins: 1 });
    await expect(host.run(wrong, CHUNKS)).rejects.toMatchObject({
      kind: 'code',
      message: expect.stringMatching(/unresolved value 'oops' \(line \d+: bin\(e, oops\);\)/),
    });
    const unbound = program({ body: 'bin(e, more[0]);', bins: 1 });
    unbound.code += '@group(0) @binding(7) var<storage, read> more: array<u32>;';
    await expect(host.run(unbound, CHUNKS)).rejects.toMatchObject({ kind: 'code' });
    expect((await host.run(COUNTS, CHUNKS)).partial.events).toBe(TOTAL);
  });
});

describe.skipIf(!hasGpu)('a GPU that fails', () => {
  let wrapped: WrappedGpu;
  let host: GpuHost;
  beforeAll(async () => {
    wrapped = await wrappedGpu();
  });

  async function fresh(): Promise<void> {
    host = await open({}, wrapped.gpu);
    await place(host);
  }

  it('lost in the middle of a run: that, what waits and all later calls end with it', async () => {
    await fresh();
    const onProgress = () => wrapped.device().destroy();
    const runs = [host.run(COUNTS, CHUNKS, { onProgress }), host.run(COUNTS, CHUNKS)];
    for (const run of runs) await expect(run).rejects.toMatchObject({ kind: 'lost' });
    expect(await host.lost).toMatch(/lost/);
    await expect(
      host.upload({ file: 4, chunk: 0 }, new Map([['x', flat('uint32', VALUES[0]!)]])),
    ).rejects.toMatchObject({
      kind: 'lost',
    });
  });

  it('lost while an upload is under way', async () => {
    await fresh();
    const upload = host.upload({ file: 4, chunk: 0 }, new Map([['x', flat('uint32', new Uint32Array(2 ** 20))]]));
    wrapped.device().destroy();
    await expect(upload).rejects.toMatchObject({ kind: 'lost' });
  });

  it('one that was closed is not lost', async () => {
    await fresh();
    host.destroy();
    await expect(host.run(COUNTS, CHUNKS)).rejects.toMatchObject({ kind: 'lost', message: /not in use/ });
    const answer = await Promise.race([host.lost, new Promise((resolve) => setTimeout(resolve, 50, 'nothing'))]);
    expect(answer).toBe('nothing');
  });

  it('without memory for results says so, and runs again when there is some', async () => {
    wrapped.memory = Number.POSITIVE_INFINITY;
    await fresh();
    await host.run(COUNTS, CHUNKS);
    wrapped.memory = 0;
    const large = program({ body: 'bin(e, 1u);', bins: 2 ** 20 });
    await expect(host.run(large, CHUNKS)).rejects.toMatchObject({ kind: 'memory' });
    wrapped.memory = Number.POSITIVE_INFINITY;
    expect((await host.run(large, CHUNKS)).partial.histograms[0]!.entries).toBe(TOTAL);
  });

  it('commands that nobody waits for end the next call', async () => {
    await fresh();
    wrapped.device().createBuffer({ size: 4, usage: 0x1 | 0x2 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(host.run(COUNTS, CHUNKS)).rejects.toMatchObject({ kind: 'code' });
    expect((await host.run(COUNTS, CHUNKS)).partial.events).toBe(TOTAL);
  });
});
