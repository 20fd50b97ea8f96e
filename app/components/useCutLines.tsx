import { lazy, type ReactNode, Suspense, useCallback } from 'react';
import type { HistogramSpec } from '../../core/analysis/document.ts';
import type { PlotArea } from '../plots/plotArea.ts';
import { useExplorer } from '../store/context.tsx';
import { useSettled } from './useSettled.ts';

const CutLines = lazy(() => import('./CutLines.tsx'));

/**
 * What lies over a plot of its histogram: lines at the numbers of cuts. They come after the first plots.
 * @param drawn positions of the axes that are drawn
 */
export function useCutLines(
  { axes }: HistogramSpec,
  drawn: { x: number; y?: number },
  off = false,
): ((area: PlotArea) => ReactNode) | undefined {
  const settled = useSettled();
  const some = useExplorer((s) => s.document?.select.some(({ enabled }) => enabled) ?? false);
  const x = axes[drawn.x]?.value;
  const y = drawn.y === undefined ? undefined : axes[drawn.y]?.value;
  const over = useCallback(
    (area: PlotArea) =>
      x !== undefined && (
        <Suspense>
          <CutLines area={area} x={x} y={y} />
        </Suspense>
      ),
    [x, y],
  );
  return settled && some && !off ? over : undefined;
}
