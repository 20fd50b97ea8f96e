import type { MonitorSnapshot } from '../../core/ingest/monitorSnapshot.ts';
import { formatBytes, formatCount, formatPercent } from '../numbers.ts';
import styles from './MonitorView.module.css';

/** The numbers that tell at one look how a relay is. */
export function Counters({ totals, datasets, started, at }: MonitorSnapshot & { at: number }) {
  const { published, staged, waiting, duplicates, duplicateEvents, takeovers, errors, proxy } = totals;
  const failed = Object.values(errors).reduce((sum, one) => sum + one, 0);
  const where = Object.entries(errors).filter(([, count]) => count > 0);
  const all = Object.values(datasets.counts).reduce((sum, one) => sum + one, 0);
  return (
    <dl className={styles.counters} aria-label="Counters">
      <Counter name="Published" value={formatCount(published.events)} unit="events">
        {formatCount(published.datasets)} of {formatCount(all)} datasets, {formatBytes(published.bytes)}
      </Counter>
      <Counter name="Staged" value={formatCount(staged.objects)} unit="objects">
        {formatBytes(staged.bytes)}, {formatCount(waiting)} not chosen yet
      </Counter>
      <Counter name="Duplicates avoided" value={formatCount(duplicates)} unit="objects">
        in the store; {formatCount(duplicateEvents)} events since the start
      </Counter>
      <Counter name="Errors" value={formatCount(failed)} unit="since the start" bad={failed > 0}>
        {where.length === 0
          ? 'none of any part'
          : where.map(([part, count]) => `${part} ${formatCount(count)}`).join(', ')}
      </Counter>
      <Counter name="Begun again" value={formatCount(takeovers)} unit="insertions">
        that were interrupted, since the start
      </Counter>
      <Counter name="Range proxy" value={formatCount(proxy.requests)} unit="requests">
        {formatBytes(proxy.bytes)}
        {proxy.requests > 0 && `, ${formatPercent(proxy.fromCache / proxy.requests)} cached`}
      </Counter>
      <Counter name="Runs for" value={upTime(at - started)} unit="">
        since{' '}
        {new Date(started).toLocaleString(undefined, {
          month: 'short',
          day: 'numeric',
          hour: 'numeric',
          minute: '2-digit',
        })}
      </Counter>
    </dl>
  );
}

function Counter({
  name,
  value,
  unit,
  bad = false,
  children,
}: {
  name: string;
  value: string;
  unit: string;
  bad?: boolean;
  children: React.ReactNode;
}) {
  return (
    <div data-bad={bad || undefined}>
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong> {unit}
      </dd>
      <dd className={styles.more}>{children}</dd>
    </div>
  );
}

/** `3 min`, `2 h 05 min`, `12 d 3 h` */
function upTime(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
