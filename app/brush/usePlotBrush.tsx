import { type KeyboardEvent, lazy, type ReactNode, Suspense, useState } from 'react';
import type { HistogramSpec } from '../../core/analysis/document.ts';
import type { PlotArea } from '../plots/plotArea.ts';
import { useActions, useExplorer } from '../store/context.tsx';

const PlotBrush = lazy(() => import('./PlotBrush.tsx'));
const BrushChip = lazy(() => import('./BrushChip.tsx'));

interface PlotBrushing {
  /** Over the plot. */
  over: (area: PlotArea) => ReactNode;
  /** Says that brushes of other plots count here. */
  chip: ReactNode;
  /** Starts a brush in the middle, or gives the focus to the one that is there. */
  start(): void;
  /** Of the element around the plot. */
  keys: (event: KeyboardEvent) => void;
}

/**
 * What brushes are on a plot; what shows them is loaded with the first one.
 * @param drawn positions of the axes that are drawn
 * @param name of the plot, for people
 * @param off a drag in the plot is for something else
 */
export function usePlotBrush(
  spec: HistogramSpec,
  drawn: { x: number; y?: number },
  name: string,
  off: boolean,
): PlotBrushing {
  const { setPane } = useActions();
  const hasBrush = useExplorer((s) => s.brushes.some(({ histogram }) => histogram === spec.name));
  const hasOthers = useExplorer((s) => s.brushes.some(({ histogram }) => histogram !== spec.name));
  const makes = useExplorer((s) => s.pane.drag === 'brush');
  const [wanted, setWanted] = useState<object>();
  return {
    over: (area) =>
      !off &&
      (hasBrush || makes || wanted) && (
        <Suspense>
          <PlotBrush area={area} spec={spec} {...drawn} name={name} makes={makes} wanted={wanted} />
        </Suspense>
      ),
    chip: hasOthers && (
      <Suspense>
        <BrushChip histogram={spec.name} />
      </Suspense>
    ),
    start() {
      setPane({ drag: 'brush' });
      setWanted({});
    },
    keys(event) {
      if (off || event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
      if ((event.target as Element).matches('[data-reads-bins]')) setWanted({});
    },
  };
}
