import type { CatalogueThreads } from '../threads.ts';

/** Where a pass over records is. */
export interface ScanProgress {
  records: number;
  /** Of the whole pass, as the manifest says. */
  recordsTotal: number;
  seconds: number;
  recordsPerSecond: number;
  /** That the threads read since it began. */
  bytes: number;
  requests: number;
  /** At the rate so far. */
  secondsLeft: number;
}

/** Begins a pass. @returns what tells where it is, given how many records were read */
export function watchScan(threads: CatalogueThreads, recordsTotal: number): (records: number) => ScanProgress {
  const begin = performance.now();
  const { bytes, requests } = threads.read;
  return (records) => {
    const seconds = (performance.now() - begin) / 1000;
    const recordsPerSecond = records / Math.max(seconds, 1e-9);
    return {
      records,
      recordsTotal,
      seconds,
      recordsPerSecond,
      bytes: threads.read.bytes - bytes,
      requests: threads.read.requests - requests,
      secondsLeft: records > 0 ? Math.max(0, recordsTotal - records) / recordsPerSecond : Infinity,
    };
  };
}
