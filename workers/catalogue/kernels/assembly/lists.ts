/** Lists of bit numbers, one an event, as rows of events, one a bit. */

/**
 * Sets the bits of events from `base` on.
 * @param offsets of each event's list in `values`, and the end of the last: 32 bits; the first need not be 0
 * @param values bit numbers, 16 bits, from the first list on
 * @param rowOf the row of each bit number, 32 bits; less than 0 where it has none
 */
export function placeLists(offsets: usize, events: usize, values: usize, rowOf: usize, base: u32, rows: usize, stride: usize): void {
  const begin = load<u32>(offsets);
  for (let i: usize = 0; i < events; i++) {
    const event = base + <u32>i;
    const word = rows + (<usize>(event >> 5) << 2);
    const bit = (<u32>1) << (event & 31);
    const from = <usize>(load<u32>(offsets + (i << 2)) - begin);
    const to = <usize>(load<u32>(offsets + (i << 2), 4) - begin);
    for (let k = from; k < to; k++) {
      const row = load<i32>(rowOf + (<usize>load<u16>(values + (k << 1)) << 2));
      if (row < 0) continue;
      const at = word + <usize>row * stride;
      store<u32>(at, load<u32>(at) | bit);
    }
  }
}
