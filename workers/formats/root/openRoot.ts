import type { ByteSource, PinnedFile } from '../../io/byteSource.ts';
import type { EventFile, FileSummary } from '../eventFile.ts';
import { type Chosen, chooseTree } from './chooseTree.ts';
import { histogramKeys } from './histograms/histogramKeys.ts';
import { openRootFile } from './openRootFile.ts';
import { openTree } from './openTree.ts';
import type { RootFile } from './rootFile.ts';
import { chunksOf } from './treeChunks.ts';
import { columnBytes, TreeFile } from './treeFile.ts';

/**
 * Opens one tree or ntuple of a ROOT file: the one that the file's address names, else what `chooseTree` takes.
 * @param start the first bytes of the file, where they are known
 * @throws LumiscopeError `format`, `source`, `cancelled`
 */
export async function openRoot(
  source: ByteSource,
  file: PinnedFile,
  signal?: AbortSignal,
  start?: Uint8Array,
): Promise<EventFile> {
  const root = await openRootFile(source, signal, start);
  const chosen = chooseTree(root, file.address.tree);
  const { key, entry } = chosen;
  if (entry.kind === 'RNTuple') {
    const { openNTuple } = await import('./ntuple/openNTuple.ts');
    const ntuple = await openNTuple(root, key, file, signal);
    Object.assign(ntuple.summary, besides(root, chosen, ntuple.summary.events));
    return ntuple;
  }
  const tree = await openTree(root, key, signal);
  const chunks = chunksOf(tree);
  return new TreeFile(source, tree.branches, {
    file,
    format: 'ttree',
    ...besides(root, chosen, tree.events),
    events: tree.events,
    columns: tree.branches.map(({ info }) => info),
    chunks,
    columnBytes: columnBytes(tree.branches, chunks),
    columnRanges: new Float64Array(2 * tree.branches.length).fill(Number.NaN),
    metadata: {},
    unsupported: tree.unsupported,
  });
}

/** What else is in the file. */
function besides(root: RootFile, { entry, all }: Chosen, events: number): Pick<FileSummary, 'trees' | 'histograms'> {
  const histograms = histogramKeys(root).length;
  const known = all.map((one) => (one.name === entry.name ? { ...one, events } : one));
  return { trees: { all: known, open: entry.name }, ...(histograms > 0 && { histograms }) };
}
