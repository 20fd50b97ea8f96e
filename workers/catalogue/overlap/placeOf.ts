/** Of ascending numbers, how many are less than one; or with `through`, not more than it. */
export function placeOf(numbers: BigUint64Array, number: bigint, through = false): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const here = numbers[middle]!;
    if (here < number || (through && here === number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
