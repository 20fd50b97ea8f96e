/**
 * Columns of a record batch, from the bytes of its buffers to values. A decoder asks for the bytes it needs and is
 * resumed with them: so that many columns are read together, and of a long batch a part.
 * @see https://arrow.apache.org/docs/format/Columnar.html#physical-memory-layout
 */
import { type ColumnData, VALUE_ARRAYS, type Values } from '../../../core/schema/column.ts';
import { decimalOfLittleEndian, widenHalves } from '../conversions.ts';
import { Corrupt } from '../errors.ts';
import { StringTable } from '../strings.ts';
import type { Leaf, Place, Step } from './fields.ts';
import type { Batch } from './message.ts';

/** Bytes `[from, to)` of a buffer of the batch, uncompressed. */
export interface Request {
  buffer: number;
  from: number;
  to: number;
}

export type Decoding<T> = Generator<Request[], T, Uint8Array[]>;

/** Slots of an array that belong to the events: those from `begin` to `end`, or of these the ones that are listed. */
interface Slots {
  begin: number;
  end: number;
  count: number;
  listed?: Uint32Array;
}

/** Decodes the events `[from, to)` of a batch. @throws Corrupt */
export function* decodeLeaf(
  batch: Batch,
  leaf: Leaf,
  from: number,
  to: number,
  dictionary?: ColumnData,
): Decoding<ColumnData> {
  let slots: Slots = { begin: from, end: to, count: to - from };
  let valid: Uint8Array | undefined;
  const offsets: Uint32Array[] = [];
  for (const step of leaf.steps) {
    valid = yield* readValidity(batch, step, slots, valid);
    if (step.kind === 'struct') continue;
    const [bounds, items] = yield* readItems(batch, step, slots, valid);
    offsets.push(bounds);
    slots = items;
    valid = undefined;
  }
  valid = yield* readValidity(batch, leaf, slots, valid);
  const read = yield* readValues(batch, leaf, slots, valid);
  const { type } = leaf;
  const common = { type, length: to - from, offsets };
  if (!dictionary) {
    clearMissing(read.values, valid);
    return { ...common, ...read, ...(valid && { valid }) };
  }
  return { ...common, ...lookUp(read.values, valid, dictionary) };
}

/** All buffers that a column needs. */
export function buffersOf(batch: Batch, leaf: Leaf): number[] {
  const found: number[] = [];
  for (const step of leaf.steps) {
    found.push(bufferOf(batch, step, 0));
    if (step.kind === 'list') found.push(bufferOf(batch, step, 1));
  }
  const { layout } = leaf.stored;
  const own = layout === 'bytes' ? 3 : layout === 'views' ? 2 + (batch.variadic[leaf.views] ?? 0) : 2;
  for (let k = 0; k < own; k++) found.push(bufferOf(batch, leaf, k));
  return found;
}

/** Columns of views have data buffers of a number that each batch says. @throws Corrupt where there is none */
function bufferOf({ buffers, variadic }: Batch, { buffer, views }: Place, k: number): number {
  let at = buffer + k;
  for (let view = 0; view < views; view++) at += variadic[view] ?? 0;
  if (at >= buffers.length) throw new Corrupt('a batch has too few buffers');
  return at;
}

/** Which of the slots hold a value: undefined where all do. Those that were missing before stay so. */
function* readValidity(
  batch: Batch,
  place: Place,
  slots: Slots,
  before: Uint8Array | undefined,
): Decoding<Uint8Array | undefined> {
  const node = batch.nodes[place.node];
  if (!node) throw new Corrupt('a batch has too few arrays');
  if (slots.end > node.length) throw new Corrupt(`an array has ${node.length} slots instead of ${slots.end}`);
  if (node.nulls === 0 || slots.count === 0) return before;
  const { begin, end, count, listed } = slots;
  const [bits] = yield [{ buffer: bufferOf(batch, place, 0), from: begin >> 3, to: (end + 7) >> 3 }];
  const valid = new Uint8Array(count);
  const shift = begin - 8 * (begin >> 3);
  let missing = 0;
  for (let i = 0; i < count; i++) {
    const bit = shift + (listed ? listed[i]! - begin : i);
    const there = (bits![bit >> 3]! >> (bit & 7)) & 1 & (before ? before[i]! : 1);
    valid[i] = there;
    missing += 1 - there;
  }
  return missing > 0 ? valid : undefined;
}

