import { IconX } from '@tabler/icons-react';
import { useActions, useExplorer } from '../store/context.tsx';
import { DragSwitch } from './DragSwitch.tsx';
import styles from './PlotTools.module.css';
import { useBrushNames } from './useBrushNames.ts';

/** What goes for all plots: what a drag in them does, and the brushes that there are. */
export default function PlotTools() {
  const { removeBrushes } = useActions();
  const brushes = useExplorer((s) => s.brushes);
  const names = useBrushNames(brushes);
  return (
    <div className={styles.tools}>
      {names.length > 0 && (
        <span className={styles.brushes} title={names.join('\n')}>
          {names.length === 1 ? '1 brush' : `${names.length} brushes`}
          <button
            type="button"
            className={styles.remove}
            onClick={removeBrushes}
            aria-label={names.length === 1 ? 'Remove the brush' : 'Remove all brushes'}
            title={names.length === 1 ? 'Remove the brush' : 'Remove all brushes'}
          >
            <IconX size={12} aria-hidden />
          </button>
        </span>
      )}
      <DragSwitch />
    </div>
  );
}
