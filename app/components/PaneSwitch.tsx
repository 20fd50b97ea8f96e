import { useActions, useExplorer } from '../store/context.tsx';
import { SHOWS, type Show } from '../store/pane.ts';
import styles from './PaneSwitch.module.css';

export const SHOW_NAMES: Record<Show, string> = {
  plots: 'Plots',
  events: 'Events',
  'n-1': 'N−1',
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

/** Chooses what the pane on the right shows. */
export function PaneSwitch() {
  const { shows, show: shown } = useShows();
  const { setPane } = useActions();
  return (
    <nav className={styles.switch} aria-label="What is shown">
      {shows.map((show) => (
        <button key={show} type="button" aria-pressed={shown === show} onClick={() => setPane({ show })}>
          {SHOW_NAMES[show]}
        </button>
      ))}
    </nav>
  );
}
