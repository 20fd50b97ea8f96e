import { isMap, isScalar, isSeq, type Node, Pair, Scalar, YAMLMap } from 'yaml';
import { LumiscopeError } from '../errors.ts';
import { wireHistogram, wireLumis } from './canonical.ts';
import type { CertifiedRun, DatasetFile, HistogramSpec } from './document.ts';
import { comments, merge } from './merge.ts';
import { cutNode, filesNode, histogramNode, lumisNode, render, textNode } from './yamlNodes.ts';
import { readTree } from './yamlTree.ts';

/** One change to the text of a document. `to` is a position among the cuts, from 0. */
export type DocumentEdit =
  | { kind: 'setTitle'; title: string }
  | { kind: 'setWeight'; weight: string | undefined }
  | { kind: 'setLumis'; lumis: CertifiedRun[] | undefined }
  | { kind: 'setDefault'; column: string; value: number | boolean | string }
  | { kind: 'setDatasetFiles'; dataset: string; files: DatasetFile[] }
  | { kind: 'addDefinition'; name: string; expression: string }
  | { kind: 'setDefinition'; name: string; expression: string }
  | { kind: 'removeDefinition'; name: string }
  | { kind: 'addCut'; name: string; expression: string }
  | { kind: 'setCut'; name: string; expression: string }
  | { kind: 'setCutEnabled'; name: string; enabled: boolean }
  | { kind: 'moveCut'; name: string; to: number }
  | { kind: 'removeCut'; name: string }
  | { kind: 'addHistogram'; spec: HistogramSpec }
  | { kind: 'setHistogram'; name: string; spec: HistogramSpec }
  | { kind: 'removeHistogram'; name: string };

/** The order in which sections are written where an edit has to add one. */
const SECTIONS = [
  'lumiscope',
  'title',
  'description',
  'explanation',
  'publication',
  'datasets',
  'defaults',
  'lumis',
  'define',
  'select',
  'weight',
  'histograms',
  'sliders',
];

/**
 * The text with some changes made, comments and order kept; a removed entry takes its own comments along.
 * The text needs to be right YAML, but not a right document.
 *
 * @throws LumiscopeError 'document' where the text can't be read, or a named entry isn't there or is already
 */
export function editDocument(text: string, edits: DocumentEdit[]): string {
  const { tree, errors } = readTree(text);
  if (!tree || errors.length > 0)
    throw new LumiscopeError('document', `the text can't be edited: ${errors[0].message}`, { place: errors[0].place });
  const root = tree.root.contents;
  if (!isMap(root)) throw new LumiscopeError('document', "the text can't be edited: it is not a mapping");
  for (const edit of edits) apply(root as YAMLMap, edit);
  return render(tree.root, text.trimStart().startsWith('{') ? JSON_STYLE : {});
}

const JSON_STYLE = {
  lineWidth: 80,
  doubleQuotedAsJSON: true,
  defaultStringType: Scalar.QUOTE_DOUBLE,
  defaultKeyType: Scalar.QUOTE_DOUBLE,
} as const;

function apply(root: YAMLMap, edit: DocumentEdit): void {
  switch (edit.kind) {
    case 'setTitle':
      set(root, 'title', textNode(edit.title));
      break;
    case 'setWeight':
      if (edit.weight === undefined) remove(root, 'weight');
      else set(root, 'weight', textNode(edit.weight));
      break;
    case 'setLumis':
      if (edit.lumis === undefined) remove(root, 'lumis');
      else set(root, 'lumis', lumisNode(wireLumis(edit.lumis)));
      break;
    case 'setDefault':
      set(section(root, 'defaults'), edit.column, new Scalar(edit.value));
      break;
    case 'setDatasetFiles':
      set(dataset(root, edit.dataset), 'files', filesNode(edit.files));
      break;
    case 'addDefinition':
      add(section(root, 'define'), edit.name, textNode(edit.expression));
      break;
    case 'setDefinition': {
      const pair = entry(section(root, 'define'), edit.name);
      pair.value = merge(pair.value as Node, textNode(edit.expression));
      break;
    }
    case 'removeDefinition':
      remove(section(root, 'define'), edit.name);
      break;
    case 'addCut':
      add(section(root, 'select'), edit.name, textNode(edit.expression));
      break;
    case 'setCut':
    case 'setCutEnabled':
      changeCut(entry(section(root, 'select'), edit.name), edit);
      break;
    case 'moveCut':
      move(section(root, 'select'), edit.name, edit.to);
      break;
    case 'removeCut':
      remove(section(root, 'select'), edit.name);
      break;
    case 'addHistogram':
      add(section(root, 'histograms'), edit.spec.name, histogramNode(wireHistogram(edit.spec)));
      break;
    case 'setHistogram':
      replaceHistogram(section(root, 'histograms'), edit.name, edit.spec);
      break;
    case 'removeHistogram':
      remove(section(root, 'histograms'), edit.name);
      break;
  }
}

