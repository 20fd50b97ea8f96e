/** Columns of a catalogue's Parquet objects. */
import type { ColumnData, ColumnInfo } from '../schema/column.ts';

/** A column of an object. */
export type Column = ColumnInfo & {
  /** How integers are stored: differences of sorted or slowly changing numbers are small. Default: plain or by dictionary, whichever is smaller. */
  encoding?: 'DELTA_BINARY_PACKED';
};

function flat(name: string, type: ColumnInfo['type'], more: Partial<Column> = {}): Column {
  return { name, type, depth: 0, nullable: false, ...more };
}
const optional = (name: string, type: ColumnInfo['type'], more: Partial<Column> = {}) =>
  flat(name, type, { nullable: true, ...more });
const list = (name: string, type: ColumnInfo['type'], more: Partial<Column> = {}) =>
  flat(name, type, { depth: 1, ...more });

/** Records of a row group of `records`, at most: one event is picked by reading one of them. */
export const RECORDS_OF_GROUP = 1024;
/** Bytes of one, at most: where records are long it has a half of the records, a quarter, and so on down to `LEAST_OF_GROUP`. */
export const BYTES_OF_GROUP = 120_000;
export const LEAST_OF_GROUP = 64;
/** Records of a part, at most. */
export const RECORDS_OF_PART = 262_144;
/** Row groups of a part, at most: its index is read whole. */
export const GROUPS_OF_PART = 512;
/** Rows of a row group of `keys`. */
export const KEYS_OF_GROUP = 65_536;

const DELTA = { encoding: 'DELTA_BINARY_PACKED' } as const;

/** What tells events of a dataset and data type apart, and the file that each one is in. Run, project and so on: by the part's `dspid`. */
export const KEY_COLUMNS: readonly Column[] = [
  flat('eventno', 'uint64', DELTA),
  /** CRC-16 of the self reference, see `seqOf`: tells records apart that share an event number. */
  flat('seq', 'int16', DELTA),
  /** `task` × 100 + `sub` of the dataset's name. */
  flat('tid', 'int64'),
  /** `file` of the table `dsguids`. */
  flat('file', 'int32'),
];

/** The column families of an event record. */
export type Family = 'location' | 'provenance' | 'l1' | 'hlt';

/**
 * A whole event record. Fired bits are lists of ascending bit numbers. GUIDs are the two halves of 16 bytes, the first ones in `_hi`. A record without some family
 * has its values missing (single ones) or empty (lists).
 */
export const RECORD_COLUMNS: readonly (Column & { family: Family })[] = [
  ...KEY_COLUMNS.map((column) => ({ ...column, family: 'location' as const })),
  ...[
    flat('guid_hi', 'uint64'),
    flat('guid_lo', 'uint64'),
    flat('oid1', 'uint64'),
    flat('oid2', 'uint64', DELTA),
    optional('mc_channel', 'int32'),
    optional('mc_weight', 'float64'),
  ].map((column) => ({ ...column, family: 'location' as const })),
  ...[
    /** Data types that the event came from, the nearest first, up to RAW. */
    list('prov_dstypeid', 'int16'),
    list('prov_guid_hi', 'uint64'),
    list('prov_guid_lo', 'uint64'),
    list('prov_oid1', 'uint64'),
    list('prov_oid2', 'uint64'),
  ].map((column) => ({ ...column, family: 'provenance' as const })),
  ...[
    optional('lb', 'uint32'),
    optional('bcid', 'uint16'),
    optional('l1psk', 'int32'),
    /** Nanoseconds since 1970-01-01 UTC. */
    optional('time', 'int64'),
    optional('l1id', 'uint32'),
    list('tbp', 'uint16'),
    list('tap', 'uint16'),
    list('tav', 'uint16'),
  ].map((column) => ({ ...column, family: 'l1' as const })),
  ...[
    optional('hpsk', 'int32'),
    list('ph', 'uint16'),
    list('pt', 'uint16'),
    list('rs', 'uint16'),
    /** Run 1: level-2 bits, where `ph`, `pt` and `rs` are those of the event filter. */
    list('lph', 'uint16'),
    list('lpt', 'uint16'),
    list('lrs', 'uint16'),
  ].map((column) => ({ ...column, family: 'hlt' as const })),
];

/** Records, by the names of `RECORD_COLUMNS`; columns of families that are not there are left out. */
export interface RecordBatch {
  rows: number;
  columns: ReadonlyMap<string, ColumnData>;
}

/**
 * A row for each row group of `records`. The object's metadata say the names of its columns (`columns`, separated by commas) and how their pages are compressed
 * (`codec`).
 */
export const INDEX_COLUMNS: readonly Column[] = [
  flat('first', 'uint64', DELTA),
  flat('last', 'uint64', DELTA),
  flat('rows', 'int32'),
  /** Where the row group begins in `records`. */
  flat('offset', 'int64', DELTA),
  /** Bytes of each column in it: they follow one another. */
  list('bytes', 'int32', DELTA),
  /** Entries of each column (values, missing ones, empty lists). */
  list('entries', 'int32'),
  /** Smallest and largest luminosity block; missing where no record has one. Events are numbered as they come, so that few row groups hold a block. */
  optional('lb_first', 'uint32', DELTA),
  optional('lb_last', 'uint32', DELTA),
];

/** Of a dataset (`DATASET_COLUMNS`), data type of all of its tids (`CONTAINER_COLUMNS`): what was counted; missing until it was. */
export interface Counts {
  files?: number;
  events?: number;
  events_uniq?: number;
  /** Distinct event numbers that occur more than once. */
  events_dup?: number;
  /** Files with a record of an event that occurs more than once. */
  files_dup?: number;
}

