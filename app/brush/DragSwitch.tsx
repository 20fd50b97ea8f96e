import { useEffect } from 'react';
import { useActions, useContextual, useExplorer } from '../store/context.tsx';
import styles from './DragSwitch.module.css';

const CHOICES = [
  ['zoom', 'Zoom', 'A drag in a plot shows a part of it (b)'],
  ['brush', 'Brush', 'A drag in a plot marks a part of it: the other plots show the events that lie there (b)'],
] as const;

/** What a drag in a plot does. The key b goes from one to the other. */
export function DragSwitch() {
  const { store } = useContextual();
  const { setPane } = useActions();
  const drag = useExplorer((s) => s.pane.drag ?? 'zoom');
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'b' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      setPane({ drag: store.getState().pane.drag === 'brush' ? 'zoom' : 'brush' });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [store, setPane]);
  return (
    <div className={styles.switch} role="group" aria-label="Drag in a plot">
      <span className={styles.label} aria-hidden>
        Drag
      </span>
      {CHOICES.map(([value, name, title]) => (
        <button
          key={value}
          type="button"
          aria-pressed={drag === value}
          title={title}
          onClick={() => setPane({ drag: value })}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches('input, textarea, select') ||
      target.closest('[role=menu], dialog') !== null)
  );
}
