import { useExplorer } from '../store/context.tsx';
import type { ExplorerState } from '../store/state.ts';
import styles from './Simulated.module.css';

/** Whether any data of the document say that they are simulated: in the file itself or in the document's source. */
export function isSimulated(state: Pick<ExplorerState, 'files' | 'document'>): boolean {
  return (
    state.files.flat().some((f) => /^(true|1|yes)$/i.test(f.summary?.metadata['lumiscope.simulated'] ?? '')) ||
    (state.document?.datasets.some((d) => /simulat/i.test(d.source?.note ?? '')) ?? false)
  );
}

/** The label of simulated data; nothing for recorded data. */
export function Simulated() {
  const simulated = useExplorer(isSimulated);
  return simulated ? (
    <span className={styles.label} title="These events are simulated, not recorded by a detector">
      Simulated data
    </span>
  ) : null;
}
