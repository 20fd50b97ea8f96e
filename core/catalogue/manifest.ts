/**
 * The manifest of a catalogue, `manifest.json` in its folder: it names every object, and is the one file that changes. Objects never do: their names
 * hold a piece of their checksum. Who has read a manifest keeps to it: all that they read belongs to one version.
 */

/** A file of a catalogue, relative to its folder. */
export interface CatalogueObject {
  path: string;
  bytes: number;
  /** Of its bytes, in hex. */
  sha256: string;
}

/** What all data types of a dataset have in common: project, run, stream, step and AMI tag. */
export interface DatasetFamily {
  dspid: number;
  project: string;
  /** Of simulation, the dataset number. */
  runNumber: number;
  streamName: string;
  prodStep: string;
  amiTag: string;
}

/**
 * A piece of the event records of one data type of a dataset, sorted by event number, then `seq`. Several parts of one data type may overlap: the same event number
 * may be in any of them.
 */
export interface Part {
  dspid: number;
  dstypeid: number;
  /** The one dataset (`task` × 100 + `sub`) whose records it holds; missing where there may be several. What is ingested replaces the parts of its dataset. */
  tid?: number;
  rows: number;
  /** Smallest and largest event number, in decimal: they go up to 2^64 − 1. */
  first: string;
  last: string;
  /** Event numbers, `seq`, tid and file number: what counts and overlaps stream. Columns: `KEY_COLUMNS`. */
  keys: CatalogueObject;
  /** Whole records in row groups of `RECORDS_OF_GROUP`: what picks read. Columns: `RECORD_COLUMNS`, those of absent families left out. */
  records: CatalogueObject;
  /** Where each row group of `records` lies, and which event numbers it holds. Columns: `INDEX_COLUMNS`. */
  index: CatalogueObject;
}

/** What became of a dataset that is ingested: an older generation never takes the place of a newer one. */
export interface Ingested {
  dspid: number;
  dstypeid: number;
  tid: number;
  /** Of the newest validation that was begun; see `Validation` in core/ingest. */
  generation: number;
  /** Whether the parts of the dataset are those of this generation. */
  isPublished: boolean;
}

/** Tables at the granularity of datasets, each one Parquet object. Columns: `tables.ts`. */
export interface CatalogueTables {
  datasets: CatalogueObject;
  containers: CatalogueObject;
  dstypes: CatalogueObject;
  dsguids: CatalogueObject;
  menus: CatalogueObject;
}

export interface Manifest {
  format: 'lumiscope-catalogue';
  /** Of the format. */
  version: 1;
  /** Counts up with each change. */
  serial: number;
  title: string;
  /** ISO 8601, UTC. */
  changed: string;
  /** Who or what changed it last: told to those whose own change is refused. */
  changedBy?: string;
  /** Set where the records are simulated: it is said wherever they are shown. */
  simulated?: string;
  families: DatasetFamily[];
  parts: Part[];
  /** By dspid, dstypeid and tid; missing where nothing was ingested. */
  ingested?: Ingested[];
  tables: CatalogueTables;
  /** Counts of overlaps that `catalogue check --write` stored: a Parquet object with the columns `OVERLAP_COLUMNS`. */
  overlaps?: CatalogueObject;
}
