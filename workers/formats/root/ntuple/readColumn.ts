import {
  type ColumnData,
  VALUE_ARRAYS,
  VALUE_BYTES,
  type Values,
  type ValueType,
} from '../../../../core/schema/column.ts';
import { Corrupt } from '../../errors.ts';
import { StringTable } from '../../strings.ts';
import type { Leaf, Level, NTupleColumn, Stored } from './columns.ts';

/** Elements `[from, to)` of a column that some reading needs, counted within the cluster. */
export interface Want {
  stored: Stored;
  from: number;
  to: number;
  /** Of columns outside of all lists: elements in each event. */
  perEvent?: number;
  /** Where lists end, the bytes of texts, or values of a type. */
  as: 'ends' | 'bytes' | Exclude<ValueType, 'string'>;
}

/** Lists as offsets from the first one's beginning, which is item `base` of the cluster. */
export interface Ends {
  offsets: Uint32Array;
  base: number;
}

export type Answer = Ends | Values;

type Steps<T> = Generator<Want, T, Answer>;

/** A column without its events: what lies within one level. */
type Part = Pick<ColumnData, 'offsets' | 'values' | 'valid' | 'dictionary'>;

/** More in one chunk can only be damage. */
const MOST_VALUES = 2 ** 28;

/** Reads a column's events `[from, to)` of a cluster; asks for elements, level by level. @throws Corrupt */
export function* readColumn({ info, levels, leaf }: NTupleColumn, from: number, to: number): Steps<ColumnData> {
  const part = yield* readLevels(levels, leaf, info.type, from, to, 1);
  return { type: info.type, length: to - from, ...part };
}

function* readLevels(
  [level, ...inner]: readonly Level[],
  leaf: Leaf,
  type: ValueType,
  from: number,
  to: number,
  perEvent: number | undefined,
): Steps<Part> {
  if (!level) return yield* readLeaf(leaf, type, from, to, perEvent);
  if (level.kind === 'array') {
    const { size } = level;
    if (to * size > Number.MAX_SAFE_INTEGER || (to - from) * size > MOST_VALUES)
      throw new Corrupt(`arrays of ${size} values in ${to - from} places`);
    const part = yield* readLevels(inner, leaf, type, from * size, to * size, perEvent && perEvent * size);
    const offsets = new Uint32Array(to - from + 1);
    for (let i = 1; i < offsets.length; i++) offsets[i] = i * size;
    return { ...part, offsets: [offsets, ...part.offsets] };
  }
  const { offsets, base } = yield* askEnds(level.ends, from, to, perEvent);
  const items = offsets.at(-1)!;
  if (items > MOST_VALUES) throw new Corrupt(`${items} items in ${to - from} lists`);
  const part = yield* readLevels(inner, leaf, type, base, base + items, undefined);
  if (level.kind === 'list') return { ...part, offsets: [offsets, ...part.offsets] };
  for (let i = 0; i < to - from; i++)
    if (offsets[i + 1]! - offsets[i]! > 1) throw new Corrupt('an optional value is there more than once');
  return items === to - from ? part : spread(part, offsets);
}

function* readLeaf(leaf: Leaf, type: ValueType, from: number, to: number, perEvent: number | undefined): Steps<Part> {
  if (leaf.kind === 'values') {
    const as = type as Exclude<ValueType, 'string'>;
    const values = (yield { stored: leaf.values, from, to, perEvent, as }) as Values;
    return { offsets: [], values };
  }
  const { offsets, base } = yield* askEnds(leaf.ends, from, to, perEvent);
  if (leaf.kind === 'count') {
    const values = new VALUE_ARRAYS[type](to - from);
    if (values instanceof BigUint64Array)
      for (let i = 0; i < values.length; i++) values[i] = BigInt(offsets[i + 1]! - offsets[i]!);
    else for (let i = 0; i < values.length; i++) values[i] = offsets[i + 1]! - offsets[i]!;
    return { offsets: [], values };
  }
  const characters = offsets.at(-1)!;
  if (characters > MOST_VALUES) throw new Corrupt(`${characters} characters in ${to - from} texts`);
  const bytes = (yield { stored: leaf.characters, from: base, to: base + characters, as: 'bytes' }) as Uint8Array;
  const table = new StringTable();
  const codes = new Uint32Array(to - from);
  for (let i = 0; i < codes.length; i++) codes[i] = table.code(bytes, offsets[i]!, offsets[i + 1]!);
  return { offsets: [], values: codes, dictionary: table.strings };
}

function* askEnds(stored: Stored, from: number, to: number, perEvent: number | undefined): Steps<Ends> {
  return (yield { stored, from, to, perEvent, as: 'ends' }) as Ends;
}

/** Puts values that are there to their places among missing ones; a missing list is empty. */
function spread({ offsets: [outer, ...deeper], values, valid, dictionary }: Part, places: Uint32Array): Part {
  const length = places.length - 1;
  const kept = dictionary && { dictionary };
  if (outer) return { offsets: [places.map((at) => outer[at]!), ...deeper], values, ...(valid && { valid }), ...kept };
  const all = new (values.constructor as Uint8ArrayConstructor)(length);
  const there = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const at = places[i]!;
    if (at === places[i + 1]!) continue;
    all[i] = (values as Uint8Array)[at]!;
    there[i] = valid ? valid[at]! : 1;
  }
  return { offsets: [], values: all, valid: there, ...kept };
}

/**
 * Values of one type as another, as the field's C++ type asks for.
 * @throws Corrupt where one does not fit
 */
export function convert(values: Values, from: ValueType, to: ValueType): Values {
  if (from === to) return values;
  if (to === 'float64' && from === 'float32') return new Float64Array(values as Float32Array);
  if (to === 'float32' && from === 'float64') return new Float32Array(values as Float64Array);
  const out = new VALUE_ARRAYS[to](values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (to === 'bool') out[i] = Number(value) === 0 ? 0 : 1;
    else if (out instanceof BigInt64Array || out instanceof BigUint64Array) out[i] = BigInt(value);
    else out[i] = Number(value);
    const rounds = to === 'float32' || to === 'float64' || to === 'bool';
    if (!rounds && BigInt(out[i]!) !== BigInt(value))
      throw new Corrupt(`${value} does not fit into ${8 * VALUE_BYTES[to]} bits`);
  }
  return out;
}
