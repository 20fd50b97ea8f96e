import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { ColumnData, ValueType } from '../../../core/schema/column.ts';
import type { Branch, Interpretation, StoredNumber } from './branch.ts';
import { basketsOf, decodeBranch } from './decodeBranch.ts';

const KEY_BYTES = 60;

/** What a basket holds: entries as bytes, with the table of their places where they are given as a list. */
interface Written {
  entries: number[][] | { count: number; bytes: number[] };
  packed?: boolean;
  /** What ROOT writes after the table: places before an older object was moved. */
  displacement?: boolean;
}

function writeBasket({ entries, packed, displacement }: Written): Uint8Array {
  const isList = Array.isArray(entries);
  const values = isList ? entries.flat() : entries.bytes;
  const count = isList ? entries.length : entries.count;
  const object = [...values];
  if (isList) {
    object.push(...int32(count + 1));
    let at = KEY_BYTES;
    for (const entry of entries) {
      object.push(...int32(at));
      at += entry.length;
    }
    object.push(...int32(0));
    if (displacement) for (let i = 0; i <= count + 1; i++) object.push(...int32(i === 0 ? count + 1 : 7));
  }
  const body = packed ? record(Uint8Array.from(object)) : Uint8Array.from(object);
  const bytes = new Uint8Array(KEY_BYTES + body.length);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, bytes.length);
  view.setInt16(4, 1004);
  view.setInt32(6, object.length);
  view.setInt16(14, KEY_BYTES);
  view.setInt32(KEY_BYTES - 9, count);
  view.setInt32(KEY_BYTES - 5, KEY_BYTES + values.length);
  bytes.set(body, KEY_BYTES);
  return bytes;
}

function record(bytes: Uint8Array): Uint8Array {
  const stream = zlibSync(bytes, { level: 9 });
  const sizes = [stream.length, bytes.length].flatMap((size) => [size & 255, (size >> 8) & 255, size >> 16]);
  return Uint8Array.from([90, 76, 8, ...sizes, ...stream]);
}

function int32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

function float32(value: number): number[] {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return [...new Uint8Array(view.buffer)];
}

function branchOf(
  interpretation: Interpretation,
  firsts: number[],
  { depth = 0, ...rest }: { depth?: number } & Partial<Branch> = {},
): Branch {
  const count = firsts.length - 1;
  return {
    info: { name: 'x', type: 'float32', depth, nullable: false },
    interpretation,
    baskets: {
      entries: Float64Array.from(firsts),
      offsets: new Float64Array(count),
      bytes: new Float64Array(count),
    },
    ...rest,
  };
}

function numbers(stored: StoredNumber | Exclude<ValueType, 'string'>, more: object = {}): Interpretation {
  const form = typeof stored === 'string' ? { kind: stored } : stored;
  return { kind: 'numbers', stored: form, perEntry: 1, header: 0, innerLength: 1, ...more };
}

const jagged = { perEntry: undefined };

async function decode(branch: Branch, written: Written[], from?: number, to?: number): Promise<ColumnData> {
  const bytes = written.map(writeBasket);
  const end = branch.embedded
    ? branch.embedded.firstEntry + branch.embedded.entries
    : branch.baskets.entries[written.length]!;
  return decodeBranch(branch, from ?? 0, to ?? end, (basket) => bytes[basket]!, 'file.root');
}

