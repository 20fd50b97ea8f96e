import { Button } from '@mantine/core';
import { IconPlayerPlayFilled, IconPlayerStopFilled } from '@tabler/icons-react';
import { formatBytes, formatCount, formatDuration } from '../numbers.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import styles from './RunControls.module.css';

/** What a run costs, the button that starts or cancels it, and how long it takes yet. */
export function RunControls() {
  const { run, cancel } = useActions();
  const phase = useExplorer((s) => s.phase);
  const plan = useExplorer((s) => s.plan);
  const progress = useExplorer((s) => s.progress);
  const busy = phase === 'running' || phase === 'planning' || phase === 'opening';
  const left =
    phase === 'running' && progress && progress.events > 0 && progress.seconds > 0.5
      ? ((progress.totalEvents - progress.events) * progress.seconds) / progress.events
      : undefined;
  return (
    <div className={styles.controls}>
      <span className={styles.cost} data-testid="cost">
        {left !== undefined ? `${formatDuration(left)} left` : plan ? costText(plan.bytes, plan.columns.length) : ''}
      </span>
      {busy ? (
        <Button
          className={styles.button}
          variant="default"
          onClick={cancel}
          leftSection={<IconPlayerStopFilled size={12} />}
          title="Esc"
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
          title="Ctrl+Enter"
        >
          Run
        </Button>
      )}
    </div>
  );
}

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
  return (
    <div className={styles.track}>
      {running && (
        <div
          className={styles.fill}
          role="progressbar"
          aria-label="Progress of the run"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(share * 100)}
          style={{ transform: `scaleX(${share})` }}
        />
      )}
    </div>
  );
}
