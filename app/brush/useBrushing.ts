import { type Brushing, createBrushing } from '../store/brushing.ts';
import { useContextual } from '../store/context.tsx';
import type { Explorer } from '../store/explorer.ts';

const made = new WeakMap<Explorer, Brushing>();

/** What follows brushes while they move: one for all plots of the page. */
export function useBrushing(): Brushing {
  const explorer = useContextual();
  const brushing = made.get(explorer) ?? createBrushing(explorer);
  made.set(explorer, brushing);
  return brushing;
}
