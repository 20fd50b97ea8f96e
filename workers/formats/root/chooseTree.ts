/** Which of a file's trees and ntuples is meant. */
import { LumiscopeError } from '../../../core/errors.ts';
import type { TreeEntry } from '../eventFile.ts';
import { histogramKeys } from './histograms/histogramKeys.ts';
import { pathOf } from './openRootFile.ts';
import type { RootFile, RootKey } from './rootFile.ts';

const TREES = new Set(['TTree', 'TNtuple', 'TNtupleD']);
const NTUPLES = new Set(['ROOT::RNTuple', 'ROOT::Experimental::RNTuple']);
/** What the event tree is called by CMS, and by ATLAS (in ntuples the last one): taken where there are several, and none is asked for. */
const EVENT_TREES = ['Events', 'CollectionTree', 'EventData'];
/** Names that a message lists. */
const MOST_LISTED = 12;

export interface Chosen {
  key: RootKey;
  entry: TreeEntry;
  /** Newest cycles of all, in the order of the file. */
  all: TreeEntry[];
}

/**
 * The tree that is asked for by its path, as `Events`, `nominal/Events` or `Events;1`; else the only one, else the one with a name that experiments
 * give to their events.
 * @throws LumiscopeError `format` with `place.trees` where there is none of this name, or none can be told from the others
 */
export function chooseTree({ source, keys }: RootFile, asked: string | undefined): Chosen {
  const trees = keys.filter(({ className }) => TREES.has(className) || NTUPLES.has(className));
  const newest = trees.filter((key, index) => index === 0 || pathOf(trees[index - 1]!) !== pathOf(key));
  const all = newest.map(entryOf);
  const names = all.map(({ name }) => name);
  const histograms = names.length > 0 ? 0 : histogramKeys({ keys }).length;
  const choose = (key: RootKey, name = pathOf(key)): Chosen => ({ key, entry: { ...entryOf(key), name }, all });
  const fail = (message: string, hint: string) =>
    new LumiscopeError('format', `${source.url}: ${message}`, {
      hint,
      place: { file: source.url, ...(names.length > 0 && { trees: names }), ...(histograms > 0 && { histograms }) },
    });
  if (names.length === 0) throw fail('there is no tree of events in it', describeOthers(keys));
  if (asked !== undefined) {
    const key = trees.find((tree) => pathOf(tree) === asked || `${pathOf(tree)};${tree.cycle}` === asked);
    if (key) return choose(key, newest.includes(key) ? undefined : asked);
    throw fail(`there is no tree '${asked}' in it`, `it has ${listed(names)}`);
  }
  if (newest.length === 1) return choose(newest[0]!);
  for (const name of EVENT_TREES) {
    const named = newest.filter((key) => key.name === name);
    const top = named.find(({ directory }) => directory === '') ?? (named.length === 1 ? named[0] : undefined);
    if (top) return choose(top);
  }
  throw fail('there are several trees in it', `say which one by 'tree:' of the data set: ${listed(names)}`);
}

function entryOf(key: RootKey): TreeEntry {
  return { name: pathOf(key), kind: NTUPLES.has(key.className) ? 'RNTuple' : 'TTree' };
}

function listed(names: string[]): string {
  const more = names.length - MOST_LISTED;
  return names.slice(0, MOST_LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function describeOthers(keys: readonly RootKey[]): string {
  if (keys.length === 0) return 'the file is empty: check how it was written';
  const classes = [...new Set(keys.map(({ className }) => className))];
  return `it holds objects of ${listed(classes)}`;
}
