import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconPlayerPlay } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { type PlainError, toPlain } from '../../core/errors.ts';
import type { SqlResult } from '../../workers/sql/sqlDatabase.ts';
import { Message } from '../components/Message.tsx';
import { formatBytes, formatCount, formatDuration } from '../numbers.ts';
import { askedBefore, rememberAsked } from './history.ts';
import type { ChartChoice } from './inLink.ts';
import { ResultChart } from './ResultChart.tsx';
import { ResultTable } from './ResultTable.tsx';
import { SaveResult } from './SaveResult.tsx';
import styles from './Sql.module.css';
import { TableList } from './TableList.tsx';
import type { useDatabase } from './useDatabase.ts';

const SqlEditor = lazy(() => import('./SqlEditor.tsx'));

/** A question that a person may begin with. */
export interface Example {
  name: string;
  text: string;
  /** Called when it is chosen: what it needs beside the tables. */
  choose?: () => void;
}

interface Props {
  base: ReturnType<typeof useDatabase>;
  text: string;
  onText(text: string, step?: 'moved'): void;
  examples: readonly Example[];
  /** How the answer is drawn; undefined: as a table. */
  chart: ChartChoice | undefined;
  onChart(chart: ChartChoice | undefined): void;
  /** What loading tables says while a question waits for it. */
  note?: string | undefined;
  /** Ways to further tables. */
  children?: ReactNode;
}

type Asked =
  | { state: 'idle' }
  | { state: 'running'; since: number }
  | { state: 'cancelled' }
  | { state: 'failed'; error: PlainError; text: string };

/** Questions in SQL to tables in this tab: a text, the tables that there are, and the answer as a table or a chart. */
export function SqlConsole({ base, text, onText, examples, chart, onChart, note, children }: Props) {
  const { loading, tables, lookAgain } = base;
  const shelved = loading.state === 'ready' ? loading.shelved : undefined;
  const [result, setResult] = useState<SqlResult>();
  const [asked, setAsked] = useState<Asked>({ state: 'idle' });
  const [history, setHistory] = useState(askedBefore);
  /** Asked while DuckDB was on its way. */
  const [waits, setWaits] = useState(false);
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  // The answer that was there before another tab of the page was looked at.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the database comes
  useEffect(() => {
    if (shelved?.last?.text === text) setResult(shelved.last.result);
  }, [shelved]);

  const run = () => {
    if (!shelved || loading.state !== 'ready') {
      if (loading.state === 'loading') setWaits(true);
      return;
    }
    abort.current?.abort();
    const own = new AbortController();
    abort.current = own;
    setAsked({ state: 'running', since: performance.now() });
    rememberAsked(text);
    setHistory(askedBefore());
    loading.database.query(text, { signal: own.signal }).then(
      (answer) => {
        if (own.signal.aborted) return;
        shelved.last = { text, result: answer };
        setResult(answer);
        setAsked({ state: 'idle' });
        lookAgain();
      },
      (error) => {
        if (abort.current !== own) return;
        setAsked(own.signal.aborted ? { state: 'cancelled' } : { state: 'failed', error: toPlain(error), text });
        lookAgain();
      },
    );
  };
  const latest = useRef(run);
  latest.current = run;
  const isReady = loading.state === 'ready';
  useEffect(() => {
    if (!waits || !isReady) return;
    // What makes tables known hears of the database in the same turn, and comes first.
    const timer = setTimeout(() => {
      setWaits(false);
      latest.current();
    });
    return () => clearTimeout(timer);
  }, [waits, isReady]);
  const running = asked.state === 'running';
  const error = asked.state === 'failed' && asked.text === text ? asked.error : undefined;
  return (
    <div className={styles.frame}>
      <div className={styles.console}>
        <div className={styles.question}>
          <Suspense fallback={<div className={styles.editor} aria-busy="true" />}>
            <SqlEditor
              text={text}
              tables={tables}
              error={error}
              onText={onText}
              onRun={run}
              className={styles.editor}
            />
          </Suspense>
          <div className={styles.tools}>
            <Button
              onClick={run}
              disabled={running || waits || loading.state === 'failed'}
              leftSection={<IconPlayerPlay size={14} />}
              title="Ctrl+Enter"
            >
              Run
            </Button>
            {running && (
              <Button variant="default" onClick={() => abort.current?.abort()}>
                Cancel
              </Button>
            )}
            <Texts
              label="Examples"
              items={examples.map(({ name, text, choose }) => ({
                key: name,
                name,
                choose() {
                  choose?.();
                  onText(text, 'moved');
                },
              }))}
            />
            <Texts
              label="History"
              items={history.map((one) => ({
                key: one,
                name: shortened(one),
                title: one,
                choose: () => onText(one, 'moved'),
              }))}
            />
            <Status asked={asked} result={result} note={note} base={base} />
          </div>
          {asked.state === 'failed' && <Message kind="error" title={placed(asked.error)} hint={asked.error.hint} />}
          {loading.state === 'failed' && (
            <Message
              kind="error"
              title={loading.error.message}
              hint={loading.error.hint}
              actions={<Button onClick={loading.retry}>Try again</Button>}
            />
          )}
        </div>
        <aside className={styles.side} aria-label="Tables">
          {children}
          <TableList tables={tables} />
        </aside>
        <Answer result={result} dimmed={running || asked.state === 'failed'} chart={chart} onChart={onChart} />
      </div>
    </div>
  );
}

