import type { FileState } from '../store/state.ts';

/** A file that could not be opened, and how many others of its data set could not for the same reason. */
export interface Failure {
  file: FileState;
  /** Index of its data set. */
  at: number;
  more: number;
}

/** What is to be told of files that failed: the same of many files once, since a pattern may stand for thousands. */
export function failuresOf(sets: readonly (readonly FileState[])[]): Failure[] {
  const found = new Map<string, Failure>();
  for (const [at, set] of sets.entries())
    for (const file of set) {
      if (file.status !== 'failed') continue;
      const key = `${at} ${reasonOf(file)}`;
      const same = found.get(key);
      if (same) same.more++;
      else found.set(key, { file, at, more: 0 });
    }
  return [...found.values()];
}

/** Equal for files that one way out helps: one choice of a tree, one key. Histograms are shown file by file. */
function reasonOf({ error, key, name }: FileState): string {
  if (!error || error.place.histograms !== undefined) return key;
  const { trees, file } = error.place;
  if (trees) return `trees ${trees.join(' ')}`;
  return error.message.replaceAll(name, '').replaceAll(file ?? name, '');
}
