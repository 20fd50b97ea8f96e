import { useActions, useExplorer } from '../store/context.tsx';
import { SHOWS, type Show } from '../store/pane.ts';
import styles from './PaneSwitch.module.css';

export const SHOW_NAMES: Record<Show, string> = { plots: 'Plots', events: 'Events' };

/** Chooses what the pane on the right shows. */
export function PaneSwitch() {
  const shown = useExplorer((s) => s.pane.show);
  const { setPane } = useActions();
  return (
    <nav className={styles.switch} aria-label="What is shown">
      {SHOWS.map((show) => (
        <button key={show} type="button" aria-pressed={shown === show} onClick={() => setPane({ show })}>
          {SHOW_NAMES[show]}
        </button>
      ))}
    </nav>
  );
}
