/** What each key of a document means, in a few words: the editor shows it where a key is chosen or pointed at. */
import type {
  AnalysisDocument,
  AxisSpec,
  Dataset,
  FitSpec,
  HistogramSpec,
  Publication,
  S3Store,
  Slider,
  ViewSpec,
} from './document.ts';
import type { Keys } from './yamlTree.ts';

type Words<T> = Readonly<Record<Exclude<keyof T, 'name'> & string, string>>;

const DOCUMENT: Words<AnalysisDocument> = {
  lumiscope: 'version of the document: 1',
  title: 'what the analysis is called',
  description: 'a few sentences for the reader, shown above the plots',
  explanation: 'address of a Markdown page that explains the analysis; a relative one starts at the app',
  publication: 'what plots say in their corner: experiment, status, luminosity, energy',
  datasets: 'where the events are: a list of data sets, kept apart in every result',
  defaults: 'values that stand in for columns that a file lacks, by the name of the column',
  lumis: 'certified runs, and their luminosity blocks: only their events count. "run": [[first, last], …]',
  define: 'names for expressions; later ones see earlier ones',
  select: 'the cuts, in the order of the cutflow: a name and a condition each',
  weight: 'the weight of an event: one number',
  histograms: 'the histograms, by their names',
  sliders: 'definitions that are one number, for people to move',
};
const DATASET: Words<Dataset> & { name: string } = {
  name: 'what the data set is called',
  files: 'addresses (https://, s3://, davs://, root://, relative with a slash), or names of local files',
  tree: 'the tree in a ROOT file; may be left out where there is one',
  s3: 'the store of its s3:// addresses; AWS where it is left out. Keys don’t belong here',
  source: 'where the data come from: shown beside the plots',
  lumis: 'false: the certified runs don’t apply, as to simulated events',
};
const S3: Words<S3Store> = {
  endpoint: 'address of the store: https://s3.example.org',
  region: 'what requests with keys are signed for: eu-west-1',
  style: 'where the bucket is named: path (/bucket/key), or host (bucket.s3.example.org)',
};
const SOURCE: Words<NonNullable<Dataset['source']>> = {
  record: 'number of the record at the CERN Open Data portal',
  doi: 'the digital object identifier',
  licence: 'under which terms the data may be used',
  note: 'a few words for the reader',
  bytes: 'about how large all files are together',
};
const FILE = {
  local: 'name of a file on the reader’s machine',
  size: 'its length in bytes',
  sha256: 'the hash of its content',
  replicas: 'addresses of one file on several servers: where one fails, the next is read',
};
const CUT = { cut: 'the condition', enabled: 'false: the cut is kept, and skipped' };
const HISTOGRAM: Words<HistogramSpec> = {
  title: 'what stands over the plot',
  axes: 'one to nine axes: a value and its bins each',
  select: 'a condition of this histogram alone, per event or per item',
  weight: 'multiplies the weight of the event',
  storage: 'count, weighted (Σw and Σw²), or mean of a sample; found where it is left out',
  sample: 'with storage: mean, the value whose mean and spread each bin holds',
  per: 'the collection that is filled item by item; found from the axes where that is clear',
  fits: 'functions that are fitted to the histogram',
  view: 'how the plot is drawn at first',
};
const AXIS: Words<AxisSpec> = {
  value: 'the expression that is filled',
  bins: 'how many bins, all of one width; goes with range',
  range: 'lower and upper end: [0, 100]',
  scale: 'linear, log or sqrt: bins of one width on that scale',
  edges: 'the edges of bins of different widths: [0, 10, 50, 200]',
  categories: 'a bin for each value: [-1, 1] or [muons, jets]',
  boolean: 'true: a bin for false and one for true',
  label: 'what stands at the axis: "m(μμ)"',
  unit: 'the unit of the value: GeV',
};
const FIT: Words<FitSpec> = {
  peak: 'gaussian, or crystal-ball with its tail towards low values',
  background: 'degree of the polynomial under the peak, 0 to 5',
  range: 'only bins whose centres lie in it are fitted',
};
const VIEW: Words<ViewSpec> = {
  log: 'a logarithmic y axis; logarithmic colours of a heat map',
  flow: 'underflow and overflow are drawn',
  stack: 'data sets and overlays one on top of the other',
  normalise: 'every curve scaled to an integral of 1',
  ratio: 'a panel below: each curve divided by the first, or its efficiency',
  overlay: 'names of histograms with the same axis that are drawn over this one',
  rebin: 'so many bins are drawn as one',
  range: 'the part of the x axis that is drawn',
};
const PUBLICATION: Words<Publication> = {
  experiment: 'CMS Open Data',
  status: 'Simulation, Preliminary',
  luminosity: 'L = 11.6 fb⁻¹',
  energy: '8 TeV',
};
const SLIDER: Words<Slider> = {
  range: 'lower and upper end: [0, 100]',
  step: 'from one value to the next',
  label: 'what stands beside the slider',
  unit: 'the unit of the value: GeV',
};

/** What a key at a place means: `['histograms', 'm', 'axes', 0, 'bins']`; undefined for a name of the document's own. */
export function keyWords(keys: Keys): string | undefined {
  const [section, , part] = keys;
  const words = wordsOf(String(section), String(part), keys.length);
  const last = String(keys[keys.length - 1]);
  return words && Object.hasOwn(words, last) ? words[last] : undefined;
}

function wordsOf(section: string, part: string, depth: number): Readonly<Record<string, string>> | undefined {
  if (depth === 1) return DOCUMENT;
  if (depth === 2) return section === 'publication' ? PUBLICATION : undefined;
  if (depth === 3) return { datasets: DATASET, select: CUT, histograms: HISTOGRAM, sliders: SLIDER }[section];
  if (section === 'datasets') return { source: SOURCE, s3: S3, files: FILE }[part];
  return section === 'histograms' ? { axes: AXIS, fits: FIT, view: VIEW }[part] : undefined;
}
