import { useStore } from 'zustand';
import styles from './BrushLayer.module.css';
import { useBrushing } from './useBrushing.ts';

/** A hairline over the plot while the index is built from which the others follow its brush. */
export function IndexProgress({ histogram }: { histogram: string }) {
  const { state } = useBrushing();
  const share = useStore(state, (s) => (s.histogram === histogram ? s.progress : undefined));
  const index = useStore(state, (s) => (s.histogram === histogram ? s.index : undefined));
  if (share === undefined) return index && <span hidden data-index={index} />;
  return (
    <div
      data-index={index}
      className={styles.progress}
      style={{ transform: `scaleX(${share})` }}
      title="Getting ready: soon the other plots follow a brush here at once"
    />
  );
}
