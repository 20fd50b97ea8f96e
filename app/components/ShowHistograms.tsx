import { formatCount } from '../numbers.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import type { FileState } from '../store/state.ts';
import styles from './DataList.module.css';

/** The histograms that lie beside the events of a ROOT file, for the asking. */
export default function ShowHistograms({ file }: { file: FileState }) {
  const { showHistograms, showPlot } = useActions();
  const shown = useExplorer((s) => s.saved.some(({ name }) => name === file.name));
  const count = file.summary?.histograms ?? 0;
  const words = `${formatCount(count)} ${count === 1 ? 'histogram' : 'histograms'}`;
  if (shown) return <span className={styles.more}>{words} shown</span>;
  return (
    <button
      type="button"
      className={styles.show}
      onClick={async () => {
        const first = await showHistograms(file);
        if (first !== undefined) showPlot(first);
      }}
    >
      {words}: show
    </button>
  );
}
