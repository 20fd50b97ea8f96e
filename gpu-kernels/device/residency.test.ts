import { beforeAll, describe, expect, it } from 'vitest';
import { type ColumnData, VALUE_ARRAYS, VALUE_BYTES, type ValueType } from '../../core/schema/column.ts';
import { splitDouble } from '../numbers/split.ts';
import { testAdapter } from '../testing/softwareGpu.ts';
import type { ChunkKey, GpuHost, LoweredProgram } from '../types.ts';
import { flat, jagged, numbers } from './testing/columns.ts';
import { testHosts } from './testing/hosts.ts';
import { entry, program } from './testing/programs.ts';
import { wrappedGpu } from './testing/wrapped.ts';

const EVENTS = 3000;

const hasGpu = (await testAdapter()) !== undefined;
const open = testHosts();

const key = (chunk: number): ChunkKey => ({ file: 0, chunk });

/** What the bins of a program hold after one chunk. */
async function binsOf(host: GpuHost, one: LoweredProgram, chunk: number, events: number): Promise<number[]> {
  const { partial } = await host.run(one, [{ ...key(chunk), events }]);
  expect(partial.events).toBe(events);
  return [...partial.histograms[0]!.values];
}

/** A bin for each word of a flat column's values: what lies on the GPU. */
function echo(bits: number, events: number): LoweredProgram {
  const wide = 'bin(2u * e, columns[base(0u) + 2u * e]); bin(2u * e + 1u, columns[base(0u) + 2u * e + 1u]);';
  const body = bits === 64 ? wide : `bin(e, ${entry(0, bits, 'e')});`;
  return program({ body, arrays: [{ column: 'x', part: 'values' }], bins: bits === 64 ? 2 * events : events });
}

/** A bin for each event: the sum of its list of 16-bit values, the flat 8-bit `n`, and 1000 where `n` is valid. */
const SUMS = (events: number) =>
  program({
    body: `
      var sum = ${entry(2, 8, 'e')} + select(0u, 1000u, ${entry(3, 8, 'e')} == 1u);
      for (var i = ${entry(1, 32, 'e')}; i < ${entry(1, 32, 'e + 1u')}; i++) { sum += ${entry(0, 16, 'i')}; }
      bin(e, sum);`,
    arrays: [
      { column: 'items', part: 'values' },
      { column: 'items', part: 'offsets' },
      { column: 'n', part: 'values' },
      { column: 'n', part: 'valid' },
    ],
    bins: events,
  });

/** A chunk for `SUMS`, and what it gives. */
function listsAndNumbers(events: number, seed: number) {
  const counts = numbers(events, 6, seed);
  const items = jagged(
    'uint16',
    counts,
    Uint16Array.from(
      numbers(
        counts.reduce((a, b) => a + b),
        50_000,
        seed + 1,
      ),
    ),
  );
  const n = flat('uint8', Uint8Array.from(numbers(events, 256, seed + 2)));
  const valid = Uint8Array.from(numbers(events, 2, seed + 3));
  const sums = (withValid: boolean) =>
    counts.map((count, e) => {
      const begin = items.offsets[0]![e]!;
      const own = (items.values as Uint16Array).subarray(begin, begin + count);
      return own.reduce((a, b) => a + b, 0) + Number(n.values[e]) + (withValid && valid[e] === 0 ? 0 : 1000);
    });
  return { items, n, valid, sums };
}