function move(map: Items, name: string, to: number): void {
  const pair = entry(map, name);
  map.items.splice(map.items.indexOf(pair), 1);
  map.items.splice(to, 0, pair);
}

function replaceHistogram(histograms: Items, name: string, spec: HistogramSpec): void {
  const pair = entry(histograms, name);
  if (spec.name !== name) {
    if (histograms.items.some((p) => keyOf(p) === spec.name)) throw taken(spec.name);
    if (isScalar(pair.key)) pair.key.value = spec.name;
  }
  pair.value = merge(pair.value as Node, histogramNode(wireHistogram(spec)));
}

/** Keeps the cut in the form it has, unless it must become `{ cut, enabled }`, or nothing is lost when it becomes text. */
function changeCut(pair: Pair, change: { expression: string } | { enabled: boolean }): void {
  const value = pair.value as Node;
  if ('expression' in change) {
    if (isMap(value)) set(value, 'cut', textNode(change.expression));
    else pair.value = merge(value, textNode(change.expression));
  } else if (!isMap(value)) {
    if (change.enabled) return;
    const map = cutNode({ cut: '', enabled: false }) as YAMLMap;
    map.comment = value.comment;
    value.comment = undefined;
    map.items[0].value = value;
    pair.value = map;
  } else {
    const cut = value.get('cut', true);
    if (
      change.enabled &&
      isScalar(cut) &&
      value.flow &&
      comments(value).every((comment) => comment === value.comment)
    ) {
      cut.comment = value.comment;
      pair.value = cut;
    } else set(value, 'enabled', new Scalar(change.enabled));
  }
}

type Items = YAMLMap & { items: Pair[] };

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}

/** The mapping of a section, which is made where the document lacks it. */
function section(root: YAMLMap, name: string): Items {
  const pair = root.items.find((p) => keyOf(p) === name);
  if (pair && isMap(pair.value)) return pair.value as Items;
  const map = new YAMLMap();
  if (pair) pair.value = map;
  else insert(root, name, map);
  return map as Items;
}

/** A section goes before the first one that comes after it in a document; any other key to the end. */
function insert(map: YAMLMap, name: string, value: Node): void {
  const rank = SECTIONS.indexOf(name);
  const later = rank < 0 ? -1 : map.items.findIndex((pair) => SECTIONS.indexOf(keyOf(pair)) > rank);
  map.items.splice(later < 0 ? map.items.length : later, 0, new Pair(new Scalar(name), value));
}

function dataset(root: YAMLMap, name: string): YAMLMap {
  const datasets = root.get('datasets');
  const found = isSeq(datasets)
    ? datasets.items.find((item) => isMap(item) && String(item.get('name')) === name)
    : undefined;
  if (!isMap(found)) throw new LumiscopeError('document', `there is no data set named ${name}`);
  return found as YAMLMap;
}

function entry(map: YAMLMap, name: string): Pair {
  const pair = map.items.find((p) => keyOf(p) === name);
  if (!pair) throw new LumiscopeError('document', `there is no ${name} in the document`);
  return pair;
}

function add(map: YAMLMap, name: string, value: Node): void {
  if (map.items.some((p) => keyOf(p) === name)) throw taken(name);
  map.items.push(new Pair(new Scalar(name), value));
}

function set(map: YAMLMap, name: string, value: Node): void {
  const pair = map.items.find((p) => keyOf(p) === name);
  if (pair) pair.value = merge(pair.value as Node | null, value);
  else insert(map, name, value);
}

function remove(map: YAMLMap, name: string): void {
  map.items.splice(map.items.indexOf(entry(map, name) as YAMLMap['items'][number]), 1);
}

function taken(name: string): LumiscopeError {
  return new LumiscopeError('document', `there is a ${name} already`);
}