/** The offsets of lists, and the slots of their items. A missing list has none, whatever its offsets say. */
function* readItems(
  batch: Batch,
  step: Extract<Step, { kind: 'list' | 'fixed' }>,
  { begin, end, count, listed }: Slots,
  valid: Uint8Array | undefined,
): Decoding<[bounds: Uint32Array, items: Slots]> {
  const bounds = new Uint32Array(count + 1);
  if (count === 0) return [bounds, { begin: 0, end: 0, count: 0 }];
  let at: ArrayLike<number>;
  if (step.kind === 'list') {
    const width = step.wide ? 8 : 4;
    const [bytes] = yield [{ buffer: bufferOf(batch, step, 1), from: begin * width, to: (end + 1) * width }];
    at = step.wide ? wideOffsets(bytes!) : new Int32Array(aligned(bytes!));
  } else {
    at = Float64Array.from({ length: end - begin + 1 }, (_, i) => (begin + i) * step.items);
  }
  let first = -1;
  let next = -1;
  let gaps = false;
  for (let i = 0; i < count; i++) {
    const slot = listed ? listed[i]! - begin : i;
    const [from, to] = [at[slot]!, at[slot + 1]!];
    if (from < 0 || to < from) throw new Corrupt('offsets of lists go back');
    const length = valid?.[i] === 0 ? 0 : to - from;
    if (length > 0) {
      if (first < 0) first = from;
      else if (from !== next) gaps = true;
      next = to;
    }
    bounds[i + 1] = bounds[i]! + length;
  }
  const items = bounds[count]!;
  if (!gaps) return [bounds, { begin: Math.max(0, first), end: Math.max(0, next), count: items }];
  const own = new Uint32Array(items);
  for (let i = 0, to = 0; i < count; i++) {
    const from = at[listed ? listed[i]! - begin : i]!;
    for (let k = 0; k < bounds[i + 1]! - bounds[i]!; k++) own[to++] = from + k;
  }
  return [
    bounds,
    { begin: first, end: own.reduce((most, slot) => Math.max(most, slot), 0) + 1, count: items, listed: own },
  ];
}

function* readValues(
  batch: Batch,
  leaf: Leaf,
  slots: Slots,
  valid: Uint8Array | undefined,
): Decoding<{ values: Values; dictionary?: string[] }> {
  const { stored } = leaf;
  if (stored.layout === 'bytes') return yield* readBytes(batch, leaf, slots, valid, stored.wide);
  if (stored.layout === 'views') return yield* readViews(batch, leaf, slots, valid);
  const { begin, end, count, listed } = slots;
  const type = stored.layout === 'fixed' && stored.index ? stored.index : leaf.type;
  const values = new VALUE_ARRAYS[type](count);
  if (count === 0) return { values };
  const buffer = bufferOf(batch, leaf, 1);
  if (stored.layout === 'bits') {
    const [bits] = yield [{ buffer, from: begin >> 3, to: (end + 7) >> 3 }];
    const shift = begin - 8 * (begin >> 3);
    for (let i = 0; i < count; i++) {
      const bit = shift + (listed ? listed[i]! - begin : i);
      values[i] = (bits![bit >> 3]! >> (bit & 7)) & 1;
    }
    return { values };
  }
  const width = widthOf(leaf);
  const [bytes] = yield [{ buffer, from: begin * width, to: end * width }];
  const packed = listed ? gathered(bytes!, listed, begin, width) : bytes!;
  if (stored.layout === 'half') {
    widenHalves(new Uint8Array(aligned(packed)), values as Float32Array, 0);
  } else if (stored.layout === 'decimal') {
    for (let i = 0; i < count; i++) values[i] = decimalOfLittleEndian(packed, i * width, width, stored.scale);
  } else {
    new Uint8Array(values.buffer).set(packed);
  }
  return { values };
}

function widthOf({ stored, type }: Leaf): number {
  if (stored.layout === 'half') return 2;
  if (stored.layout === 'decimal') return stored.width;
  return VALUE_ARRAYS[stored.layout === 'fixed' && stored.index ? stored.index : type].BYTES_PER_ELEMENT;
}