function Answer({
  result,
  dimmed,
  chart,
  onChart,
}: {
  result: SqlResult | undefined;
  dimmed: boolean;
  chart: ChartChoice | undefined;
  onChart(chart: ChartChoice | undefined): void;
}) {
  if (!result) return null;
  const { columns, rows } = result;
  return (
    <section className={styles.answer} aria-label="Answer" data-dimmed={dimmed || undefined}>
      <div className={styles.tools}>
        <div className={styles.ways}>
          <button type="button" aria-pressed={!chart} onClick={() => onChart(undefined)}>
            Table
          </button>
          <button type="button" aria-pressed={!!chart} onClick={() => onChart(chart ?? { kind: 'bars' })}>
            Chart
          </button>
        </div>
        <SaveResult result={result} />
      </div>
      {chart ? (
        <ResultChart columns={columns} rows={rows} choice={chart} onChoice={onChart} />
      ) : rows === 0 ? (
        <p className={styles.note}>No rows.</p>
      ) : (
        <ResultTable key={columns.map(({ info }) => info.name).join('\n')} columns={columns} rows={rows} />
      )}
    </section>
  );
}

function Texts({
  label,
  items,
}: {
  label: string;
  items: readonly { key: string; name: string; title?: string; choose(): void }[];
}) {
  if (items.length === 0) return null;
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} />}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={styles.menu}>
        {items.map(({ key, name, title, choose }) => (
          <Menu.Item key={key} title={title} onClick={choose}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** How far it is, in a line. */
function Status({
  asked,
  result,
  note,
  base: { loading },
}: {
  asked: Asked;
  result: SqlResult | undefined;
  note: string | undefined;
  base: Props['base'];
}) {
  const seconds = useSeconds(asked.state === 'running' ? asked.since : undefined);
  return (
    <span role="status" className={styles.status}>
      {loading.state === 'loading'
        ? `Loading DuckDB, 34 MB (7.7 MB when compressed), once${loading.progress.bytes > 0 ? `: ${formatBytes(loading.progress.bytes)}` : ''}…`
        : asked.state === 'running'
          ? `${note ?? 'Running'}…${seconds > 0 ? ` ${seconds} s` : ''}`
          : asked.state === 'cancelled'
            ? 'Cancelled'
            : asked.state === 'failed' || !result
              ? ''
              : `${result.truncated ? 'The first ' : ''}${formatCount(result.rows)} ${result.rows === 1 ? 'row' : 'rows'} in ${formatDuration(result.milliseconds / 1000)}${result.truncated ? '; there are more: aggregate, or add LIMIT' : ''}`}
    </span>
  );
}

function useSeconds(since: number | undefined): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    setSeconds(0);
    if (since === undefined) return;
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - since) / 1000)), 500);
    return () => clearInterval(timer);
  }, [since]);
  return seconds;
}

function placed({ message, place: { line, col } }: PlainError): string {
  return line === undefined ? message : `line ${line}, column ${col}: ${message}`;
}

function shortened(text: string): string {
  const words = text.replace(/\s+/g, ' ').trim();
  return words.length > 80 ? `${words.slice(0, 79)}…` : words;
}
