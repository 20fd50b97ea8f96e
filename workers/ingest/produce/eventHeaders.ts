import type { RecordBatch } from '../../../core/catalogue/tables.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import { type ColumnData, VALUE_ARRAYS, type ValueType } from '../../../core/schema/column.ts';
import type { EventFile } from '../../formats/eventFile.ts';
import { nameOf } from '../../schedule/files.ts';
import { BitLists } from './bitLists.ts';
import type { HeaderColumns } from './headerColumns.ts';

/** Columns of booleans that are read at once. */
const COLUMNS_AT_ONCE = 128;

/** Chains by their bits, both in the order of their names. */
export interface Chains {
  l1: string[];
  hlt: string[];
}

/** The event headers of some consecutive events of a file, as records. */
export interface HeaderBatch extends RecordBatch {
  /** Of each event. */
  runs: Uint32Array;
}

/**
 * Reads the event headers of a file, chunk by chunk, in the file's order. `oid1` is 0, `oid2` the entry number. A chain's bit is set in `ph` where the high-level trigger's is true, in
 * `tav` where that of level 1 is: NanoAOD has the decision after all.
 * @param chains of all files of the object
 * @throws LumiscopeError `format` for numbers that can't be, `source`, `cancelled`
 */
export async function* eventHeaders(
  file: EventFile,
  names: HeaderColumns,
  chains: Chains,
  signal?: AbortSignal,
): AsyncGenerator<HeaderBatch> {
  const { chunks } = file.summary;
  for (let chunk = 0; chunk < chunks.length; chunk++) {
    const { begin, end } = chunks[chunk]!;
    if (end > begin) yield await readChunk(file, chunk, names, chains, signal);
  }
}

async function readChunk(
  file: EventFile,
  chunk: number,
  names: HeaderColumns,
  chains: Chains,
  signal?: AbortSignal,
): Promise<HeaderBatch> {
  const { chunks, file: pinned, rowWise } = file.summary;
  const { begin, end } = chunks[chunk]!;
  const rows = end - begin;
  const { run, event, block, bunch, channel, weight } = names;
  const bits = {
    l1: new BitLists(rows, chains.l1.length),
    hlt: new BitLists(rows, chains.hlt.length),
  };
  const flags = (['l1', 'hlt'] as const).flatMap((level) =>
    chains[level].flatMap((chain, bit) => {
      const column = names.chains[level].get(chain);
      return column === undefined ? [] : [{ column, set: (data: ColumnData) => bits[level].set(bit, data) }];
    }),
  );
  const single = [run, event, block, bunch, channel, weight].filter((name) => name !== undefined);
  // Where columns share their bytes, all are read in one go.
  const step = rowWise ? flags.length : COLUMNS_AT_ONCE;
  const first = flags.slice(0, step);
  const read = await file.readChunk(chunk, [...single, ...first.map(({ column }) => column)], signal);
  const found = new Map(single.map((name, k) => [name, read[k]!]));
  first.forEach(({ set }, k) => {
    set(read[single.length + k]!);
  });
  for (let from = step; from < flags.length; from += step) {
    const some = flags.slice(from, from + step);
    const columns = await file.readChunk(
      chunk,
      some.map(({ column }) => column),
      signal,
    );
    some.forEach(({ set }, k) => {
      set(columns[k]!);
    });
  }
  const integers = <T extends 'uint16' | 'uint32' | 'int32' | 'uint64'>(name: string, type: T) =>
    asIntegers(found.get(name)!, type, `${nameOf(pinned.address)}, column ${name}`, begin);
  const oid2 = new BigUint64Array(rows);
  for (let i = 0; i < rows; i++) oid2[i] = BigInt(begin + i);
  const columns = new Map<string, ColumnData>([
    ['eventno', complete(integers(event, 'uint64'), pinned.address, event, begin)],
    ['oid1', flat('uint64', new BigUint64Array(rows))],
    ['oid2', flat('uint64', oid2)],
  ]);
  if (channel !== undefined) columns.set('mc_channel', integers(channel, 'int32'));
  if (weight !== undefined) columns.set('mc_weight', firstValues(found.get(weight)!));
  if (block !== undefined) columns.set('lb', integers(block, 'uint32'));
  if (bunch !== undefined) columns.set('bcid', bunches(found.get(bunch)!));
  if (chains.l1.length > 0) columns.set('tav', bits.l1.finish());
  if (chains.hlt.length > 0) columns.set('ph', bits.hlt.finish());
  const runs = complete(integers(run, 'uint32'), pinned.address, run, begin).values as Uint32Array;
  return { rows, runs, columns };
}

function flat(type: ValueType, values: ColumnData['values']): ColumnData {
  return { type, length: values.length, offsets: [], values };
}

/** Integers of any type as those of another. @throws LumiscopeError `format` where one does not fit */
function asIntegers(
  column: ColumnData,
  type: 'uint16' | 'uint32' | 'int32' | 'uint64',
  where: string,
  first: number,
): ColumnData {
  if (column.type === type) return column;
  const { length, values, valid } = column;
  const isLong = values.BYTES_PER_ELEMENT === 8;
  if (type === 'uint64' && isLong) {
    const words = new Int32Array(values.buffer, values.byteOffset, 2 * length);
    for (let i = 0; i < length; i++) if (words[2 * i + 1]! < 0) throw unfit(where, first + i, values[i]!);
    return { ...column, type, values: new BigUint64Array(values.buffer, values.byteOffset, length) };
  }
  const converted = new VALUE_ARRAYS[type](length);
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    converted[i] = (type === 'uint64' ? BigInt(value) : Number(value)) as never;
    // What does not fit wraps, or loses digits.
    if (Number(converted[i]) !== Number(value)) throw unfit(where, first + i, value);
  }
  return { ...flat(type, converted), ...(valid && { valid }) };
}

/** Simulation has −1 where there is no bunch, also as an unsigned number. */
function bunches({ length, values, valid }: ColumnData): ColumnData {
  const bcid = new Uint16Array(length);
  const there = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const value = Number(values[i]);
    there[i] = Number(valid?.[i] !== 0 && value >= 0 && value <= 0xffff);
    if (there[i]) bcid[i] = value;
  }
  return { ...flat('uint16', bcid), ...(there.includes(0) && { valid: there }) };
}

function unfit(where: string, entry: number, value: number | bigint): LumiscopeError {
  return new LumiscopeError('format', `${where}: entry ${entry} has ${value}, which can't be`, {
    hint: 'another column may be meant',
  });
}

/** @param first entry of the column in its file @throws LumiscopeError `format` where a value is missing */
function complete(column: ColumnData, address: Parameters<typeof nameOf>[0], name: string, first: number): ColumnData {
  const { valid, ...rest } = column;
  if (valid?.includes(0))
    throw new LumiscopeError(
      'format',
      `${nameOf(address)}, column ${name}: entry ${first + valid.indexOf(0)} has no value`,
    );
  return rest;
}

/** The value of each event, or the first one of its list. */
function firstValues({ values, offsets: [offsets], length, valid }: ColumnData): ColumnData {
  const first = new Float64Array(length);
  const there = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const at = offsets ? offsets[i]! : i;
    there[i] = Number((!offsets || offsets[i + 1]! > at) && valid?.[at] !== 0);
    if (there[i]) first[i] = Number(values[at]);
  }
  return { ...flat('float64', first), ...(there.includes(0) && { valid: there }) };
}
