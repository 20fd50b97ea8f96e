import type { Dataset } from '../../core/analysis/document.ts';
import { formatCount } from '../numbers.ts';
import { useActions } from '../store/context.tsx';
import type { FileState } from '../store/state.ts';
import styles from './TreeChooser.module.css';

/** Which tree of its ROOT files a data set is made of: the choice goes into the document. */
export default function TreeChooser({ dataset, files }: { dataset: Dataset; files: readonly FileState[] }) {
  const { edit } = useActions();
  const trees = treesOf(files);
  const open = files.find((file) => file.summary?.trees)?.summary?.trees?.open ?? '';
  return (
    <label className={styles.tree}>
      Tree
      <select
        value={trees.some(({ name }) => name === open) ? open : ''}
        onChange={({ target: { value } }) =>
          edit([{ kind: 'setDataset', name: dataset.name, dataset: { ...dataset, tree: value } }])
        }
      >
        {!trees.some(({ name }) => name === open) && <option value="">choose one…</option>}
        {trees.map(({ name, kind, events }) => (
          <option key={name} value={name}>
            {name}
            {kind === 'RNTuple' && ' (RNTuple)'}
            {events !== undefined && `, ${formatCount(events)} ${events === 1 ? 'entry' : 'entries'}`}
          </option>
        ))}
      </select>
    </label>
  );
}

interface Choice {
  name: string;
  kind?: string;
  events?: number;
}

/** Trees of any of the files: those that were opened tell more of theirs. */
function treesOf(files: readonly FileState[]): Choice[] {
  const found = new Map<string, Choice>();
  for (const { summary, error } of files) {
    for (const tree of summary?.trees?.all ?? []) if (!found.get(tree.name)?.events) found.set(tree.name, tree);
    for (const name of error?.place.trees ?? []) if (!found.has(name)) found.set(name, { name });
  }
  return [...found.values()];
}
