import { lazy, Suspense } from 'react';
import { useActions, useExplorer } from '../store/context.tsx';
import { SHOWS, type Show } from '../store/pane.ts';
import styles from './PaneSwitch.module.css';
import { useSettled } from './useSettled.ts';

const PlotTools = lazy(() => import('../brush/PlotTools.tsx'));

export const SHOW_NAMES: Record<Show, string> = {
  plots: 'Plots',
  events: 'Events',
  'n-1': 'N−1',
  sql: 'SQL',
  explanation: 'Explanation',
  plan: 'Plan',
};

/** What the pane on the right can show of this document, and what it shows. */
export function useShows(): { shows: readonly Show[]; show: Show } {
  const explained = useExplorer((s) => s.document?.explanation !== undefined);
  const wanted = useExplorer((s) => s.pane.show);
  // The plan has no place of its own among them: the cost of a run leads to it.
  const has: Partial<Record<Show, boolean>> = { explanation: explained, plan: wanted === 'plan' };
  const shows = SHOWS.filter((show) => has[show] ?? true);
  return { shows, show: shows.includes(wanted) ? wanted : 'plots' };
}

/** Chooses what the pane on the right shows; beside it, what goes for all plots. */
export function PaneSwitch() {
  const { shows, show: shown } = useShows();
  const { setPane } = useActions();
  const hasPlots = useExplorer((s) => (s.document?.histograms.length ?? 0) > 0);
  const settled = useSettled();
  return (
    <div className={styles.bar}>
      <nav className={styles.switch} aria-label="What is shown">
        {shows.map((show) => (
          <button key={show} type="button" aria-pressed={shown === show} onClick={() => setPane({ show })}>
            {SHOW_NAMES[show]}
          </button>
        ))}
      </nav>
      {shown === 'plots' && hasPlots && settled && (
        <Suspense>
          <PlotTools />
        </Suspense>
      )}
    </div>
  );
}
