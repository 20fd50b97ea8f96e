import { isMap, isScalar, isSeq, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { LumiscopeError } from '../errors.ts';
import { wireDataset, wireHistogram, wireLumis, wirePublication, wireSlider } from './canonical.ts';
import type { CertifiedRun, Dataset, DatasetFile, HistogramSpec, Publication, Slider } from './document.ts';
import { comments, merge } from './merge.ts';
import { renameDefinition, renameEntry } from './rename.ts';
import { cutNode, datasetNode, filesNode, flowMap, histogramNode, lumisNode, render, textNode } from './yamlNodes.ts';
import { readTree } from './yamlTree.ts';

/**
 * One change to the text of a document. A `to` of a move is a position among its like, from 0; that of a renaming is the new name,
 * which everything that uses the old one takes on. What is set to undefined is removed.
 */
export type DocumentEdit =
  | { kind: 'setText'; key: 'title' | 'description' | 'explanation' | 'weight'; text: string | undefined }
  | { kind: 'setPublication'; publication: Publication | undefined }
  | { kind: 'setLumis'; lumis: CertifiedRun[] | undefined }
  | { kind: 'setDefault'; column: string; value: number | boolean | string | undefined }
  | { kind: 'addDataset'; dataset: Dataset }
  | { kind: 'setDataset'; name: string; dataset: Dataset }
  | { kind: 'setDatasetFiles'; dataset: string; files: DatasetFile[] }
  | { kind: 'removeDataset'; name: string }
  | { kind: 'addDefinition'; name: string; expression: string }
  | { kind: 'setDefinition'; name: string; expression: string }
  | { kind: 'renameDefinition'; name: string; to: string }
  | { kind: 'moveDefinition'; name: string; to: number }
  /** Takes its slider along. */
  | { kind: 'removeDefinition'; name: string }
  | { kind: 'addCut'; name: string; expression: string }
  | { kind: 'setCut'; name: string; expression: string }
  | { kind: 'setCutEnabled'; name: string; enabled: boolean }
  | { kind: 'renameCut'; name: string; to: string }
  | { kind: 'moveCut'; name: string; to: number }
  | { kind: 'removeCut'; name: string }
  | { kind: 'addHistogram'; spec: HistogramSpec }
  | { kind: 'setHistogram'; name: string; spec: HistogramSpec }
  | { kind: 'renameHistogram'; name: string; to: string }
  | { kind: 'moveHistogram'; name: string; to: number }
  | { kind: 'removeHistogram'; name: string }
  | { kind: 'setSlider'; slider: Slider }
  | { kind: 'removeSlider'; name: string };

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
  return editRoot(text, (root) => {
    for (const edit of edits) apply(root, edit);
  });
}

/** The text after a change of its tree, as the app writes it. @throws LumiscopeError 'document' where it can't be read */
export function editRoot(text: string, change: (root: YAMLMap) => void): string {
  const { tree, errors } = readTree(text);
  if (!tree || errors.length > 0)
    throw new LumiscopeError('document', `the text can't be edited: ${errors[0].message}`, { place: errors[0].place });
  const root = tree.root.contents;
  if (!isMap(root)) throw new LumiscopeError('document', "the text can't be edited: it is not a mapping");
  change(root as YAMLMap);
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
    case 'setText':
      put(root, edit.key, edit.text === undefined ? undefined : textNode(edit.text));
      break;
    case 'setPublication':
      put(root, 'publication', edit.publication && flowMap(wirePublication(edit.publication)));
      break;
    case 'setLumis':
      put(root, 'lumis', edit.lumis && lumisNode(wireLumis(edit.lumis)));
      break;
    case 'setDefault':
      put(section(root, 'defaults'), edit.column, edit.value === undefined ? undefined : new Scalar(edit.value));
      break;
    case 'addDataset':
      if (findDataset(root, edit.dataset.name)) throw taken(edit.dataset.name);
      datasetList(root).items.push(datasetNode(wireDataset(edit.dataset)));
      break;
    case 'setDataset':
      if (edit.dataset.name !== edit.name && findDataset(root, edit.dataset.name)) throw taken(edit.dataset.name);
      merge(dataset(root, edit.name), datasetNode(wireDataset(edit.dataset)));
      break;
    case 'removeDataset': {
      const { items } = datasetList(root);
      items.splice(items.indexOf(dataset(root, edit.name)), 1);
      break;
    }
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
    case 'renameDefinition':
      renameDefinition(root, edit.name, edit.to);
      break;
    case 'moveDefinition':
      move(section(root, 'define'), edit.name, edit.to);
      break;
    case 'removeDefinition':
      remove(section(root, 'define'), edit.name);
      if (root.hasIn(['sliders', edit.name])) remove(section(root, 'sliders'), edit.name);
      break;
    case 'addCut':
      add(section(root, 'select'), edit.name, textNode(edit.expression));
      break;
    case 'setCut':
    case 'setCutEnabled':
      changeCut(entry(section(root, 'select'), edit.name), edit);
      break;
    case 'renameCut':
      renameEntry(root, 'select', edit.name, edit.to);
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
    case 'renameHistogram':
      renameEntry(root, 'histograms', edit.name, edit.to);
      break;
    case 'moveHistogram':
      move(section(root, 'histograms'), edit.name, edit.to);
      break;
    case 'removeHistogram':
      remove(section(root, 'histograms'), edit.name);
      break;
    case 'setSlider':
      put(section(root, 'sliders'), edit.slider.name, flowMap(wireSlider(edit.slider)));
      break;
    case 'removeSlider':
      remove(section(root, 'sliders'), edit.name);
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

function findDataset(root: YAMLMap, name: string): YAMLMap | undefined {
  const datasets = root.get('datasets');
  const found = isSeq(datasets)
    ? datasets.items.find((item) => isMap(item) && String(item.get('name')) === name)
    : undefined;
  return found as YAMLMap | undefined;
}

function dataset(root: YAMLMap, name: string): YAMLMap {
  const found = findDataset(root, name);
  if (!found) throw new LumiscopeError('document', `there is no data set named ${name}`);
  return found;
}

/** The list of data sets, which is made where the document lacks it. */
function datasetList(root: YAMLMap): YAMLSeq {
  const found = root.get('datasets');
  if (isSeq(found) && found.items.length > 0) return found;
  const list = new YAMLSeq();
  set(root, 'datasets', list);
  return root.get('datasets') as YAMLSeq;
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

/** Sets a key, or removes it if it is there. */
function put(map: YAMLMap, name: string, value: Node | undefined): void {
  if (value) set(map, name, value);
  else if (map.has(name)) remove(map, name);
}

function remove(map: YAMLMap, name: string): void {
  map.items.splice(map.items.indexOf(entry(map, name) as YAMLMap['items'][number]), 1);
}

function taken(name: string): LumiscopeError {
  return new LumiscopeError('document', `there is a ${name} already`);
}
