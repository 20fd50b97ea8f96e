import type { Histogram } from '../../core/hist/histogram.ts';
import { useExplorer } from '../store/context.tsx';

/** What a plot would show without the brushes of the others; undefined where there are none, or it is not known. */
export function useUnbrushed(name: string): Histogram | undefined {
  return useExplorer((s) =>
    s.brushes.some(({ histogram }) => histogram !== name)
      ? s.result?.unbrushed?.find((one) => one.name === name)?.histogram
      : undefined,
  );
}
