import type {
  AnalysisDocument,
  AxisSpec,
  CertifiedRun,
  Cut,
  Dataset,
  DatasetFile,
  FitSpec,
  HistogramSpec,
  LocalEntry,
  Publication,
  Slider,
  ViewSpec,
} from './document.ts';

/**
 * The wire form of a document (see `schema.ts`) with its keys in one order and nothing that is a default: two
 * documents mean the same exactly if their canonical JSON is the same text.
 */

export type WireCut = string | { cut: string; enabled: false };
export type WireHistogram = Omit<HistogramSpec, 'name'>;

export interface Wire {
  lumiscope: 1;
  title?: string;
  description?: string;
  explanation?: string;
  publication?: Publication;
  datasets: Dataset[];
  defaults: [string, number | boolean | string][];
  lumis?: [string, [number, number][]][];
  define: [string, string][];
  select: [string, WireCut][];
  weight?: string;
  histograms: [string, WireHistogram][];
  sliders?: [string, Omit<Slider, 'name'>][];
}

export function toWireForm(document: AnalysisDocument): Wire {
  return {
    lumiscope: 1,
    ...pick(document, ['title', 'description', 'explanation']),
    ...(document.publication && { publication: wirePublication(document.publication) }),
    datasets: document.datasets.map(wireDataset),
    defaults: Object.entries(document.defaults).sort(([a], [b]) => (a < b ? -1 : 1)),
    ...(document.lumis && { lumis: wireLumis(document.lumis) }),
    define: document.define.map(({ name, expression }) => [name, expression]),
    select: document.select.map((cut) => [cut.name, wireCut(cut)]),
    ...pick(document, ['weight']),
    histograms: document.histograms.map((spec) => [spec.name, wireHistogram(spec)]),
    ...(document.sliders && {
      sliders: document.sliders.map((slider) => [slider.name, wireSlider(slider)] as const),
    }),
  } as Wire;
}

export function wireLumis(lumis: readonly CertifiedRun[]): NonNullable<Wire['lumis']> {
  return [...lumis].sort((a, b) => a.run - b.run).map(({ run, blocks }) => [String(run), blocks]);
}

export function wireDataset(dataset: Dataset): Dataset {
  return {
    name: dataset.name,
    files: dataset.files.map(wireFile),
    ...pick(dataset, ['tree']),
    ...(dataset.s3 && { s3: pick(dataset.s3, ['endpoint', 'region', 'style']) }),
    ...(dataset.source && { source: pick(dataset.source, ['record', 'doi', 'licence', 'note', 'bytes']) }),
    ...pick(dataset, ['lumis']),
  } as Dataset;
}

function wireFile(file: DatasetFile): DatasetFile {
  if (typeof file === 'string') return file;
  return 'replicas' in file ? { replicas: file.replicas } : (pick(file, ['local', 'size', 'sha256']) as LocalEntry);
}

export const wirePublication = (publication: Publication): Publication => pick(publication, PUBLICATION_KEYS);

export const wireSlider = (slider: Slider): Omit<Slider, 'name'> => pick(slider, SLIDER_KEYS);

function wireCut(cut: Cut): WireCut {
  return cut.enabled ? cut.expression : { cut: cut.expression, enabled: false };
}

const PUBLICATION_KEYS = ['experiment', 'status', 'luminosity', 'energy'] as const satisfies (keyof Publication)[];
const SLIDER_KEYS = ['range', 'step', 'label', 'unit'] as const satisfies (keyof Slider)[];
const FIT_KEYS = ['peak', 'background', 'range'] as const satisfies (keyof FitSpec)[];
const VIEW_KEYS = [
  'log',
  'flow',
  'stack',
  'normalise',
  'ratio',
  'overlay',
  'rebin',
  'range',
] as const satisfies (keyof ViewSpec)[];
const AXIS_KEYS = ['value', 'bins', 'range', 'scale', 'edges', 'categories', 'boolean', 'label', 'unit'] as const;

export function wireHistogram(spec: HistogramSpec): WireHistogram {
  return {
    ...pick(spec, ['title', 'per']),
    axes: spec.axes.map((axis) => ({ ...pick(axis, AXIS_KEYS) }) as AxisSpec),
    ...pick(spec, ['select', 'weight', 'storage', 'sample']),
    ...(spec.fits && { fits: spec.fits.map((fit) => pick(fit, FIT_KEYS)) }),
    ...(spec.view && { view: pick(spec.view, VIEW_KEYS) }),
  };
}

/** The canonical JSON: what a link compresses and what a document's hash is of. */
export function canonicalJson(document: AnalysisDocument): string {
  return JSON.stringify(toWireForm(document));
}

/** Those of the keys that are there, in the order given. */
function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as Pick<T, K>;
}
