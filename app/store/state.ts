import type { Brush } from '../../core/analysis/brush.ts';
import type { Brushed } from '../../core/analysis/brushed.ts';
import type { AnalysisDocument, DatasetFile } from '../../core/analysis/document.ts';
import type { PlainError } from '../../core/errors.ts';
import type { Program } from '../../core/expr/typedForm.ts';
import type { NamedResult } from '../../core/hist/merge.ts';
import type { Schema } from '../../core/schema/schema.ts';
import type { FileSummary } from '../../workers/formats/eventFile.ts';
import type { AccessRules } from '../../workers/io/access.ts';
import type { FileAddress } from '../../workers/io/byteSource.ts';
import type { Listing } from '../../workers/io/locate.ts';
import type { RunPlan, RunProgress, RunResult, SessionStats } from '../../workers/session.ts';
import type { EngineChoice } from './engineChoice.ts';
import type { Pane } from './pane.ts';
import type { ViewChange } from './plotView.ts';

/** A file of the document and what the app knows of it. */
export interface FileState {
  entry: DatasetFile;
  /** Tells the same file again in another version of the document. */
  key: string;
  /** What the page calls it. */
  name: string;
  /** Where it lies, if not on the app's own origin or this machine; of replicas, all. */
  hosts?: readonly string[];
  /**
   * `asks`: on a host that waits for consent. `missing`: a local file that has to be given.
   * `differs`: a file was given that is not quite the one asked for.
   */
  status: 'asks' | 'missing' | 'differs' | 'opening' | 'open' | 'failed';
  address?: FileAddress;
  summary?: FileSummary;
  error?: PlainError;
  /** Of a pattern: what tells which files match; the files take its place then. */
  listing?: Listing;
  /** Of a file that a pattern stands for: the pattern. */
  pattern?: string;
  /** Of `differs`: how. */
  difference?: string;
}

/** A local file that the person gave, with its content hash. */
export interface LocalFile {
  file: File;
  sha256: string;
  /** Key of the document's file that it stands for although size or hash differ. */
  standsFor?: string;
}

/** What has gone wrong in the text, and where in it. */
export interface Problem {
  message: string;
  hint?: string;
  /** `[from, to)` in the text. */
  span: [number, number];
  /** From 1. */
  line: number;
  col: number;
  /** Keys of the document, where the problem belongs to one of its parts. */
  keys: (string | number)[];
}

/** How far the work on the present document has come. */
export type Phase =
  /** The text is wrong: what was good before stays visible. */
  | 'wrong'
  /** Files are not all there: consent, a local file, an error. */
  | 'waiting'
  | 'opening'
  | 'planning'
  /** Planned; the cost is high enough to wait for a click. */
  | 'ready'
  | 'running'
  | 'done'
  | 'cancelled'
  | 'failed';

/** A document that was to be had from another place, and how that went. */
export interface Arrival {
  what: string;
  /** Set while the person has to agree to the host. */
  asksHost?: string;
  error?: PlainError;
  /** What came of it, where that is not plain to see. */
  note?: string;
}

/** Everything the page knows. Views derive the rest. */
export interface ExplorerState {
  /** Whether a document is open, be its text empty; else the start page is shown. */
  opened: boolean;
  /** The document's text: the one truth. */
  text: string;
  /** Counts the versions of `text`. */
  version: number;
  /** Whether there is a step to undo or redo; `restored`: what the last undo or redo put into the text, `[from, to)`. */
  history: { canUndo: boolean; canRedo: boolean; restored?: [number, number] };
  /** The last text that was a document, parsed. */
  document?: AnalysisDocument;
  problems: Problem[];
  /** Where the person asked to go in the text, or to rename what stands at the cursor; a new object for each wish. */
  wish?: { span: [number, number] } | { rename: true };
  /** The plot to bring into view; a new object for each wish. */
  wantedPlot?: { name: string };
  /** What each definition is, in words. */
  definitions: ReadonlyMap<string, string>;
  /** Files of each data set. */
  files: FileState[][];
  schema?: Schema;
  program?: Program;
  phase: Phase;
  plan?: RunPlan;
  /** What stopped a plan or a run, when no place of the text is to blame. */
  error?: PlainError;
  progress?: Omit<RunProgress, 'partial'>;
  /** The last result, partial or complete. */
  result?: Brushed<RunResult>;
  /** Version of the text that `result` belongs to. */
  resultVersion: number;
  /** Results that were made elsewhere and given as files of histograms. */
  saved: readonly NamedResult[];
  /** Whether those are drawn over the plots of the same name, each for itself, or added to them. */
  savedUse: 'over' | 'add';
  /** What was changed of the plots' looks, by the histogram's name. */
  views: Readonly<Record<string, ViewChange>>;
  /**
   * Parts of plots that are marked, in the order of their rows in the cutflow; at most one for each histogram. One whose histogram the
   * document lacks does nothing, and is there again when the histogram is.
   */
  brushes: readonly Brush[];
  /** Where each slider stood when the document was opened; a link carries those that were moved. */
  sliderStarts: Readonly<Record<string, number>>;
  /** What the pane on the right shows. */
  pane: Pane;
  /** Which one runs the document. `asked`: the link asks for it. */
  engine: { choice: EngineChoice; asked?: true };
  stats?: SessionStats;
  /** Keys and tokens of this visit: nothing of them is ever written anywhere. */
  access: AccessRules;
  /** The host that the dialog for keys and tokens is open for; empty: for any. */
  accessFor?: string;
  /** What is on the way to the start page or failed to arrive. */
  arrival?: Arrival;
  /** The link of the present state, without the page's address: `#a=…`. */
  link: string;
  recents: readonly Recent[];
}

/** A document that was open before. */
export interface Recent {
  title: string;
  /** `#a=…` */
  link: string;
  /** The text as it was last, with its comments, and whether or not it was right. */
  text: string;
  /** Data set names, for people. */
  data: string;
  /** Milliseconds since 1970. */
  when: number;
}
