import { Pair, Scalar, type ToStringOptions, YAMLMap, YAMLSeq } from 'yaml';
import type { Wire, WireCut, WireHistogram } from './canonical.ts';
import type { AxisSpec, Dataset } from './document.ts';

/** How parts of a document look in YAML: entries a line each; axes, sources and cuts in flow style. */

/** Nothing is folded: an expression stays on its line. */
export const STYLE: ToStringOptions = { lineWidth: 0, flowCollectionPadding: true };

/** Lists longer than this are written one entry a line. */
const FLOW_WIDTH = 100;

export function wireToMap(wire: Wire): YAMLMap {
  const map = new YAMLMap();
  const section = (name: string, value: YAMLMap | YAMLSeq | Scalar | undefined) => {
    if (value) map.items.push(new Pair(new Scalar(name), value));
  };
  section('lumiscope', new Scalar(1));
  section('title', optional(wire.title));
  section('description', optional(wire.description));
  section('datasets', seq(wire.datasets.map(datasetNode)));
  if (wire.defaults.length > 0) section('defaults', mapOf(wire.defaults, scalar));
  if (wire.define.length > 0) section('define', mapOf(wire.define, scalar));
  if (wire.select.length > 0) section('select', mapOf(wire.select, cutNode));
  section('weight', optional(wire.weight));
  if (wire.histograms.length > 0) section('histograms', mapOf(wire.histograms, histogramNode));
  return map;
}

export function datasetNode(dataset: Dataset): YAMLMap {
  const files = filesNode(dataset.files);
  return mapOf(Object.entries({ ...dataset, files }), (value) =>
    value instanceof YAMLSeq ? value : typeof value === 'object' ? flowMap(value) : scalar(value),
  );
}

export function filesNode(files: Dataset['files']): YAMLSeq {
  const node = seq(files.map((file) => (typeof file === 'string' ? scalar(file) : flowMap(file))));
  node.flow = JSON.stringify(files).length <= FLOW_WIDTH;
  return node;
}

export function cutNode(cut: WireCut): YAMLMap | Scalar {
  return typeof cut === 'string' ? scalar(cut) : flowMap(cut);
}

export function histogramNode(spec: WireHistogram): YAMLMap {
  return mapOf(Object.entries(spec), (value) =>
    Array.isArray(value) ? seq((value as AxisSpec[]).map(flowMap)) : scalar(value as string),
  );
}

export function scalar(value: string | number | boolean): Scalar {
  return new Scalar(value);
}

function optional(value: string | undefined): Scalar | undefined {
  return value === undefined ? undefined : scalar(value);
}

function seq(items: (YAMLMap | Scalar)[]): YAMLSeq {
  const node = new YAMLSeq();
  node.items = items;
  node.flow = items.length === 0;
  return node;
}

function mapOf<T>(entries: [string, T][], toNode: (value: T) => YAMLMap | YAMLSeq | Scalar): YAMLMap {
  const map = new YAMLMap();
  for (const [name, value] of entries) map.items.push(new Pair(scalar(name), toNode(value)));
  return map;
}

function flowMap(object: object): YAMLMap {
  const map = mapOf(Object.entries(object), (value) => {
    if (!Array.isArray(value)) return scalar(value);
    const list = seq(value.map(scalar));
    list.flow = true;
    return list;
  });
  map.flow = true;
  return map;
}
