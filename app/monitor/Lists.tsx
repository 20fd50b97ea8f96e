/** Who works with a relay, and what is wrong with it. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { MonitorSnapshot } from '../../core/ingest/monitorSnapshot.ts';
import { formatBytes, formatCount, formatDuration, formatPercent, formatRate } from '../numbers.ts';
import styles from './MonitorView.module.css';
import { Table } from './Table.tsx';
import { ALARM_WORDS, formatAge, formatMoment } from './words.ts';

const More = ({ more }: { more: number }) =>
  more > 0 ? <p className={styles.more}>{formatCount(more)} more</p> : null;

export function Producers({
  producers: { shown, more },
  now,
}: {
  producers: MonitorSnapshot['producers'];
  now: number;
}) {
  return (
    <section className={styles.panel} aria-labelledby="producers">
      <h2 id="producers">Producers</h2>
      <Table
        label="Producers since the start"
        keyOf={({ producer }) => producer}
        rows={shown}
        none="Nobody sent anything since the relay was started."
        columns={[
          { name: 'producer', label: 'Producer', cell: ({ producer }) => producer },
          { name: 'objects', label: 'Objects', right: true, narrow: true, cell: ({ objects }) => formatCount(objects) },
          { name: 'again', label: 'Sent again', right: true, narrow: true, cell: ({ again }) => formatCount(again) },
          { name: 'events', label: 'Events', right: true, narrow: true, cell: ({ events }) => formatCount(events) },
          { name: 'bytes', label: 'Size', right: true, narrow: true, cell: ({ bytes }) => formatBytes(bytes) },
          { name: 'rate', label: 'Events/s', right: true, narrow: true, cell: ({ rate }) => formatRate(rate) },
          {
            name: 'seen',
            label: 'Seen',
            right: true,
            narrow: true,
            cell: ({ lastSeen }) => (
              <time dateTime={new Date(lastSeen).toISOString()} title={formatMoment(lastSeen)}>
                {formatAge(now - lastSeen)} ago
              </time>
            ),
          },
        ]}
      />
      <More more={more} />
    </section>
  );
}

export function Consumers({
  consumers: { shown, more },
  waiting,
  now,
}: {
  consumers: MonitorSnapshot['consumers'];
  /** Datasets that are complete, and that none works on. */
  waiting: number;
  now: number;
}) {
  return (
    <section className={styles.panel} aria-labelledby="consumers">
      <h2 id="consumers">Consumers at work</h2>
      {shown.length === 0 ? (
        <p className={styles.quiet}>None{waiting === 0 ? ': nothing waits' : `, and ${formatCount(waiting)} wait`}.</p>
      ) : (
        <ul className={styles.list}>
          {shown.map(({ consumer, dataset, done, events, attempt, since }) => (
            <li key={`${consumer} ${dataset}`}>
              <span className={`mono ${styles.name}`}>{dataset}</span>
              <progress
                aria-label={`Progress of ${dataset}`}
                max={Math.max(1, events)}
                {...(done !== undefined && { value: Math.min(done, Math.max(1, events)) })}
              />
              <span className={styles.facts}>
                <span>
                  {done === undefined
                    ? `${formatCount(events)} events`
                    : `${formatCount(done)} of ${formatCount(events)} events${events > 0 ? `, ${formatPercent(Math.min(1, done / events))}` : ''}`}
                </span>
                <span>
                  {consumer}
                  {attempt > 1 && `, attempt ${attempt}`}
                </span>
                <span>{formatAge(now - since)}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      <More more={more} />
    </section>
  );
}

export function Alarms({ alarms: { shown, more }, now }: { alarms: MonitorSnapshot['alarms']; now: number }) {
  return (
    <section className={styles.panel} aria-labelledby="alarms" data-alarmed={shown.length > 0 || undefined}>
      <h2 id="alarms">
        Alarms{shown.length > 0 && <span className={styles.count}> {formatCount(shown.length + more)}</span>}
      </h2>
      {shown.length === 0 ? (
        <p className={styles.quiet}>None.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <ul className={styles.list} tabIndex={0} aria-label="Alarms that are on">
          {shown.map(({ alarm, dataset, reason, since }) => (
            <li key={`${alarm} ${dataset}`}>
              <span className={styles.facts}>
                <strong className={styles.alarm}>{ALARM_WORDS[alarm]}</strong>
                <time dateTime={new Date(since).toISOString()} title={`since ${formatMoment(since)}`}>
                  for {formatAge(now - since)}
                </time>
              </span>
              <span>{reason}</span>
              {dataset && !reason.includes(dataset) && <span className={`mono ${styles.name}`}>{dataset}</span>}
            </li>
          ))}
        </ul>
      )}
      <More more={more} />
    </section>
  );
}

/** @param onTest undefined where the caller may not have it tested */
export function SelfTest({
  selfTest: { last, running },
  now,
  onTest,
}: {
  selfTest: MonitorSnapshot['selfTest'];
  now: number;
  onTest: (() => Promise<string | undefined>) | undefined;
}) {
  const [refused, setRefused] = useState<string>();
  return (
    <section className={styles.panel} aria-labelledby="self-test">
      <div className={styles.heading}>
        <h2 id="self-test" title="Stages, publishes and picks an event that it knows, by the same code as everybody's">
          Self-test
        </h2>
        {onTest && (
          <Button
            size="compact-xs"
            variant="default"
            disabled={running}
            onClick={async () => setRefused(await onTest())}
          >
            Test now
          </Button>
        )}
      </div>
      <p className={styles.test}>
        {running ? (
          'Running…'
        ) : last ? (
          <>
            <strong data-ok={last.ok}>{last.ok ? 'Passed' : 'Failed'}</strong>{' '}
            <time dateTime={new Date(last.at).toISOString()} title={formatMoment(last.at)}>
              {formatAge(now - last.at)} ago
            </time>
            , took {formatDuration(last.ms / 1000)}
          </>
        ) : (
          'None was done by this process.'
        )}
      </p>
      {!running && last?.reason && <p className={styles.problem}>{last.reason}</p>}
      {refused && (
        <p className={styles.problem} role="alert">
          {refused}
        </p>
      )}
    </section>
  );
}