/** A row of `datasets`. */
export interface DatasetRow extends Counts {
  dspid: number;
  dstypeid: number;
  tid: number;
  project: string;
  run_number: number;
  stream_name: string;
  prod_step: string;
  data_type: string;
  ami_tag: string;
  smk?: number;
  events_rucio: number;
  files_rucio: number;
  bytes: number;
  state: State;
  state_details: string;
  state_time: number;
  inserted: number;
  source_path: string;
  is_open: boolean;
  has_raw: boolean;
  has_trigger: boolean;
  prov_seen: boolean;
}

/** A row of `containers`. */
export interface ContainerRow extends Counts {
  dspid: number;
  dstypeid: number;
  name: string;
  datasets: number;
  events_rucio: number;
  files_rucio: number;
  bytes: number;
}

/** A row of `dstypes`. */
export interface DstypeRow {
  dstypeid: number;
  format: string;
  group: string;
}

/** A row of `dsguids`: a declared file. */
export interface FileRow {
  dspid: number;
  dstypeid: number;
  file: number;
  tid: number;
  guid_hi: bigint;
  guid_lo: bigint;
  events_rucio: number;
  bytes: number;
}

/** A row of `menus`. */
export interface MenuRow {
  smk: number;
  level: number;
  bit: number;
  chain: string;
  seed: string;
}

/** A row of `overlaps`. */
export interface OverlapRow {
  dspid: number;
  dstypeid1: number;
  dstypeid2: number;
  events_stream1_only: number;
  events_stream2_only: number;
  events_bothstreams: number;
  ratio: number;
}

/** At the granularity of tids. Times: ms since 1970-01-01 UTC. */
export const DATASET_COLUMNS: readonly Column[] = [
  flat('dspid', 'int32'),
  flat('dstypeid', 'int16'),
  flat('tid', 'int64'),
  flat('project', 'string'),
  flat('run_number', 'uint32'),
  flat('stream_name', 'string'),
  flat('prod_step', 'string'),
  flat('data_type', 'string'),
  flat('ami_tag', 'string'),
  /** Trigger configuration: `smk` of the menus; missing for simulation without triggers. */
  optional('smk', 'int32'),
  /** Events and files that the data management system declares. */
  flat('events_rucio', 'int64'),
  flat('files_rucio', 'int64'),
  /** Of the declared files. */
  flat('bytes', 'int64'),
  /** Counted: missing until `catalogue check --write` has. */
  optional('files', 'int64'),
  optional('events', 'int64'),
  optional('events_uniq', 'int64'),
  optional('events_dup', 'int64'),
  optional('files_dup', 'int64'),
  /** `STATES`. */
  flat('state', 'string'),
  flat('state_details', 'string'),
  flat('state_time', 'int64'),
  flat('inserted', 'int64'),
  flat('source_path', 'string'),
  /** Whether files may still be added to it. */
  flat('is_open', 'bool'),
  flat('has_raw', 'bool'),
  flat('has_trigger', 'bool'),
  flat('prov_seen', 'bool'),
];

/** What a dataset is in. */
export const STATES = ['registered', 'importing', 'imported', 'validated', 'failed', 'obsolete'] as const;
export type State = (typeof STATES)[number];

/** Sums over the tids of a container; counts of distinct events are those of the container, not sums. */
export const CONTAINER_COLUMNS: readonly Column[] = [
  flat('dspid', 'int32'),
  flat('dstypeid', 'int16'),
  flat('name', 'string'),
  flat('datasets', 'int32'),
  flat('events_rucio', 'int64'),
  flat('files_rucio', 'int64'),
  flat('bytes', 'int64'),
  optional('files', 'int64'),
  optional('events', 'int64'),
  optional('events_uniq', 'int64'),
  optional('events_dup', 'int64'),
  optional('files_dup', 'int64'),
];

export const DSTYPE_COLUMNS: readonly Column[] = [
  flat('dstypeid', 'int16'),
  flat('format', 'string'),
  flat('group', 'string'),
];

/** The declared files: sorted by dspid, dstypeid, file. */
export const DSGUID_COLUMNS: readonly Column[] = [
  flat('dspid', 'int32'),
  flat('dstypeid', 'int16'),
  /** Counts from 0 within a dspid and dstypeid. */
  flat('file', 'int32'),
  flat('tid', 'int64'),
  flat('guid_hi', 'uint64'),
  flat('guid_lo', 'uint64'),
  flat('events_rucio', 'int64'),
  flat('bytes', 'int64'),
];

/** Trigger menus: which chain a bit stands for, under each super master key. */
export const MENU_COLUMNS: readonly Column[] = [
  flat('smk', 'int32'),
  /** 1 for level 1, 2 for the high-level trigger (of Run 1: the event filter), 3 for level 2 of Run 1. */
  flat('level', 'int8'),
  flat('bit', 'int32'),
  flat('chain', 'string'),
  /** Of the chains of level 1 that seed a chain of the high-level trigger; empty for level 1. */
  flat('seed', 'string'),
];

/** Counts of pairs of streams that were stored; see `OverlapCounts`. */
export const OVERLAP_COLUMNS: readonly Column[] = [
  flat('dspid', 'int32'),
  flat('dstypeid1', 'int16'),
  flat('dstypeid2', 'int16'),
  flat('events_stream1_only', 'int64'),
  flat('events_stream2_only', 'int64'),
  flat('events_bothstreams', 'int64'),
  flat('ratio', 'float64'),
];
