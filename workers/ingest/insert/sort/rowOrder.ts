const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
/** Of more records than these of the same event, insertion would take too long. */
const FEW = 24;

/**
 * The order of rows by event number, then `seq`; rows that share both stay as they are.
 * @returns undefined where they are in order already
 */
export function rowOrder(eventno: BigUint64Array, seq: Int16Array): Uint32Array | undefined {
  const words = new Uint32Array(eventno.buffer, eventno.byteOffset, 2 * eventno.length);
  if (isInOrder(words, seq)) return undefined;
  const order = orderByEvent(words, eventno.length);
  orderBySeq(order, words, seq);
  return order;
}

function isInOrder(words: Uint32Array, seq: Int16Array): boolean {
  for (let i = 1; i < seq.length; i++) {
    const high = words[2 * i + 1]! - words[2 * i - 1]!;
    if (high > 0) continue;
    const low = words[2 * i]! - words[2 * i - 2]!;
    if (high < 0 || low < 0 || (low === 0 && seq[i]! < seq[i - 1]!)) return false;
  }
  return true;
}

/** A radix sort from the last digit on, over the digits that differ. */
function orderByEvent(words: Uint32Array, rows: number): Uint32Array<ArrayBuffer> {
  let [orLow, orHigh] = [0, 0];
  for (let i = 0; i < rows; i++) {
    orLow |= words[2 * i]! ^ words[0]!;
    orHigh |= words[2 * i + 1]! ^ words[1]!;
  }
  let order = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) order[i] = i;
  let next = new Uint32Array(rows);
  const starts = new Uint32Array(DIGITS + 1);
  for (const [half, differing] of [
    [0, orLow],
    [1, orHigh],
  ] as const) {
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      if (((differing >>> shift) & (DIGITS - 1)) === 0) continue;
      starts.fill(0);
      for (let i = 0; i < rows; i++) starts[((words[2 * i + half]! >>> shift) & (DIGITS - 1)) + 1]!++;
      for (let digit = 0; digit < DIGITS; digit++) starts[digit + 1]! += starts[digit]!;
      for (let k = 0; k < rows; k++) {
        const row = order[k]!;
        next[starts[(words[2 * row + half]! >>> shift) & (DIGITS - 1)]!++] = row;
      }
      [order, next] = [next, order];
    }
  }
  return order;
}

/** Puts records of the same event in the order of their `seq`. */
function orderBySeq(order: Uint32Array, words: Uint32Array, seq: Int16Array): void {
  for (let from = 0; from < order.length; ) {
    const low = words[2 * order[from]!]!;
    const high = words[2 * order[from]! + 1]!;
    let to = from + 1;
    while (to < order.length && words[2 * order[to]!] === low && words[2 * order[to]! + 1] === high) to++;
    if (to - from > FEW) {
      // Rows of an event ascend before: their number settles what `seq` leaves open.
      order.subarray(from, to).sort((a, b) => seq[a]! - seq[b]! || a - b);
    } else {
      for (let i = from + 1; i < to; i++) {
        const row = order[i]!;
        let at = i;
        for (; at > from && seq[order[at - 1]!]! > seq[row]!; at--) order[at] = order[at - 1]!;
        order[at] = row;
      }
    }
    from = to;
  }
}