describe('numbers of every type', () => {
  const bytes = [0x80, 1, 2, 3, 4, 5, 6, 0xf7, 0, 0, 0, 0, 0, 0, 0, 1];
  const view = new DataView(Uint8Array.from(bytes).buffer);
  const every = (width: number, at: (place: number) => number | bigint) =>
    Array.from({ length: 16 / width }, (_, i) => at(i * width));
  it.each<[Exclude<ValueType, 'string'>, (number | bigint)[]]>([
    ['int8', every(1, (at) => view.getInt8(at))],
    ['uint8', every(1, (at) => view.getUint8(at))],
    ['int16', every(2, (at) => view.getInt16(at))],
    ['uint16', every(2, (at) => view.getUint16(at))],
    ['int32', every(4, (at) => view.getInt32(at))],
    ['uint32', every(4, (at) => view.getUint32(at))],
    ['int64', every(8, (at) => view.getBigInt64(at))],
    ['uint64', every(8, (at) => view.getBigUint64(at))],
    ['float32', every(4, (at) => view.getFloat32(at))],
    ['float64', every(8, (at) => view.getFloat64(at))],
    ['bool', [1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1]],
  ])('%s', async (type, wanted) => {
    for (const packed of [false, true]) {
      const column = await decode(branchOf(numbers(type), [0, wanted.length]), [
        { entries: { count: wanted.length, bytes }, packed },
      ]);
      expect(column.type).toBe(type);
      expect([...column.values]).toEqual(wanted);
      expect(column.offsets).toEqual([]);
    }
  });

  it('more than fit into the block that is turned at a time', async () => {
    const count = 50_000;
    const view = new DataView(new ArrayBuffer(8 * count));
    for (let i = 0; i < count; i++) view.setFloat64(8 * i, i / 3);
    const entries = { count, bytes: [...new Uint8Array(view.buffer)] };
    const column = await decode(branchOf(numbers('float64'), [0, count]), [{ entries }]);
    expect((column.values as Float64Array).findIndex((value, i) => value !== i / 3)).toBe(-1);
  });

  it('Float16_t with a mantissa of twelve bits', async () => {
    const stored: StoredNumber = { kind: 'float16', bits: 12, factor: 0, minimum: 0 };
    // 1, −1.5, and 3.14159 with its mantissa cut.
    const bytes = [127, 0, 0, 127, 0x28, 0, 128, 0x09, 0x22];
    const column = await decode(branchOf(numbers(stored), [0, 3]), [{ entries: { count: 3, bytes } }]);
    expect(column.type).toBe('float32');
    expect([...column.values]).toEqual([1, -1.5, 3.1416015625]);
  });

  it('Double32_t in a range, as a single float, and with a short mantissa', async () => {
    const double32 = (bits: number, factor: number, minimum: number): StoredNumber => ({
      kind: 'double32',
      bits,
      factor,
      minimum,
    });
    const read = (stored: StoredNumber, bytes: number[]) =>
      decode(branchOf(numbers(stored), [0, 1]), [{ entries: { count: 1, bytes } }]);
    expect([...(await read(double32(0, 655.36, -50), int32(65_535))).values]).toEqual([65_535 / 655.36 - 50]);
    expect([...(await read(double32(0, 655.36, -50), int32(-1))).values]).toEqual([4_294_967_295 / 655.36 - 50]);
    const single = await read(double32(0, 0, 0), float32(0.1));
    expect([single.type, ...single.values]).toEqual(['float64', Math.fround(0.1)]);
    expect([...(await read(double32(8, 0, 0), [127, 0x02, 0x80])).values]).toEqual([-1.5]);
  });
});

