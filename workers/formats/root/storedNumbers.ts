/** Which numbers the types of leaves, members and C++ stand for. */
import type { ValueType } from '../../../core/schema/column.ts';
import type { StoredNumber } from './branch.ts';
import type { LeafObject } from './treeObject.ts';

/** What a number is stored as, and the type that it is read into. */
export interface NumberType {
  stored: StoredNumber;
  type: Exclude<ValueType, 'string'>;
}

/** TLeafX: signed and unsigned. */
const LEAVES: Record<string, [signed: NumberType['type'], unsigned: NumberType['type']]> = {
  TLeafO: ['bool', 'bool'],
  TLeafB: ['int8', 'uint8'],
  TLeafS: ['int16', 'uint16'],
  TLeafI: ['int32', 'uint32'],
  TLeafL: ['int64', 'uint64'],
  TLeafG: ['int64', 'uint64'],
  TLeafF: ['float32', 'float32'],
  TLeafD: ['float64', 'float64'],
};

const FLOAT16_CODE = 19;
const DOUBLE32_CODE = 9;

/** Codes of basic types (TVirtualStreamerInfo::EReadWrite). `long` takes eight bytes in files. */
const CODES: Record<number, NumberType['type']> = {
  1: 'int8',
  2: 'int16',
  3: 'int32',
  4: 'int64',
  5: 'float32',
  6: 'int32',
  8: 'float64',
  11: 'uint8',
  12: 'uint16',
  13: 'uint32',
  14: 'uint64',
  16: 'int64',
  17: 'uint64',
  18: 'bool',
};

/** Spaces and `std::` left out. */
const NAMES: Record<string, NumberType['type']> = {
  bool: 'bool',
  Bool_t: 'bool',
  char: 'int8',
  signedchar: 'int8',
  Char_t: 'int8',
  int8_t: 'int8',
  unsignedchar: 'uint8',
  UChar_t: 'uint8',
  uint8_t: 'uint8',
  short: 'int16',
  Short_t: 'int16',
  int16_t: 'int16',
  unsignedshort: 'uint16',
  UShort_t: 'uint16',
  uint16_t: 'uint16',
  int: 'int32',
  Int_t: 'int32',
  int32_t: 'int32',
  unsigned: 'uint32',
  unsignedint: 'uint32',
  UInt_t: 'uint32',
  uint32_t: 'uint32',
  long: 'int64',
  Long_t: 'int64',
  longlong: 'int64',
  Long64_t: 'int64',
  int64_t: 'int64',
  unsignedlong: 'uint64',
  ULong_t: 'uint64',
  unsignedlonglong: 'uint64',
  ULong64_t: 'uint64',
  uint64_t: 'uint64',
  size_t: 'uint64',
  float: 'float32',
  Float_t: 'float32',
  double: 'float64',
  Double_t: 'float64',
};

/** Of a leaf that is no member of a class. Undefined where it is no number. */
export function numberOfLeaf({ _typename, fTitle, fIsUnsigned }: LeafObject): NumberType | undefined {
  if (_typename === 'TLeafF16') return float16(fTitle);
  if (_typename === 'TLeafD32') return double32(fTitle);
  const types = LEAVES[_typename];
  return types && plain(types[fIsUnsigned ? 1 : 0]);
}

/** Of a member of a class by the code of its basic type; `title` may say a range. Undefined where it is no number. */
export function numberOfCode(code: number, title: string): NumberType | undefined {
  if (code === FLOAT16_CODE) return float16(title);
  if (code === DOUBLE32_CODE) return double32(title);
  const type = CODES[code];
  return type && plain(type);
}

/** Of an item of a collection by its name in C++. Undefined where it is no number. */
export function numberOfName(name: string): NumberType | undefined {
  const bare = name.replace(/\s+|\bstd::|\bconst\b/g, '');
  if (bare === 'Double32_t') return double32('');
  if (bare === 'Float16_t') return float16('');
  const type = NAMES[bare];
  return type && plain(type);
}

function plain(type: NumberType['type']): NumberType {
  return { stored: { kind: type }, type };
}

/** Without a range and bits, twelve bits of mantissa. */
function float16(title: string): NumberType {
  const { bits, factor, minimum } = rangeOf(title);
  return {
    stored: { kind: 'float16', bits: factor === 0 && bits === 0 ? 12 : bits, factor, minimum },
    type: 'float32',
  };
}

/** Without a range and bits, a single float. */
function double32(title: string): NumberType {
  return { stored: { kind: 'double32', ...rangeOf(title) }, type: 'float64' };
}

/** `[minimum, maximum, bits]` in a title (TStreamerElement's GetRange): bits may be left out, numbers may be said by π. */
function rangeOf(title: string): { bits: number; factor: number; minimum: number } {
  const none = { bits: 0, factor: 0, minimum: 0 };
  for (const [, inside] of title.matchAll(/\[([^[\]]*)\]/g)) {
    const parts = inside!.split(',').map((part) => part.trim());
    // What stands in brackets before may be the sizes of an array.
    if (parts.length < 2 || parts.length > 3) continue;
    const [minimum, maximum] = [bound(parts[0]!), bound(parts[1]!)];
    let bits = parts[2] === undefined ? 32 : Number(parts[2]);
    if (!(bits >= 2 && bits <= 32)) bits = 32;
    if (minimum < maximum) return { bits, factor: (bits < 32 ? 2 ** bits : 0xffffffff) / (maximum - minimum), minimum };
    return bits < 15 ? { bits, factor: 0, minimum: 0 } : none;
  }
  return none;
}

function bound(text: string): number {
  const number = Number(text);
  if (!Number.isNaN(number)) return number;
  const sign = text.startsWith('-') ? -1 : 1;
  const name = text.replace(/[-+*\s]/g, '').toLowerCase();
  if (name === '2pi' || name === 'twopi') return sign * 2 * Math.PI;
  if (name === 'pi/2') return (sign * Math.PI) / 2;
  if (name === 'pi/4') return (sign * Math.PI) / 4;
  return name.includes('pi') ? sign * Math.PI : 0;
}
