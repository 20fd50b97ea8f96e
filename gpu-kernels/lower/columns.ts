/** How values of a column are read: for each array of the chunk a function `read_K`. */
import type { ColumnShape, ResidentArray } from '../types.ts';
import { PARAMS } from '../types.ts';
import type { Generator } from './generator.ts';
import type { Held, SlotKind } from './slots.ts';

/** A column's value at position `at` (u32) of its values, widened. */
export function load(g: Generator, column: string, at: string): Held {
  const { type, nullable } = g.shape(column);
  const text = g.code.hold(`read_${g.array(column, 'values')}(${at})`);
  const slot = { kind: kindOf(type), text };
  if (!nullable) return { slots: [slot] };
  const valid = g.code.hold(`read_${g.array(column, 'valid')}(${at})`);
  // A missing bool's slot is false.
  if (slot.kind === 'bool') slot.text = g.code.hold(`${text} && ${valid}`);
  return { slots: [slot], valid };
}

function kindOf(type: ColumnShape['type']): SlotKind {
  switch (type) {
    case 'bool':
      return 'bool';
    case 'string':
      return 'word';
    case 'float32':
      return 'single';
    case 'float64':
      return 'num';
    default:
      return 'int';
  }
}

/** Functions that the readers of arrays call. */
const HELPERS = {
  byte_of: 'fn byte_of(base: u32, i: u32) -> u32 { return (columns[base + (i >> 2u)] >> ((i & 3u) * 8u)) & 255u; }',
  half_of: 'fn half_of(base: u32, i: u32) -> u32 { return (columns[base + (i >> 1u)] >> ((i & 1u) * 16u)) & 65535u; }',
  // What is past 31 bits is left to the other engine.
  unsigned: `fn unsigned(word: u32) -> i32 {
  if (word > 0x7fffffffu) { doubt = true; }
  return i32(word & 0x7fffffffu);
}`,
  unsigned_pair: `fn unsigned_pair(low: u32, high: u32) -> i32 {
  if (high != 0u) { doubt = true; }
  return unsigned(low);
}`,
  signed_pair: `fn signed_pair(low: u32, high: u32) -> i32 {
  let value = bitcast<i32>(low);
  if (bitcast<i32>(high) != (value >> 31u)) { doubt = true; }
  return value;
}`,
} as const;
type Helper = keyof typeof HELPERS;

/** Result, body and helpers of a reader; `base` is the array's first word. */
function reader({ part, column }: ResidentArray, shape: ColumnShape): [string, string, Helper[], string?] {
  if (part === 'offsets') return ['u32', 'columns[base + i]', []];
  if (part === 'valid') return ['bool', 'byte_of(base, i) != 0u', ['byte_of']];
  switch (shape.type) {
    case 'bool':
      return ['bool', 'byte_of(base, i) != 0u', ['byte_of']];
    case 'uint8':
      return ['i32', 'i32(byte_of(base, i))', ['byte_of']];
    case 'int8':
      return ['i32', 'extractBits(bitcast<i32>(byte_of(base, i)), 0u, 8u)', ['byte_of']];
    case 'uint16':
      return ['i32', 'i32(half_of(base, i))', ['half_of']];
    case 'int16':
      return ['i32', 'extractBits(bitcast<i32>(half_of(base, i)), 0u, 16u)', ['half_of']];
    case 'int32':
      return ['i32', 'bitcast<i32>(columns[base + i])', []];
    case 'uint32':
      return ['i32', 'unsigned(columns[base + i])', ['unsigned']];
    case 'int64':
      return ['i32', 'signed_pair(columns[base + 2u * i], columns[base + 2u * i + 1u])', ['signed_pair']];
    case 'uint64':
      return [
        'i32',
        'unsigned_pair(columns[base + 2u * i], columns[base + 2u * i + 1u])',
        ['unsigned', 'unsigned_pair'],
      ];
    case 'float32':
      return ['f32', 'raw_f32(columns[base + i])', [], 'raw_f32'];
    case 'float64':
      return ['Num', 'load_f64(columns[base + 2u * i], columns[base + 2u * i + 1u])', [], 'load_f64'];
    case 'string':
      return ['u32', 'columns[base + i]', []];
    default:
      throw new Error(`${column} has a type that is not known`);
  }
}

/** Text of all readers; adds what they call to the generator's functions. */
export function readers(g: Generator): string[] {
  const helpers = new Set<Helper>();
  const texts = g.arrays.map((array, k) => {
    const [result, body, needed, called] = reader(array, g.shape(array.column));
    for (const one of needed) helpers.add(one);
    if (called) g.functions.add(called);
    return `// ${array.part} of ${array.column.replace(/[^\w .-]/g, '?')}
fn read_${k}(i: u32) -> ${result} {
  let base = param(${PARAMS.BASES + k}u);
  return ${body};
}`;
  });
  const used = (Object.keys(HELPERS) as Helper[]).filter((name) => helpers.has(name));
  return [...used.map((name) => HELPERS[name]), ...texts];
}
