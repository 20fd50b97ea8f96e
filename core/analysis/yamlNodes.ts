import { type Document, isScalar, Pair, Scalar, type ToStringOptions, visit, YAMLMap, YAMLSeq } from 'yaml';
import type { Wire, WireCut, WireHistogram } from './canonical.ts';
import type { Dataset, DatasetFile } from './document.ts';

/** How parts of a document look in YAML: entries a line each; axes, sources and cuts in flow style. */

/** The text of a tree: nothing is folded, so an expression stays on its line; `{ a: 1 }` but `[1, 2]`. */
export function render(tree: Document, options: ToStringOptions = {}): string {
  visit(tree, {
    Seq(_, list) {
      if (list.flow && list.items.every(isScalar)) list.toString = unpadded;
    },
  });
  return tree.toString({ lineWidth: 0, flowCollectionPadding: true, ...options });
}

const unpadded: YAMLSeq['toString'] = function (this: YAMLSeq, context, ...rest) {
  return YAMLSeq.prototype.toString.call(this, context && { ...context, flowCollectionPadding: '' }, ...rest);
};

/** Lists longer than this are written one entry a line. */
const FLOW_WIDTH = 100;

export function wireToMap(wire: Wire): YAMLMap {
  const { defaults, define, select, histograms, lumis = [], sliders = [] } = wire;
  return mapOf([
    ['lumiscope', new Scalar(1)],
    ...texts(wire, 'title', 'description', 'explanation'),
    ...(wire.publication ? [['publication', flowMap(wire.publication)] as Entry] : []),
    ['datasets', seq(wire.datasets.map(datasetNode))],
    ...section('defaults', defaults, (value) => new Scalar(value)),
    ...(lumis.length > 0 ? [['lumis', lumisNode(lumis)] as Entry] : []),
    ...section('define', define, textNode),
    ...section('select', select, cutNode),
    ...texts(wire, 'weight'),
    ...section('histograms', histograms, histogramNode),
    ...section('sliders', sliders, flowMap),
  ]);
}

export function datasetNode(dataset: Dataset): YAMLMap {
  return mapOf([
    ...texts(dataset, 'name'),
    ['files', filesNode(dataset.files)],
    ...texts(dataset, 'tree'),
    ...(dataset.s3 ? [['s3', flowMap(dataset.s3)] as Entry] : []),
    ...(dataset.source ? [['source', flowMap(dataset.source)] as Entry] : []),
    ...(dataset.lumis === false ? [['lumis', new Scalar(false)] as Entry] : []),
  ]);
}

/** A run a line. */
export function lumisNode(lumis: NonNullable<Wire['lumis']>): YAMLMap {
  return mapOf(lumis.map(([run, blocks]) => [run, flowNode(blocks)]));
}

export function filesNode(files: Dataset['files']): YAMLSeq {
  const node = seq(files.map(fileNode));
  node.flow = JSON.stringify(files).length <= FLOW_WIDTH;
  return node;
}

function fileNode(file: DatasetFile): YAMLMap | Scalar {
  if (typeof file === 'string') return new Scalar(file);
  const isLong = 'replicas' in file && JSON.stringify(file).length > FLOW_WIDTH;
  return isLong ? mapOf([['replicas', seq(file.replicas.map((address) => new Scalar(address)))]]) : flowMap(file);
}

export function cutNode(cut: WireCut): YAMLMap | Scalar {
  return typeof cut === 'string' ? textNode(cut) : flowMap(cut);
}

export function histogramNode(spec: WireHistogram): YAMLMap {
  return mapOf([
    ...texts(spec, 'title', 'per'),
    ['axes', seq(spec.axes.map(flowMap))],
    ...texts(spec, 'select', 'weight', 'storage', 'sample'),
    ...(spec.fits ? [['fits', seq(spec.fits.map(flowMap))] as Entry] : []),
    ...(spec.view ? [['view', flowMap(spec.view)] as Entry] : []),
  ]);
}

/** Text for people, or an expression; `1` is written without quotes, and read as text again. */
export function textNode(text: string): Scalar {
  return new Scalar(String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text);
}

type Entry = [string, YAMLMap | YAMLSeq | Scalar];

function mapOf(entries: Entry[]): YAMLMap {
  const map = new YAMLMap();
  for (const [name, value] of entries) map.items.push(new Pair(new Scalar(name), value));
  return map;
}

function seq(items: (YAMLMap | YAMLSeq | Scalar)[]): YAMLSeq {
  const node = new YAMLSeq();
  node.items = items;
  node.flow = items.length === 0;
  return node;
}

/** Those of some keys that hold text. */
function texts<K extends string>(from: { [key in K]?: string }, ...keys: K[]): Entry[] {
  return keys.flatMap((key) => (from[key] === undefined ? [] : [[key, textNode(from[key])] as Entry]));
}

function section<T>(name: string, entries: [string, T][], toNode: (value: T) => Entry[1]): Entry[] {
  return entries.length === 0 ? [] : [[name, mapOf(entries.map(([key, value]) => [key, toNode(value)]))]];
}

/** `{ value: Muon.pt, bins: 3, range: [0, 1] }`. */
export function flowMap(object: object): YAMLMap {
  const map = mapOf(Object.entries(object).map(([key, value]) => [key, flowNode(value)]));
  map.flow = true;
  return map;
}

type FlowValue = string | number | boolean | (string | number | number[])[];

function flowNode(value: FlowValue): Scalar | YAMLSeq {
  if (typeof value === 'string') return textNode(value);
  if (!Array.isArray(value)) return new Scalar(value);
  const list = seq(value.map((item) => (Array.isArray(item) ? flowNode(item) : new Scalar(item))));
  list.flow = true;
  return list;
}
