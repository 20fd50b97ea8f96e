import { useExplorer } from '../store/context.tsx';
import styles from './BrushChip.module.css';
import { useBrushNames } from './useBrushNames.ts';

/** Says that a plot shows the events in the brushes of other plots. */
export default function BrushChip({ histogram }: { histogram: string }) {
  const brushes = useExplorer((s) => s.brushes);
  const names = useBrushNames(brushes.filter((brush) => brush.histogram !== histogram));
  if (names.length === 0) return null;
  return (
    <span className={styles.chip} title={`Only events with ${names.join(' and ')}`}>
      {names.length === 1 ? '1 brush' : `${names.length} brushes`}
    </span>
  );
}
