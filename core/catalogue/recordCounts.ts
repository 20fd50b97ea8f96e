/**
 * Counts of event records, of a file, a dataset (tid) or a container, as the EventIndex counts them: `events` are records, `events_uniq` distinct event numbers,
 * `events_dup` those of them that occur more than once.
 */
export interface Counted {
  events: number;
  events_uniq: number;
  events_dup: number;
}

/** Files and how many of them hold a record of a duplicate event: one that occurs more than once in what is counted. */
export interface CountedFiles {
  files: number;
  files_dup: number;
}

/** One dataset of a container. */
export interface TidCounts extends Counted, CountedFiles {
  tid: bigint;
}

/** Files that have records, ascending: an entry each. */
export interface FileCounts {
  /** `file` of the table `dsguids`. */
  file: Int32Array;
  tid: BigInt64Array;
  events: Float64Array;
  events_uniq: Float64Array;
  /** More than once in the file itself. */
  events_dup: Float64Array;
  /** Of its distinct events, those that its dataset has more than once, in this or in other files. */
  dupInTid: Float64Array;
  /** … that its container has more than once. */
  dupInAll: Float64Array;
}

/** All records of one data type of a dataset family: a container. */
export interface RecordCounts extends Counted, CountedFiles {
  dspid: number;
  dstypeid: number;
  /** Ascending. */
  tids: TidCounts[];
  byFile: FileCounts;
}
