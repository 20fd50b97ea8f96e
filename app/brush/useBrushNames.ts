import type { Brush } from '../../core/analysis/brush.ts';
import { useExplorer } from '../store/context.tsx';
import { brushNames } from './brushWords.ts';

/** Brushes in words; of those only that the document has a place for. */
export function useBrushNames(brushes: readonly Brush[]): string[] {
  return brushNames(brushes, useExplorer((s) => s.document?.histograms) ?? []);
}
