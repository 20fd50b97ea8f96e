/** What a run of the open document asks of whom, before it does. */
import { Button } from '@mantine/core';
import type { RequestPlan } from '../../workers/session.ts';
import { Message } from '../components/Message.tsx';
import { formatBytes, formatCount } from '../numbers.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import styles from './Plan.module.css';
import { usePlan } from './usePlan.ts';

/** Columns that are listed; the others together. */
const LISTED = 25;

export default function PlanPane() {
  const planned = usePlan();
  const totals = useExplorer((s) => s.plan);
  const phase = useExplorer((s) => s.phase);
  const { run } = useActions();
  if (planned.state === 'waiting') return <p className={styles.note}>There is a plan once the data are open.</p>;
  if (planned.state === 'planning') return <p className={styles.note}>Planning…</p>;
  // A run says for itself why it can't be.
  if (planned.state === 'failed' && phase === 'failed') return <p className={styles.note}>There is no plan.</p>;
  if (planned.state === 'failed')
    return <Message kind="error" title={planned.error.message} hint={planned.error.hint} />;
  const { plan } = planned;
  const { requests, bytes, cachedBytes } = total(plan);
  const about = plan.isEstimate ? 'about ' : '';
  return (
    <div className={styles.plan}>
      <div className={styles.summary}>
        <p>
          {requests === 0
            ? 'All that this analysis reads is on this machine: nobody is asked for anything.'
            : `A run of this analysis fetches ${about}${formatBytes(bytes)} with ${about}${counted(requests, 'request')}.`}
        </p>
        {phase === 'ready' && <Button onClick={run}>Run</Button>}
      </div>
      <dl className={styles.figures}>
        <Figure name="files" value={formatCount(plan.files)} />
        <Figure
          name="chunks"
          value={formatCount(plan.chunks)}
          note={
            totals && totals.skippedChunks > 0 ? `${formatCount(totals.skippedChunks)} left out by cuts` : undefined
          }
        />
        <Figure name="columns" value={formatCount(plan.columns.length)} />
        <Figure name="from memory" value={formatBytes(plan.memoryBytes)} />
        <Figure name="from the cache" value={formatBytes(cachedBytes)} />
      </dl>
      {plan.hosts.length > 0 && <Hosts plan={plan} />}
      {plan.columns.length > 0 && <Columns columns={plan.columns} />}
      {plan.isEstimate && (
        <p className={styles.note}>
          About: some chunks are taken to cost as much as others of the same host, or show what they take only as they
          are read.
        </p>
      )}
    </div>
  );
}

function Hosts({ plan }: { plan: RequestPlan }) {
  return (
    <table className={styles.table}>
      <caption>Where it is fetched</caption>
      <thead>
        <tr>
          <th scope="col">host</th>
          <th scope="col">files</th>
          <th scope="col">requests</th>
          <th scope="col">bytes</th>
          <th scope="col">cached</th>
        </tr>
      </thead>
      <tbody>
        {plan.hosts.map(({ host, files, requests, bytes, cachedBytes }) => (
          <tr key={host ?? ''}>
            <th scope="row">{host ?? 'this machine'}</th>
            <td>{formatCount(files)}</td>
            <td>{formatCount(requests)}</td>
            <td>{formatBytes(bytes)}</td>
            <td>{formatBytes(cachedBytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Columns({ columns }: { columns: RequestPlan['columns'] }) {
  const most = Math.max(columns[0]?.bytes ?? 0, 1);
  const others = columns.slice(LISTED);
  return (
    <table className={styles.table}>
      <caption>What is read of each column, from memory too</caption>
      <thead>
        <tr>
          <th scope="col">column</th>
          <th scope="col">bytes</th>
          <td aria-hidden="true" />
        </tr>
      </thead>
      <tbody>
        {columns.slice(0, LISTED).map(({ name, bytes }) => (
          <tr key={name}>
            <th scope="row" className="mono">
              {name}
            </th>
            <td>{formatBytes(Math.round(bytes))}</td>
            <td className={styles.bar} aria-hidden="true">
              <span style={{ width: `${(100 * bytes) / most}%` }} />
            </td>
          </tr>
        ))}
        {others.length > 0 && (
          <tr>
            <th scope="row">{formatCount(others.length)} more</th>
            <td>{formatBytes(Math.round(others.reduce((sum, { bytes }) => sum + bytes, 0)))}</td>
            <td aria-hidden="true" />
          </tr>
        )}
      </tbody>
    </table>
  );
}

function Figure({ name, value, note }: { name: string; value: string; note?: string | undefined }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {note && <span className={styles.note}> {note}</span>}
      </dd>
    </div>
  );
}

function total({ hosts }: RequestPlan) {
  const sum = (value: (host: RequestPlan['hosts'][number]) => number) =>
    hosts.reduce((all, one) => all + value(one), 0);
  return {
    requests: sum(({ requests }) => requests),
    bytes: sum(({ bytes }) => bytes),
    cachedBytes: sum(({ cachedBytes }) => cachedBytes),
  };
}

const counted = (n: number, one: string) => `${formatCount(n)} ${one}${n === 1 ? '' : 's'}`;
