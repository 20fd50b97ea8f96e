import { Button } from '@mantine/core';
import { IconPlayerPlayFilled, IconPlayerStopFilled } from '@tabler/icons-react';
import { formatBytes, formatCount, formatDuration, formatPercent } from '../numbers.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import type { Phase } from '../store/state.ts';
import styles from './RunControls.module.css';

/** What a run costs, the button that starts or cancels it, and how long it takes yet. */
export function RunControls() {
  const { run, cancel, setPane } = useActions();
  const phase = useExplorer((s) => s.phase);
  const plan = useExplorer((s) => s.plan);
  const progress = useExplorer((s) => s.progress);
  const busy = phase === 'running' || phase === 'planning' || phase === 'opening';
  const left =
    phase === 'running' && progress && progress.events > 0 && progress.seconds > 0.5
      ? ((progress.totalEvents - progress.events) * progress.seconds) / progress.events
      : undefined;
  const share = progress ? Math.floor((100 * progress.events) / progress.totalEvents) / 100 : 0;
  return (
    <div className={styles.controls}>
      {left !== undefined || !plan ? (
        <span className={styles.cost} data-testid="cost">
          {left !== undefined && `${formatPercent(share)} · ${formatDuration(left)} left`}
        </span>
      ) : (
        <button
          type="button"
          className={styles.cost}
          data-testid="cost"
          title="Show what is read, and from where"
          onClick={() => setPane({ show: 'plan' })}
        >
          {costText(plan.bytes, plan.columns.length)}
        </button>
      )}
      {busy ? (
        <Button
          className={styles.button}
          variant="default"
          onClick={cancel}
          leftSection={<IconPlayerStopFilled size={12} />}
          title="Stop here: the plots keep what they have (Esc)"
        >
          Cancel
        </Button>
      ) : (
        <Button
          className={styles.button}
          variant={phase === 'ready' ? 'filled' : 'default'}
          onClick={run}
          disabled={phase === 'wrong' || phase === 'waiting'}
          leftSection={<IconPlayerPlayFilled size={12} />}
          title={`${HINTS[phase] ?? 'Run'} (Ctrl+Enter)`}
        >
          Run
        </Button>
      )}
    </div>
  );
}

/** What the button would do. Changes of the analysis run by themselves. */
const HINTS: Partial<Record<Phase, string>> = {
  wrong: 'The text has errors',
  waiting: 'The data are not there yet',
  ready: 'Fetch the data and run',
  done: 'The plots are up to date: changes run by themselves. Run again',
  cancelled: 'Run again',
  failed: 'Run again',
};

function costText(bytes: number, columns: number): string {
  const what = `${formatCount(columns)} ${columns === 1 ? 'column' : 'columns'}`;
  return bytes > 0 ? `${formatBytes(bytes)} to fetch · ${what}` : `${what} in memory`;
}

/** A thin line under the header that fills while a run goes on. */
export function ProgressLine() {
  const running = useExplorer((s) => s.phase === 'running' || s.phase === 'opening' || s.phase === 'planning');
  const share = useExplorer((s) =>
    s.phase === 'running' && s.progress && s.progress.totalEvents > 0 ? s.progress.events / s.progress.totalEvents : 0,
  );
  const known = share > 0;
  if (!running) return <div className={styles.track} />;
  return (
    <section className={styles.track} aria-label="Run">
      <div
        className={known ? styles.fill : styles.busy}
        role="progressbar"
        aria-label="Progress of the run"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={known ? Math.round(share * 100) : undefined}
        style={known ? { transform: `scaleX(${share})` } : undefined}
      />
    </section>
  );
}
