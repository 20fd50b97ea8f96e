/**
 * Records counted by file, dataset (tid) and all together: records, distinct event numbers, and those that occur more than once.
 *
 * Of a file, eight numbers of 32 bits: records; distinct events; those that the file has more than once; those that its tid has more than once; those that
 * all have more than once; the last event seen; the last one seen again; one more than the number of its tid, 0 where it is not known yet.
 * Of a tid, eight: itself (64 bits); records; distinct events; those more than once; the last event seen; the last one seen again; nothing.
 * Of all, three: records; distinct events; those more than once.
 */
const ROW: usize = 32;

// @ts-ignore: decorator
@inline
function more(at: usize): void {
  store<u32>(at, load<u32>(at) + 1);
}

/** The row of a record's tid; 0 where its file has another one, or there is no room for more. */
function tidOf(file: usize, tid: i64, tids: usize, most: u32): usize {
  const known = load<u32>(file, 28);
  if (known != 0) {
    const row = tids + <usize>(known - 1) * ROW;
    return load<i64>(row) == tid ? row : 0;
  }
  for (let i: u32 = 0; i < most; i++) {
    const row = tids + <usize>i * ROW;
    // A row without records is free.
    if (load<u32>(row, 8) != 0 && load<i64>(row) != tid) continue;
    store<i64>(row, tid);
    store<u32>(file, i + 1, 28);
    return row;
  }
  return 0;
}

// @ts-ignore: decorator
@inline
function fileOf(fileNumbers: usize, i: usize, files: usize): usize {
  return files + <usize>load<u32>(fileNumbers + (i << 2)) * ROW;
}

/**
 * @param keys event numbers, ascending: all records of each one of them
 * @param serial of the first distinct event: counts up from call to call, from 1
 * @returns the serial behind the last; or −1 − i where record i has a file past `mostFiles`, or one that has another tid
 */
export function countGroups(
  keys: usize, fileNumbers: usize, recordTids: usize, count: usize, serial: u32,
  files: usize, mostFiles: u32, tids: usize, mostTids: u32, all: usize,
): i64 {
  for (let i: usize = 0; i < count; ) {
    const event = load<u64>(keys + (i << 3));
    let end = i;
    do {
      if (load<u32>(fileNumbers + (end << 2)) >= mostFiles) return -1 - <i64>end;
      const file = fileOf(fileNumbers, end, files);
      const tid = tidOf(file, load<i64>(recordTids + (end << 3)), tids, mostTids);
      if (tid == 0) return -1 - <i64>end;
      more(tid + 8);
      if (load<u32>(tid, 20) != serial) {
        store<u32>(tid, serial, 20);
        more(tid + 12);
      } else if (load<u32>(tid, 24) != serial) {
        store<u32>(tid, serial, 24);
        more(tid + 16);
      }
      end++;
    } while (end < count && load<u64>(keys + (end << 3)) == event);
    const isDuplicate = end > i + 1;
    if (isDuplicate) more(all + 8);
    for (; i < end; i++) {
      const file = fileOf(fileNumbers, i, files);
      more(file);
      if (load<u32>(file, 20) != serial) {
        store<u32>(file, serial, 20);
        more(file + 4);
        if (isDuplicate) {
          more(file + 16);
          if (load<u32>(tids + <usize>(load<u32>(file, 28) - 1) * ROW, 24) == serial) more(file + 12);
        }
      } else if (load<u32>(file, 24) != serial) {
        store<u32>(file, serial, 24);
        more(file + 8);
      }
    }
    more(all + 4);
    serial++;
  }
  store<u32>(all, load<u32>(all) + <u32>count);
  return <i64>serial;
}
