/**
 * The analysis document: what a link holds and what every engine runs (DESIGN section 5).
 * This is the parsed form; `schema.ts` checks it, `yaml.ts` reads and edits its text.
 */

/** One data set: files with the same kind of events, kept apart from other data sets in every result. */
export interface Dataset {
  name: string;
  /** URLs, addresses relative to the app (with a slash: `./a.parquet`), or bare names of local files. */
  files: DatasetFile[];
  /** ROOT only; may be left out where there is one tree. */
  tree?: string;
  /** Where the data comes from: shown beside the plots. `bytes`: about how large all files are, for who is asked to load them. */
  source?: { record?: string; doi?: string; licence?: string; note?: string; bytes?: number };
}

/** An address, or a local file asked for by name, size and content hash. */
export type DatasetFile = string | { local: string; size: number; sha256: string };

/** A definition: a name for an expression; later ones see earlier ones. */
export interface Definition {
  name: string;
  expression: string;
}

/** One step of the cutflow. A disabled cut is kept in the document and skipped by the engines. */
export interface Cut {
  name: string;
  expression: string;
  enabled: boolean;
}

/** An axis as the document states it. Exactly one of `bins`+`range`, `edges`, `categories`, `boolean`. */
export interface AxisSpec {
  /** The expression whose value is filled. */
  value: string;
  bins?: number;
  range?: [number, number];
  scale?: 'linear' | 'log' | 'sqrt';
  edges?: number[];
  categories?: (number | string)[];
  boolean?: true;
  label?: string;
  unit?: string;
}

export interface HistogramSpec {
  name: string;
  title?: string;
  axes: AxisSpec[];
  /** Per event or per item; on top of the document's cuts. */
  select?: string;
  /** Multiplies the document's weight. */
  weight?: string;
  /** Default: `weighted` where the document or the histogram has a weight, else `count`. */
  storage?: 'count' | 'weighted';
  /** The collection (an expression) that it is filled per; found from the axes where that is clear. */
  per?: string;
}

export interface AnalysisDocument {
  lumiscope: 1;
  title?: string;
  description?: string;
  datasets: Dataset[];
  define: Definition[];
  select: Cut[];
  /** Per event. */
  weight?: string;
  histograms: HistogramSpec[];
  /** Stand in for columns that a file lacks. */
  defaults: Record<string, number | boolean | string>;
}