describe.skipIf(!hasGpu)('columns on a GPU', () => {
  let host: GpuHost;
  beforeAll(async () => {
    host = await open();
  });

  it.each(Object.keys(VALUE_BYTES) as ValueType[])('values of type %s arrive', async (type) => {
    const events = 301;
    const bits = 8 * VALUE_BYTES[type];
    const values = new VALUE_ARRAYS[type](events);
    const bytes = new Uint8Array(values.buffer);
    bytes.set(numbers(bytes.length, 256));
    if (type === 'bool' || type === 'string') for (let e = 0; e < events; e++) values[e] = e % 2;
    const column: ColumnData = flat(type, values);
    if (type === 'string') column.dictionary = ['seen second', 'seen first'];
    if (type === 'string')
      await host.upload(
        { file: 9, chunk: 9 },
        new Map([['x', { ...column, dictionary: ['seen first', 'seen second'] }]]),
      );
    const chunk = Object.keys(VALUE_BYTES).indexOf(type);
    await host.upload(key(chunk), new Map([['x', column]]));
    let words: ArrayLike<number> = bits < 32 ? (values as Uint8Array) : new Uint32Array(values.buffer);
    if (type === 'int8' || type === 'int16') words = Array.from(values as Int8Array, (v) => v & (2 ** bits - 1));
    if (type === 'string') words = Array.from(values as Uint32Array, (code) => 1 - code);
    if (type === 'float64') {
      words = new Uint32Array(2 * events);
      for (let e = 0; e < events; e++) splitDouble(Number(values[e]), words as Uint32Array, 2 * e);
    }
    expect(await binsOf(host, echo(bits, events), chunk, events)).toEqual([...Array.from(words)]);
  });

  it('a constant string is the code of its values in all chunks, and of no value where none has it', async () => {
    const column = (dictionary: string[]): ColumnData => ({
      ...flat('string', Uint32Array.of(0, 1, 1, 0)),
      dictionary,
    });
    await host.upload(key(50), new Map([['x', column(['muon', 'tau'])]]));
    await host.upload(key(51), new Map([['x', column(['tau', 'muon'])]]));
    const one = program({
      body: 'for (var k = 0u; k < 3u; k++) { if (constants[k] == columns[base(0u) + e]) { bin(k, 1u); } }',
      arrays: [{ column: 'x', part: 'values' }],
      constants: ['tau', 'muon', 'gluino'].map((value) => ({ kind: 'string', value })),
      bins: 3,
    });
    const chunks = [50, 51].map((chunk) => ({ ...key(chunk), events: 4 }));
    expect([...(await host.run(one, chunks)).partial.histograms[0]!.values]).toEqual([4, 4, 0]);
  });

  it('lists, gaps, and columns that come later', async () => {
    const { items, n, valid, sums } = listsAndNumbers(EVENTS, 5);
    await host.upload(key(60), new Map([['items', items]]));
    expect([...host.resident(key(60))]).toEqual(['items']);
    await host.upload(key(60), new Map([['n', { ...n, valid }]]));
    expect([...host.resident(key(60))]).toEqual(['items', 'n']);
    expect(await binsOf(host, SUMS(EVENTS), 60, EVENTS)).toEqual(sums(true));
  });

  it('where a chunk has no gaps, all of its values are there', async () => {
    const { items, n, sums } = listsAndNumbers(EVENTS, 6);
    await host.upload(key(61), new Map(Object.entries({ items, n })));
    expect(await binsOf(host, SUMS(EVENTS), 61, EVENTS)).toEqual(sums(false));
  });

  it('columns of a collection share their offsets, also when they come later', async () => {
    const counts = numbers(EVENTS, 5);
    const values = Uint32Array.from(
      numbers(
        counts.reduce((a, b) => a + b),
        99,
      ),
    );
    const before = host.bytes();
    await host.upload(key(62), new Map([['pt', jagged('uint32', counts, values)]]));
    const first = host.bytes() - before;
    await host.upload(key(62), new Map([['eta', jagged('uint32', counts, values)]]));
    const second = host.bytes() - before - first;
    expect(first - second).toBeGreaterThanOrEqual(4 * (EVENTS + 1));
    expect(second).toBeGreaterThanOrEqual(values.byteLength);
  });

  it('a chunk that is larger than a binding is split by events, also when it becomes so', async () => {
    const small = await open({ bindingBytes: 24_576, budget: 4 * 24_576 });
    const { items, n, valid, sums } = listsAndNumbers(EVENTS, 7);
    await small.upload(key(0), new Map([['n', { ...n, valid }]]));
    expect(small.bytes()).toBeLessThan(24_576);
    await small.upload(key(0), new Map(Object.entries({ items })));
    expect(small.bytes()).toBeGreaterThan(24_576);
    expect(await binsOf(small, SUMS(EVENTS), 0, EVENTS)).toEqual(sums(true));
    for (const chunk of [1, 2, 3, 4])
      await small.upload(key(chunk), new Map([['x', flat('uint32', new Uint32Array(6144))]]));
    expect([0, 1, 2, 3, 4].map((chunk) => small.resident(key(chunk)).size)).toEqual([0, 1, 1, 1, 1]);
  });

  it('large columns arrive in parts, to their last value', async () => {
    const values = new Float64Array(1_300_000).fill(1);
    values[1_299_999] = 5;
    await host.upload(key(70), new Map([['x', flat('float64', values)]]));
    const last = program({
      body: 'bin(0u, columns[base(0u) + 2599998u] >> 16u); bin(1u, columns[base(0u)] >> 16u);',
      arrays: [{ column: 'x', part: 'values' }],
      bins: 2,
    });
    // 5 and 1 in single precision
    expect(await binsOf(host, last, 70, 1)).toEqual([0x40a0, 0x3f80]);
  });

  it('events that are larger than a binding are told', async () => {
    const small = await open({ bindingBytes: 2048 });
    await expect(small.upload(key(0), new Map([['x', flat('uint32', new Uint32Array(5000))]]))).rejects.toMatchObject({
      kind: 'memory',
    });
    expect(small.bytes()).toBe(0);
  });
});