describe('lists', () => {
  const entries = [[], [1, 2], [3], [], [4, 5, 6]];
  const written = (from: number, to: number) => ({
    entries: entries.slice(from, to).map((list) => list.flatMap(float32)),
  });

  it('of jagged arrays come from the table of places, over baskets with any borders', async () => {
    const branch = branchOf(numbers('float32', jagged), [0, 2, 3, 5], { depth: 1 });
    const baskets = [written(0, 2), { ...written(2, 3), displacement: true }, { ...written(3, 5), packed: true }];
    const column = await decode(branch, baskets);
    expect([...column.offsets[0]!]).toEqual([0, 0, 2, 3, 3, 6]);
    expect([...column.values]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('of some entries begin and end within baskets, and need no others', async () => {
    const branch = branchOf(numbers('float32', jagged), [0, 2, 3, 5], { depth: 1 });
    const baskets = [written(0, 2), written(2, 3), written(3, 5)];
    for (let from = 0; from < 5; from++) {
      for (let to = from + 1; to <= 5; to++) {
        const column = await decode(branch, baskets, from, to);
        const lists = Array.from({ length: to - from }, (_, i) => [
          ...column.values.slice(column.offsets[0]![i], column.offsets[0]![i + 1]),
        ]);
        expect(lists).toEqual(entries.slice(from, to));
      }
    }
    expect(basketsOf(branch, 2, 3)).toEqual([1, 2]);
    expect(basketsOf(branch, 1, 4)).toEqual([0, 3]);
  });

  it('of fixed arrays are all as long', async () => {
    const bytes = [1, 2, 3, 4, 5, 6].flatMap(float32);
    const branch = branchOf(numbers('float32', { perEntry: 2 }), [0, 3], { depth: 1 });
    const column = await decode(branch, [{ entries: { count: 3, bytes } }], 1, 3);
    expect([...column.offsets[0]!]).toEqual([0, 2, 4]);
    expect([...column.values]).toEqual([3, 4, 5, 6]);
  });

  it('of arrays of arrays have two levels', async () => {
    const flat = [1, 2, 3, 4, 5, 6];
    const fixed = branchOf(numbers('float32', { perEntry: 6, innerLength: 3 }), [0, 1], { depth: 2 });
    const square = await decode(fixed, [{ entries: { count: 1, bytes: flat.flatMap(float32) } }]);
    expect(square.offsets.map((level) => [...level])).toEqual([
      [0, 2],
      [0, 3, 6],
    ]);
    const listed = branchOf(numbers('float32', { ...jagged, innerLength: 2 }), [0, 3], { depth: 2 });
    const column = await decode(listed, [{ entries: [[1, 2, 3, 4].flatMap(float32), [], [5, 6].flatMap(float32)] }]);
    expect(column.offsets.map((level) => [...level])).toEqual([
      [0, 2, 2, 3],
      [0, 2, 4, 6],
    ]);
    expect([...column.values]).toEqual(flat);
  });

  it('of vectors come after a header that says how many', async () => {
    const branch = branchOf(numbers('float32', { ...jagged, header: 10 }), [0, 3], { depth: 1 });
    const header = (count: number) => [0x40, 0, 0, 0, 0, 9, ...int32(count)];
    const vectors = [[...header(2), ...float32(1), ...float32(2)], header(0), [...header(1), ...float32(3)]];
    const column = await decode(branch, [{ entries: vectors }]);
    expect([...column.offsets[0]!]).toEqual([0, 2, 2, 3]);
    expect([...column.values]).toEqual([1, 2, 3]);
    const wrong = [[...header(1), ...float32(1), ...float32(2)], header(0), header(0)];
    await expect(decode(branch, [{ entries: wrong }])).rejects.toThrow("column x: can't be read");
  });

  it('of vectors of vectors have two levels, over baskets', async () => {
    const branch = branchOf({ kind: 'nested', stored: { kind: 'int16' }, header: 6 }, [0, 2, 3], { depth: 2 });
    const entry = (lists: number[][]) => [
      ...[0x40, 0, 0, 0, 0, 9],
      ...int32(lists.length),
      ...lists.flatMap((list) => [...int32(list.length), ...list.flatMap((value) => [value >> 8, value & 255])]),
    ];
    const column = await decode(branch, [
      { entries: [entry([[1, 300], []]), entry([])] },
      { entries: [entry([[], [4], [5, 6]])], packed: true },
    ]);
    expect(column.offsets.map((level) => [...level])).toEqual([
      [0, 2, 2, 5],
      [0, 2, 2, 2, 3, 5],
    ]);
    expect([...column.values]).toEqual([1, 300, 4, 5, 6]);
    const last = await decode(branch, [{ entries: [] }, { entries: [entry([[], [4], [5, 6]])] }], 2, 3);
    expect([...last.values]).toEqual([4, 5, 6]);
  });

  it('of no numbers at all need no table', async () => {
    const branch = branchOf(numbers('float32', jagged), [0, 3], { depth: 1 });
    const column = await decode(branch, [{ entries: { count: 3, bytes: [] } }]);
    expect([...column.offsets[0]!]).toEqual([0, 0, 0, 0]);
  });
});

describe('texts', () => {
  const text = (value: string) => [value.length, ...Buffer.from(value)];

  it('become codes of a dictionary that has each once', async () => {
    const branch = branchOf({ kind: 'text', header: 0, list: false }, [0, 2, 5]);
    const long = 'x'.repeat(300);
    const column = await decode(branch, [
      { entries: [text('mu'), text('')] },
      { entries: [[255, ...int32(300), ...Buffer.from(long)], text('mu'), text('e')] },
    ]);
    expect(column.dictionary).toEqual(['mu', '', long, 'e']);
    expect([...column.values]).toEqual([0, 1, 2, 0, 3]);
  });

  it('may follow one another without a table', async () => {
    const branch = branchOf({ kind: 'text', header: 0, list: false }, [0, 3]);
    const bytes = [...text('ab'), ...text('cd'), ...text('ef')];
    const column = await decode(branch, [{ entries: { count: 3, bytes } }], 1, 3);
    expect(column.dictionary).toEqual(['cd', 'ef']);
  });

  it('may stand in lists', async () => {
    const lists = branchOf({ kind: 'text', header: 6, list: true }, [0, 2], { depth: 1 });
    const header = [0x40, 0, 0, 0, 0, 9];
    const column = await decode(lists, [
      {
        entries: [
          [...header, ...int32(2), ...text('a'), ...text('b')],
          [...header, ...int32(0)],
        ],
      },
    ]);
    expect([...column.offsets[0]!]).toEqual([0, 2, 2]);
    expect(column.dictionary).toEqual(['a', 'b']);
  });
});

it('a leaf that shares its branch is picked out of each entry', async () => {
  const bytes = [1, 2, 3].flatMap((i) => [...float32(i), ...int32(10 * i)]);
  const branch = branchOf(numbers('int32'), [0, 3], { interleaved: { entryBytes: 8, at: 4 } });
  expect([...(await decode(branch, [{ entries: { count: 3, bytes } }], 1, 3)).values]).toEqual([20, 30]);
});

it('the basket in the tree comes after the others', async () => {
  const embedded = { firstEntry: 2, entries: 2, values: Uint8Array.from([3, 4].flatMap(float32)) };
  const flat = branchOf(numbers('float32'), [0, 2], { embedded: { ...embedded, starts: undefined } });
  const basket = { entries: { count: 2, bytes: [1, 2].flatMap(float32) } };
  expect([...(await decode(flat, [basket])).values]).toEqual([1, 2, 3, 4]);
  expect([...(await decode(flat, [basket], 3, 4)).values]).toEqual([4]);
  const lists = branchOf(numbers('float32', jagged), [0], {
    depth: 1,
    embedded: { ...embedded, firstEntry: 0, starts: Uint32Array.of(0, 8, 8) },
  });
  const column = await decode(lists, []);
  expect([...column.offsets[0]!]).toEqual([0, 2, 2]);
  lists.embedded!.starts = Uint32Array.of(0, 8, 12);
  await expect(decode(lists, [])).rejects.toThrow('the basket in the tree: its table of entries does not fit');
});

describe('a damaged basket', () => {
  const branch = branchOf(numbers('float32', jagged), [0, 3], { depth: 1 });
  const whole = writeBasket({ entries: [float32(1), [], float32(2)], packed: true });
  const decodeBytes = (bytes: Uint8Array) => decodeBranch(branch, 0, 3, () => bytes, 'file.root');

  it('is told with its file, column and number', async () => {
    const error = await decodeBytes(whole.subarray(0, 40)).catch((cause) => cause);
    expect(error.message).toBe(
      "file.root, column x: can't be read, its bytes are damaged (basket 0: its key tells lengths that do not fit)",
    );
    expect(error.place).toEqual({ file: 'file.root', column: 'x' });
  });

  it('is told where its key tells other lengths than its bytes have', async () => {
    const plain = writeBasket({ entries: [float32(1), [], float32(2)] });
    for (const last of [KEY_BYTES - 1, plain.length + 1]) {
      const bytes = plain.slice();
      bytes.set(int32(last), KEY_BYTES - 5);
      await expect(decodeBytes(bytes)).rejects.toThrow('basket 0: its key tells lengths that do not fit');
    }
  });

  it('has no texts, and no lists within lists, that are longer than their entries', async () => {
    const texts = branchOf({ kind: 'text', header: 0, list: false }, [0, 1]);
    for (const entry of [[3, 65, 66], [255, ...int32(3), 65, 66], [255, 0, 0], [255, ...int32(-1), 65], []])
      await expect(decode(texts, [{ entries: [entry] }])).rejects.toThrow('a text is cut short');
    const lists = branchOf({ kind: 'text', header: 0, list: true }, [0, 1], { depth: 1 });
    await expect(decode(lists, [{ entries: [[...int32(9), 1, 65]] }])).rejects.toThrow('an entry is cut short');
    const nested = branchOf({ kind: 'nested', stored: { kind: 'int16' }, header: 0 }, [0, 1], { depth: 2 });
    const read = (entry: number[]) => decode(nested, [{ entries: [entry] }]);
    await expect(read([...int32(1), ...int32(2), 0, 1])).rejects.toThrow('a list within an entry is cut short');
    await expect(read([...int32(3), ...int32(0)])).rejects.toThrow('an entry is cut short');
    await expect(read([...int32(1), ...int32(0), 9])).rejects.toThrow('longer than its lists');
  });

  it('has no lists without a table of where they start', async () => {
    await expect(decode(branch, [{ entries: { count: 3, bytes: float32(1) } }])).rejects.toThrow('it has no table');
  });

  it('of items that have no numbers is an error', async () => {
    const empty = branchOf(numbers('float32', { ...jagged, innerLength: 0 }), [0, 3], { depth: 1 });
    await expect(decodeBranch(empty, 0, 3, () => whole, 'file.root')).rejects.toThrow('items of 0 numbers');
  });

  it('of another number of entries is an error', async () => {
    const other = branchOf(numbers('float32', jagged), [0, 4], { depth: 1 });
    await expect(decodeBranch(other, 0, 4, () => whole, 'file.root')).rejects.toThrow('3 entries instead of 4');
  });

  it('whose entries go back, go past the end, or hold half a number is an error', async () => {
    const plain = writeBasket({ entries: [float32(1), [], float32(2)] });
    const places = KEY_BYTES + 8 + 4;
    for (const [entry, place] of [
      [1, KEY_BYTES + 9],
      [2, KEY_BYTES + 3],
      [2, KEY_BYTES - 1],
      [1, KEY_BYTES + 2],
    ] as const) {
      const bytes = plain.slice();
      bytes.set(int32(place), places + 4 * entry);
      await expect(decodeBytes(bytes)).rejects.toThrow('basket 0');
    }
  });

  it('of any one other byte ends in an error or in three entries', async () => {
    for (const packed of [whole, writeBasket({ entries: [float32(1), [], float32(2)] })]) {
      for (let i = 0; i < packed.length; i++) {
        for (const bits of [1, 0x80, 0xff]) {
          const bytes = packed.slice();
          bytes[i]! ^= bits;
          const column = await decodeBytes(bytes).catch((error) => {
            expect(error.tag).toBe('format');
            return undefined;
          });
          if (column) expect(column.offsets[0]![3]).toBe(column.values.length);
        }
      }
    }
  });

  it('does not fit its numbers where there are too few bytes', async () => {
    const flat = branchOf(numbers('float32'), [0, 2]);
    await expect(decode(flat, [{ entries: { count: 2, bytes: [1, 2, 3] } }])).rejects.toThrow(
      '3 bytes are not 2 entries of 4',
    );
  });

  it('that is missing is an error', async () => {
    const gap = branchOf(numbers('float32'), [0, 2]);
    await expect(decode(gap, [{ entries: { count: 2, bytes: [1, 2].flatMap(float32) } }], 0, 5)).rejects.toThrow(
      'entries 2 to 4 are in no basket',
    );
  });
});

it('a basket that the next entries begin with is unpacked once', async () => {
  const branch = branchOf(numbers('float32'), [0, 4, 6]);
  const bytes = [
    writeBasket({ entries: { count: 4, bytes: [1, 2, 3, 4].flatMap(float32) } }),
    writeBasket({ entries: { count: 2, bytes: [5, 6].flatMap(float32) } }),
  ];
  let reads: number[] = [];
  const read = async (from: number, to: number) => {
    const column = await decodeBranch(
      branch,
      from,
      to,
      (basket) => {
        reads.push(basket);
        return bytes[basket]!;
      },
      'file.root',
    );
    return [...column.values];
  };
  expect(await read(0, 2)).toEqual([1, 2]);
  expect(await read(2, 3)).toEqual([3]);
  expect(await read(3, 5)).toEqual([4, 5]);
  expect(await read(5, 6)).toEqual([6]);
  expect(reads).toEqual([0, 1]);
  reads = [];
  // Not what came before, nor of another branch.
  expect(await read(0, 3)).toEqual([1, 2, 3]);
  expect(await read(4, 6)).toEqual([5, 6]);
  expect(reads).toEqual([0, 1]);
});
