import { type ColumnData, VALUE_ARRAYS, type Values, type ValueType } from '../../../core/schema/column.ts';
import { StringTable } from '../strings.ts';
import type { CellPlaces } from './cells.ts';
import { found, readNumber } from './decimalNumber.ts';
import { cellText } from './rows.ts';
import { asciiOf, boolOf } from './survey.ts';

/** A cell that does not hold what its column should. */
export class WrongCell extends Error {
  readonly row: number;
  readonly text: string;

  constructor(row: number, text: string) {
    super(text);
    this.row = row;
    this.text = text;
  }
}

/** Integers of up to this many characters are exact as doubles. */
const SAFE_LENGTH = 15;

const BOUNDS: Partial<Record<ValueType, [number, number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32_768, 32_767],
  uint16: [0, 65_535],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
};

/** Column `k` of the cells as values: empty cells are missing. @throws WrongCell */
export function decodeCells(type: ValueType, bytes: Uint8Array, cells: CellPlaces, k: number): ColumnData {
  const { rows } = cells;
  const values = new VALUE_ARRAYS[type](rows);
  const strings = type === 'string' ? new StringTable() : undefined;
  const valid = strings ? readStrings(bytes, cells, k, values, strings) : readNumbers(type, bytes, cells, k, values);
  return {
    type,
    length: rows,
    offsets: [],
    values,
    ...(valid && { valid }),
    ...(strings && { dictionary: strings.strings }),
  };
}

function readNumbers(type: ValueType, bytes: Uint8Array, cells: CellPlaces, k: number, values: Values) {
  const { begins, ends, width, rows } = cells;
  const put = writerOf(type, values);
  let valid: Uint8Array | undefined;
  for (let row = 0, at = k; row < rows; row++, at += width) {
    const begin = begins[at]!;
    const end = ends[at]! < 0 ? ~ends[at]! : ends[at]!;
    if (end === begin) {
      valid ??= new Uint8Array(rows).fill(1);
      valid[row] = 0;
    } else if (!put(bytes, begin, end, row)) {
      throw new WrongCell(row, cellText(bytes, begin, ends[at]!));
    }
  }
  return valid;
}

/** Writes one value; false where the bytes are none of the type. */
type Put = (bytes: Uint8Array, begin: number, end: number, row: number) => boolean;

function writerOf(type: ValueType, values: Values): Put {
  if (type === 'float64' || type === 'float32') {
    const out = values as Float64Array | Float32Array;
    return (bytes, begin, end, row) => {
      out[row] = readNumber(bytes, begin, end);
      return found.isNumber;
    };
  }
  if (type === 'bool') return putBool(values as Uint8Array);
  if (type === 'int64' || type === 'uint64') return putWide(values as BigInt64Array | BigUint64Array);
  const [least, most] = BOUNDS[type]!;
  const out = values as Int32Array;
  return (bytes, begin, end, row) => {
    const value = readNumber(bytes, begin, end);
    out[row] = value;
    return found.isInteger && value >= least && value <= most;
  };
}

/** `true` and `false`, and 1 and 0. */
function putBool(out: Uint8Array): Put {
  return (bytes, begin, end, row) => {
    let value = boolOf(bytes, begin, end);
    if (value < 0 && end - begin === 1) value = bytes[begin]! - 48;
    out[row] = value;
    return value === 0 || value === 1;
  };
}

/** 64-bit integers, exactly; short ones by their two words. */
function putWide(out: BigInt64Array | BigUint64Array): Put {
  const wrap = out instanceof BigInt64Array ? BigInt.asIntN : BigInt.asUintN;
  const words = new Int32Array(out.buffer);
  const signed = out instanceof BigInt64Array;
  return (bytes, begin, end, row) => {
    const value = readNumber(bytes, begin, end);
    if (!found.isInteger) return false;
    if (end - begin > SAFE_LENGTH) {
      const exact = BigInt(asciiOf(bytes, begin, end));
      out[row] = exact;
      return wrap(64, exact) === exact;
    }
    words[2 * row] = value % 2 ** 32;
    words[2 * row + 1] = Math.floor(value / 2 ** 32);
    return signed || value >= 0;
  };
}

function readStrings(
  bytes: Uint8Array,
  { begins, ends, width, rows }: CellPlaces,
  k: number,
  values: Values,
  strings: StringTable,
) {
  let valid: Uint8Array | undefined;
  for (let row = 0, at = k; row < rows; row++, at += width) {
    const begin = begins[at]!;
    const end = ends[at]!;
    if (begin === end) {
      valid ??= new Uint8Array(rows).fill(1);
      valid[row] = 0;
    } else {
      values[row] = end < 0 ? quoted(bytes, begin, ~end, strings) : strings.code(bytes, begin, end);
    }
  }
  return valid;
}

function quoted(bytes: Uint8Array, begin: number, end: number, strings: StringTable): number {
  const inner = bytes.subarray(begin, end);
  if (!inner.includes(34)) return strings.code(bytes, begin, end);
  const plain = new TextEncoder().encode(cellText(bytes, begin, ~end));
  return strings.code(plain, 0, plain.length);
}
