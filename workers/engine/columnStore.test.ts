import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ColumnData } from '../../core/schema/column.ts';
import { ColumnStore } from './columnStore.ts';
import { EngineHeap } from './heap.ts';

const BASE = 4096;
const MB = 1 << 20;

const key = (chunk: number, column: string) => ({ file: 0, chunk, column });

function jagged(counts: number[], value: number): ColumnData {
  const offsets = new Uint32Array(counts.length + 1);
  counts.forEach((count, index) => {
    offsets[index + 1] = offsets[index]! + count;
  });
  return {
    type: 'float32',
    length: counts.length,
    offsets: [offsets],
    values: new Float32Array(offsets.at(-1)!).fill(value),
  };
}

function flat(megabytes: number, value = 1): ColumnData {
  const length = (megabytes * MB) / 8;
  return { type: 'float64', length, offsets: [], values: new Float64Array(length).fill(value) };
}

describe('the column store', () => {
  test('gives back every column as it was put, as views into the memory of the engine', () => {
    const column = fc.record({ counts: fc.array(fc.nat(5), { maxLength: 30 }), value: fc.float({ noNaN: true }) });
    fc.assert(
      fc.property(fc.array(column, { minLength: 1, maxLength: 12 }), (columns) => {
        const heap = new EngineHeap(BASE);
        const store = new ColumnStore(heap, 64 * MB);
        const data = columns.map(({ counts, value }) => jagged(counts, value));
        for (const [index, one] of data.entries()) store.put(key(index % 3, `c${index}`), one);
        data.forEach((one, index) => {
          const view = store.view(key(index % 3, `c${index}`));
          expect(view).toEqual(one);
          expect(view.values.buffer).toBe(heap.memory.buffer);
        });
      }),
      { numRuns: 50 },
    );
  });

  test('keeps 64-bit integers, missing values and dictionaries', () => {
    const store = new ColumnStore(new EngineHeap(BASE), MB);
    const event: ColumnData = {
      type: 'uint64',
      length: 2,
      offsets: [],
      values: BigUint64Array.of(2n ** 64n - 1n, 0n),
      valid: Uint8Array.of(1, 0),
    };
    const name: ColumnData = {
      type: 'string',
      length: 2,
      offsets: [],
      values: Uint32Array.of(1, 0),
      dictionary: ['a', 'b'],
    };
    store.put(key(0, 'event'), event);
    store.put(key(0, 'name'), name);
    expect(store.view(key(0, 'event'))).toEqual(event);
    expect(store.view(key(0, 'name'))).toEqual(name);
  });

  test('stores the offsets of one collection once, and keeps them for as long as one column needs them', () => {
    const heap = new EngineHeap(BASE);
    const store = new ColumnStore(heap, 8 * MB);
    const counts = Array.from({ length: 1000 }, (_, index) => index % 4);
    store.put(key(0, 'Muon_pt'), jagged(counts, 1));
    const alone = heap.used;
    store.put(key(0, 'Muon_eta'), jagged(counts, 2));
    expect(store.view(key(0, 'Muon_eta')).offsets[0]!.byteOffset).toBe(
      store.view(key(0, 'Muon_pt')).offsets[0]!.byteOffset,
    );
    expect(heap.used - alone).toBe(1500 * 4);
    store.unpin(key(0, 'Muon_pt'));
    for (let chunk = 1; chunk < 10; chunk++) store.put(key(chunk, 'x'), flat(1));
    expect(store.pin(key(0, 'Muon_pt'))).toBe(false);
    expect(store.view(key(0, 'Muon_eta'))).toEqual(jagged(counts, 2));
  });

  test('lets the least recently used columns go, never the pinned ones, and stays under its budget', () => {
    const heap = new EngineHeap(BASE);
    const store = new ColumnStore(heap, 8 * MB);
    store.put(key(0, 'pinned'), flat(1, 7));
    for (let chunk = 1; chunk <= 5; chunk++) {
      store.put(key(chunk, 'x'), flat(1, chunk));
      store.unpin(key(chunk, 'x'));
    }
    expect(store.pin(key(1, 'x'))).toBe(true);
    store.unpin(key(1, 'x'));
    for (let chunk = 6; chunk <= 9; chunk++) {
      store.put(key(chunk, 'x'), flat(1, chunk));
      store.unpin(key(chunk, 'x'));
    }
    expect(heap.size).toBeLessThanOrEqual(8 * MB);
    expect(store.keys().map(({ chunk }) => chunk)).toEqual([0, 5, 1, 6, 7, 8, 9]);
    expect(store.view(key(0, 'pinned'))).toEqual(flat(1, 7));
    expect(store.view(key(1, 'x'))).toEqual(flat(1, 1));
  });

  test('makes room for histograms too, before the memory grows past the budget', () => {
    const heap = new EngineHeap(BASE);
    const store = new ColumnStore(heap, 8 * MB);
    store.put(key(0, 'pinned'), flat(1, 7));
    for (let chunk = 1; chunk <= 6; chunk++) {
      store.put(key(chunk, 'x'), flat(1, chunk));
      store.unpin(key(chunk, 'x'));
    }
    heap.alloc(4 * MB);
    expect(heap.size).toBeLessThanOrEqual(8 * MB);
    expect(store.view(key(0, 'pinned'))).toEqual(flat(1, 7));
    heap.alloc(20 * MB);
    expect(store.keys()).toEqual([key(0, 'pinned')]);
  });

  test('stores a chunk that is larger than the budget all the same', () => {
    const heap = new EngineHeap(BASE);
    const store = new ColumnStore(heap, 2 * MB);
    store.put(key(0, 'x'), flat(3));
    store.put(key(0, 'y'), flat(3));
    expect(store.view(key(0, 'x'))).toEqual(flat(3));
  });

  test('gives a "limit" error, and loses nothing, when the memory itself can hold no more', () => {
    const heap = new EngineHeap(BASE);
    const store = new ColumnStore(heap, MB);
    const huge = {
      byteLength: 2 ** 33,
      length: 2 ** 30,
      buffer: new ArrayBuffer(0),
      byteOffset: 0,
    } as unknown as Float64Array<ArrayBuffer>;
    const used = heap.used;
    const column: ColumnData = { type: 'float64', length: 3, offsets: [Uint32Array.of(0, 1, 1, 2)], values: huge };
    expect(() => store.put(key(0, 'x'), column)).toThrow(expect.objectContaining({ tag: 'limit' }));
    expect(heap.used).toBe(used);
    expect(store.keys()).toEqual([]);
  });
});