describe.skipIf(!hasGpu)('columns under a budget', () => {
  const chunkOf = (chunk: number) => new Map([['x', flat('uint32', new Uint32Array(4096).fill(chunk))]]);
  const there = (host: GpuHost) => [0, 1, 2, 3, 4, 5].filter((chunk) => host.resident(key(chunk)).size > 0);
  const first = program({
    body: 'bin(e, columns[base(0u) + e]);',
    arrays: [{ column: 'x', part: 'values' }],
    bins: 4096,
  });

  it('the chunks that were used the longest ago make room', async () => {
    const host = await open({ budget: 4 * 16_384 });
    for (const chunk of [0, 1, 2, 3]) await host.upload(key(chunk), chunkOf(chunk));
    expect(await binsOf(host, first, 0, 4096)).toEqual(new Array(4096).fill(0));
    await host.upload(key(4), chunkOf(4));
    expect(there(host)).toEqual([0, 2, 3, 4]);
    await host.upload(key(5), new Map([...chunkOf(5), ['y', flat('uint32', new Uint32Array(4096))]]));
    expect(there(host)).toEqual([0, 4, 5]);
    expect(host.bytes()).toBe(4 * 16_384);
    for (const chunk of there(host)) expect((await binsOf(host, first, chunk, 4096))[4095]).toBe(chunk);
    await expect(host.run(first, [{ ...key(2), events: 4096 }])).rejects.toMatchObject({ kind: 'memory' });
  });

  it('what never fits is told, and what was there stays', async () => {
    const host = await open({ budget: 2 * 16_384 });
    await host.upload(key(0), chunkOf(0));
    const large = new Map([['x', flat('uint32', new Uint32Array(3 * 4096))]]);
    await expect(host.upload(key(1), large)).rejects.toMatchObject({ kind: 'memory' });
    expect(there(host)).toEqual([]);
    await host.upload(key(2), chunkOf(2));
    expect((await binsOf(host, first, 2, 4096))[0]).toBe(2);
  });

  it('a GPU with less memory than its limits say keeps fewer chunks', async () => {
    const wrapped = await wrappedGpu();
    const host = await open({}, wrapped.gpu);
    const bytes = 2 ** 20;
    const large = (chunk: number) => new Map([['x', flat('uint32', new Uint32Array(bytes / 4).fill(chunk))]]);
    wrapped.memory = 6 * 2 ** 20;
    for (let chunk = 0; chunk < 8; chunk++) await host.upload(key(chunk), large(chunk));
    expect(host.bytes()).toBeGreaterThanOrEqual(4 * bytes);
    expect(host.bytes()).toBeLessThanOrEqual(6 * bytes);
    expect(host.resident(key(0)).size).toBe(0);
    const { refused } = wrapped;
    for (let chunk = 0; chunk < 8; chunk++) await host.upload(key(chunk), large(chunk));
    expect(wrapped.refused, 'the GPU is not asked again and again').toBe(refused);
    expect((await binsOf(host, first, 7, 4096))[17]).toBe(7);
    wrapped.memory = 0;
    const more = new Map([['y', flat('uint32', new Uint32Array(7 * 2 ** 18))]]);
    await expect(host.upload({ file: 1, chunk: 0 }, more)).rejects.toMatchObject({ kind: 'memory' });
  });
});
