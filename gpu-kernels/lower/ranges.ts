import type { Generator } from './generator.ts';
import { bothValid } from './held.ts';
import type { Held } from './slots.ts';

/** Binary search for the last range that does not begin after key and value; `at` is where the table's place and length are. */
export const IN_RANGES = `fn in_ranges(at: u32, key: i32, value: i32) -> bool {
  if (key < 0i || value < 0i) { return false; }
  let base = constants[at];
  let k = u32(key);
  let v = u32(value);
  var low = 0u;
  var high = constants[at + 1u];
  while (low < high) {
    let middle = (low + high) >> 1u;
    let row = base + 3u * middle;
    if (k < constants[row] || (k == constants[row] && v < constants[row + 1u])) { high = middle; } else { low = middle + 1u; }
  }
  if (low == 0u) { return false; }
  let row = base + 3u * (low - 1u);
  return constants[row] == k && v <= constants[row + 2u];
}`;

export function emitInRanges(g: Generator, ranges: Uint32Array, a: Held, b: Held): Held {
  const valid = bothValid(g, a, b);
  const at = g.constants.table(ranges, ranges.length / 3);
  const call = g.fn('in_ranges', `${at}u`, a.slots[0].text, b.slots[0].text);
  return { slots: [{ kind: 'bool', text: g.code.hold(valid ? `${valid} && ${call}` : call) }], valid };
}