function* readBytes(
  batch: Batch,
  leaf: Leaf,
  { begin, end, count, listed }: Slots,
  valid: Uint8Array | undefined,
  wide: boolean,
): Decoding<{ values: Values; dictionary: string[] }> {
  const values = new Uint32Array(count);
  const strings = new StringTable();
  if (count === 0) return { values, dictionary: [] };
  const width = wide ? 8 : 4;
  const [bounds] = yield [{ buffer: bufferOf(batch, leaf, 1), from: begin * width, to: (end + 1) * width }];
  const at = wide ? wideOffsets(bounds!) : new Int32Array(aligned(bounds!));
  const first = at[0]!;
  const [bytes] = yield [{ buffer: bufferOf(batch, leaf, 2), from: first, to: at[end - begin]! }];
  for (let i = 0; i < count; i++) {
    if (valid?.[i] === 0) continue;
    const slot = listed ? listed[i]! - begin : i;
    const [from, to] = [at[slot]! - first, at[slot + 1]! - first];
    if (from < 0 || to < from || to > bytes!.length) throw new Corrupt('offsets of texts go back');
    values[i] = strings.code(bytes!, from, to);
  }
  return { values, dictionary: strings.strings };
}

/** Views of 16 bytes: a length, then up to 12 bytes, or a prefix, the number of a data buffer and a place in it. */
function* readViews(
  batch: Batch,
  leaf: Leaf,
  { begin, end, count, listed }: Slots,
  valid: Uint8Array | undefined,
): Decoding<{ values: Values; dictionary: string[] }> {
  const values = new Uint32Array(count);
  const strings = new StringTable();
  if (count === 0) return { values, dictionary: [] };
  const data = Array.from({ length: batch.variadic[leaf.views] ?? 0 }, (_, k) => bufferOf(batch, leaf, 2 + k));
  const [views, ...buffers] = yield [
    { buffer: bufferOf(batch, leaf, 1), from: begin * 16, to: end * 16 },
    ...data.map((buffer) => ({ buffer, from: 0, to: Number.POSITIVE_INFINITY })),
  ];
  const view = new DataView(views!.buffer, views!.byteOffset, views!.length);
  for (let i = 0; i < count; i++) {
    if (valid?.[i] === 0) continue;
    const at = 16 * (listed ? listed[i]! - begin : i);
    const length = view.getInt32(at, true);
    const inline = length <= 12;
    const bytes = inline ? views! : buffers[view.getInt32(at + 8, true)];
    const from = inline ? at + 4 : view.getInt32(at + 12, true);
    if (!bytes || length < 0 || from < 0 || from + length > bytes.length)
      throw new Corrupt('a view of a text is wrong');
    values[i] = strings.code(bytes, from, from + length);
  }
  return { values, dictionary: strings.strings };
}

/** What indices into a dictionary stand for; where the dictionary itself lacks a value, it is missing. */
function lookUp(
  indices: Values,
  there: Uint8Array | undefined,
  { type, values: from, valid: known, dictionary }: ColumnData,
): Pick<ColumnData, 'values' | 'valid' | 'dictionary'> {
  const { length } = indices;
  const values = new VALUE_ARRAYS[type](length);
  let valid = there;
  for (let i = 0; i < length; i++) {
    if (valid?.[i] === 0) continue;
    const index = Number(indices[i]);
    if (index < 0 || index >= from.length) throw new Corrupt('a dictionary index is past the end of its entries');
    if (known?.[index] === 0) {
      valid ??= new Uint8Array(length).fill(1);
      valid[i] = 0;
    } else {
      values[i] = from[index]!;
    }
  }
  return { values, ...(valid && { valid }), ...(dictionary && { dictionary }) };
}

function clearMissing(values: Values, valid: Uint8Array | undefined): void {
  if (!valid) return;
  const zero = values instanceof BigInt64Array || values instanceof BigUint64Array ? 0n : 0;
  for (let i = 0; i < valid.length; i++) if (valid[i] === 0) values[i] = zero;
}

function gathered(bytes: Uint8Array, listed: Uint32Array, begin: number, width: number): Uint8Array {
  const out = new Uint8Array(listed.length * width);
  for (let i = 0; i < listed.length; i++) {
    const from = (listed[i]! - begin) * width;
    for (let k = 0; k < width; k++) out[i * width + k] = bytes[from + k]!;
  }
  return out;
}

function wideOffsets(bytes: Uint8Array): Float64Array {
  const words = new Uint32Array(aligned(bytes));
  return Float64Array.from({ length: words.length / 2 }, (_, i) => words[2 * i]! + words[2 * i + 1]! * 2 ** 32);
}

/** The bytes in a buffer of their own. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer;
}
