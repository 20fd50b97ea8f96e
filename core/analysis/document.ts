/**
 * The analysis document: what a link holds and what every engine runs (DESIGN section 5).
 * This is the parsed form; `schema.ts` checks it, `yaml.ts` reads and edits its text.
 */

/** One data set: files with the same kind of events, kept apart from other data sets in every result. */
export interface Dataset {
  name: string;
  /**
   * URLs, addresses relative to the app (with a slash: `./a.parquet`), `s3://bucket/key` (with `*`: all that match), `davs://` and
   * `root://` addresses, or bare names of local files.
   */
  files: DatasetFile[];
  /** ROOT only; may be left out where there is one tree. */
  tree?: string;
  /** Where the `s3://` addresses lie; default: AWS. */
  s3?: S3Store;
  /** Where the data comes from: shown beside the plots. `bytes`: about how large all files are, for who is asked to load them. */
  source?: { record?: string; doi?: string; licence?: string; note?: string; bytes?: number };
  /** The document's `lumis` don't apply to it: simulated events have no certified runs. */
  lumis?: false;
}

/** An S3 store. No keys: a document is handed on. */
export interface S3Store {
  /** `https://s3.example.org`. */
  endpoint?: string;
  region?: string;
  /** Whether the bucket is named in the path, or before the host; default: `path` at an endpoint, `host` at AWS. */
  style?: 'path' | 'host';
}

/** An address, a local file, or one file that lies at several addresses. */
export type DatasetFile = string | LocalEntry | Replicas;

/** A local file, asked for by name, size and content hash. */
export interface LocalEntry {
  local: string;
  size: number;
  sha256: string;
}

/** Addresses of the same bytes: the first that can be read is, and the next one where it fails. */
export interface Replicas {
  replicas: string[];
}

/** The addresses that an entry names. */
export function addressesIn(file: DatasetFile): string[] {
  if (typeof file === 'string') return [file];
  return 'replicas' in file ? file.replicas : [];
}

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

/** The shape of a peak: a Gaussian, or one with a power-law tail towards low values (Crystal Ball). */
export type PeakShape = 'gaussian' | 'crystal-ball';

/** A function fitted to a histogram of one axis: a peak, a polynomial, or their sum. */
export interface FitSpec {
  peak?: PeakShape;
  /** Degree of the polynomial under the peak, 0 to 5. */
  background?: number;
  /** Bins whose centres lie in it are fitted; default: all. */
  range?: [number, number];
}

/** How a plot is drawn at first; a link may say otherwise. None of it changes a number of the histogram. */
export interface ViewSpec {
  /** A logarithmic y axis; logarithmic colours of a heat map. */
  log?: boolean;
  /** Underflow and overflow are drawn. */
  flow?: boolean;
  /** Data sets, and histograms that are laid over this one, one on top of the other. */
  stack?: boolean;
  /** Every curve scaled to an integral of 1. */
  normalise?: boolean;
  /** A panel below with each curve divided by the first; `efficiency`: each is a part of the first, binomial errors. */
  ratio?: 'ratio' | 'efficiency';
  /** Names of histograms with the same axis that are drawn over this one. */
  overlay?: string[];
  /** So many bins are drawn as one. */
  rebin?: number;
  /** The part of the x axis that is drawn. */
  range?: [number, number];
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
  storage?: 'count' | 'weighted' | 'mean';
  /** `mean` only: the expression whose mean and spread each bin holds. */
  sample?: string;
  /** The collection (an expression) that it is filled per; found from the axes where that is clear. */
  per?: string;
  fits?: FitSpec[];
  view?: ViewSpec;
}

/** Luminosity blocks of one run that count: first and last, inclusive. */
export interface CertifiedRun {
  run: number;
  blocks: [number, number][];
}

/** A definition that is one number, for people to move: `name` is the definition's. */
export interface Slider {
  name: string;
  range: [number, number];
  step?: number;
  label?: string;
  unit?: string;
}

/** What a published plot says in its corner: `CMS Open Data`, `Simulation`, `L = 11.6 fb⁻¹`, `8 TeV`. */
export interface Publication {
  experiment?: string;
  status?: string;
  luminosity?: string;
  energy?: string;
}

export interface AnalysisDocument {
  lumiscope: 1;
  title?: string;
  description?: string;
  /** Address of a Markdown page that explains the analysis; relative ones start at the app. */
  explanation?: string;
  publication?: Publication;
  datasets: Dataset[];
  /** Only events of these runs and luminosity blocks count: the first cut. */
  lumis?: CertifiedRun[];
  define: Definition[];
  select: Cut[];
  /** Per event. */
  weight?: string;
  histograms: HistogramSpec[];
  sliders?: Slider[];
  /** Stand in for columns that a file lacks. */
  defaults: Record<string, number | boolean | string>;
}
