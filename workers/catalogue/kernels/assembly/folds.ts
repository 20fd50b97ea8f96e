/** Adds to `histogram[k]`, 32 bits, how many of `count` numbers of 16 bits are k. */
export function histogramOfCounts(counts: usize, count: usize, histogram: usize): void {
  const end = counts + (count << 1);
  for (; counts < end; counts += 2) {
    const place = histogram + (<usize>load<u16>(counts) << 2);
    store<u32>(place, load<u32>(place) + 1);
  }
}
