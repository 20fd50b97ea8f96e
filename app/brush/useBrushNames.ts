import type { Brush } from '../../core/analysis/brush.ts';
import { axisOf } from '../../core/analysis/compile.ts';
import { useExplorer } from '../store/context.tsx';
import { brushWords } from './brushWords.ts';

/** Brushes in words; of those only that the document has a place for. */
export function useBrushNames(brushes: readonly Brush[]): string[] {
  const specs = useExplorer((s) => s.document?.histograms) ?? [];
  return brushes.flatMap((brush) => {
    const axes = specs.find(({ name }) => name === brush.histogram)?.axes;
    if (!axes || brush.ranges.some(({ axis }) => !axes[axis])) return [];
    return brushWords(brush, axes.map(axisOf)).join(' and ');
  });
}
