import { Button } from '@mantine/core';
import { Message } from '../components/Message.tsx';
import { formatBytes } from '../numbers.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import styles from './NMinusOne.module.css';
import { NMinusOneCard } from './NMinusOneCard.tsx';
import { useNMinusOne } from './useNMinusOne.ts';

/** A plot for each condition of the cuts, with all the others applied. Loaded when it is looked at. */
export default function NMinusOnePane() {
  const filled = useNMinusOne();
  const { setPane } = useActions();
  const log = useExplorer((s) => s.pane.logarithmic === true);
  if (filled.state === 'failed') {
    const { message, hint } = filled.error;
    return (
      <Message
        kind="error"
        title={message}
        hint={hint}
        actions={
          <Button variant="default" onClick={filled.retry}>
            Try again
          </Button>
        }
      />
    );
  }
  if (filled.state === 'asks')
    return (
      <Message
        kind="note"
        title={`The N−1 plots fetch ${formatBytes(filled.bytes)}`}
        hint="They need parts of the files that the cuts leave out."
        actions={<Button onClick={filled.fill}>Fill the plots</Button>}
      />
    );
  if (filled.state !== 'filled') {
    const words =
      filled.state === 'filling' ? 'Filling the N−1 plots…' : 'N−1 plots come after the run of the analysis.';
    return (
      <p className={styles.note} role="status">
        {words}
      </p>
    );
  }
  if (filled.plots.length === 0)
    return <p className={styles.note}>There is no cut yet. Each condition of a cut gets a plot of its own here.</p>;
  return (
    <>
      <div className={styles.bar}>
        <p>What each condition is about, for events that pass all the others. What it removes is shaded.</p>
        <button
          type="button"
          className={styles.log}
          aria-pressed={log}
          title="Logarithmic y axes"
          onClick={() => setPane({ logarithmic: log ? undefined : true })}
        >
          log
        </button>
      </div>
      <div className={styles.grid}>
        {filled.plots.map((plot, k) => (
          <NMinusOneCard
            key={`${plot.condition.cut} ${plot.condition.text}`}
            plot={plot}
            conditions={filled.conditions}
            at={k}
          />
        ))}
      </div>
    </>
  );
}
