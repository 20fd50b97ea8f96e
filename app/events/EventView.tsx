import { Button, TextInput } from '@mantine/core';
import { IconArrowLeft, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { type PlainError, toPlain } from '../../core/errors.ts';
import type { CutRecord, EventAddress, EventRecord } from '../../workers/eventTable.ts';
import { Message } from '../components/Message.tsx';
import { formatBytes, formatCount } from '../numbers.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import styles from './Events.module.css';
import { ShownValue, SmallTable } from './ShownValue.tsx';
import { columnGroups, shownText } from './shownTable.ts';

interface Props {
  address: EventAddress;
  /** Which one of the table it is. */
  place: string | undefined;
  previous: (() => void) | undefined;
  next: (() => void) | undefined;
}

/** One event, looked at closely: its cuts, definitions and columns. */
export function EventView({ address, place, previous, next }: Props) {
  const { setPane } = useActions();
  const heading = useRef<HTMLHeadingElement>(null);
  const { record, error, isOpen } = useRecord(address);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <article className={styles.event} aria-label="One event">
      <div className={styles.line}>
        <Button
          variant="default"
          leftSection={<IconArrowLeft size={14} />}
          onClick={() => setPane({ event: undefined })}
        >
          All events
        </Button>
        <Button variant="default" aria-label="Previous event" onClick={previous} disabled={!previous}>
          <IconChevronLeft size={14} />
        </Button>
        <Button variant="default" aria-label="Next event" onClick={next} disabled={!next}>
          <IconChevronRight size={14} />
        </Button>
        {place && <span className={styles.faint}>{place}</span>}
        {record && <CopyJson record={record} />}
      </div>
      <h2 ref={heading} tabIndex={-1} className={styles.title} aria-live="polite">
        {record ? titleOf(record) : `Event at position ${formatCount(address.event)}`}
      </h2>
      <Place address={address} />
      {error && <Message kind="error" title={error.message} hint={error.hint} />}
      {!record && !error && (
        <p className={styles.note} role="status">
          {isOpen ? 'Reading the event…' : 'The event comes when the data are open.'}
        </p>
      )}
      {record && (
        <>
          <Verdict cuts={record.cuts} />
          <Cuts cuts={record.cuts} />
          <Definitions record={record} />
          <Columns record={record} />
        </>
      )}
    </article>
  );
}

/** The record of the event, made anew when the document changes. */
function useRecord(address: EventAddress): { record?: EventRecord; error?: PlainError; isOpen: boolean } {
  const { inspect } = useActions();
  const document = useExplorer((s) => s.document);
  const isOpen = useExplorer((s) => s.files.length > 0 && s.files.flat().every(({ status }) => status === 'open'));
  const all = useExplorer((s) => s.pane.allColumns);
  const [state, setState] = useState<{ record?: EventRecord; error?: PlainError }>({});
  const { dataset, file, event } = address;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the record depends on the document as well
  useEffect(() => {
    if (!isOpen) return;
    let gone = false;
    const here = { dataset, file, event };
    setState(({ record }) => (record && isSame(record.address, here) ? { record } : {}));
    inspect(here, { ...(all && { columns: 'all' }) }).then(
      (record) => !gone && setState({ record }),
      (error) => !gone && setState({ error: toPlain(error) }),
    );
    return () => {
      gone = true;
    };
  }, [dataset, file, event, document, isOpen, all]);
  return { ...state, isOpen };
}

function isSame(a: EventAddress, b: EventAddress): boolean {
  return a.dataset === b.dataset && a.file === b.file && a.event === b.event;
}

function titleOf({ run, block, event, address }: EventRecord): string {
  if (event === null) return `Event at position ${formatCount(address.event)}`;
  return [run !== null && `Run ${run}`, block !== null && `lumi ${block}`, `event ${event}`]
    .filter(Boolean)
    .join(' · ');
}

function Place({ address: { dataset, file, event } }: { address: EventAddress }) {
  const set = useExplorer((s) => s.document?.datasets[dataset]?.name);
  const name = useExplorer((s) => s.files[dataset]?.[file]?.name);
  return (
    <p className={styles.faint}>
      {set} · {name} · position {formatCount(event)}
    </p>
  );
}

/** Where it failed first, in a sentence. */
function Verdict({ cuts }: { cuts: readonly CutRecord[] }) {
  const failed = cuts.find(({ enabled, value }) => enabled && value !== true);
  if (!failed)
    return (
      <p className={styles.passes}>
        <strong>It passes all cuts.</strong>
      </p>
    );
  return (
    <p className={styles.fails}>
      <strong>It fails the cut “{failed.name}”</strong>
      {failed.error ? ', which can’t be computed.' : failed.value === null ? ': its value is missing.' : '.'}
    </p>
  );
}

function Cuts({ cuts }: { cuts: readonly CutRecord[] }) {
  if (cuts.length === 0) return null;
  return (
    <section>
      <h3>Cuts</h3>
      <ol className={styles.cuts}>
        {cuts.map(({ name, expression, enabled, value, error, parts }) => (
          <li key={name} data-off={!enabled || undefined}>
            <span className={styles.mark} data-value={String(value)} aria-hidden="true">
              {value === true ? '✓' : value === false ? '✗' : '?'}
            </span>
            <div>
              <strong>{name}</strong>{' '}
              <span className="visually-hidden">
                {value === true ? 'passes' : value === false ? 'fails' : 'is missing, which counts as failed'}
              </span>
              {!enabled && <span className={styles.faint}>(off)</span>} <code>{expression}</code>
              {error && <p className={styles.bad}>{[error.message, error.hint].filter(Boolean).join('; ')}</p>}
              {parts.length > 0 && (
                <dl className={styles.parts}>
                  {distinct(expression, parts).map(([text, shown]) => (
                    <div key={text}>
                      <dt>
                        <code>{text}</code>
                      </dt>
                      <dd>{shown}</dd>
                    </div>
                  ))}
                </dl>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Parts as text and value, each text once. */
function distinct(expression: string, parts: CutRecord['parts']): [string, string][] {
  return [...new Map(parts.map(({ span, value }) => [expression.slice(...span), shownText(value)]))];
}

function Definitions({ record: { definitions, weight } }: { record: EventRecord }) {
  const all = [...definitions, ...(weight ? [{ name: 'weight', ...weight }] : [])];
  if (all.length === 0) return null;
  return (
    <section>
      <h3>Definitions</h3>
      <dl className={styles.definitions}>
        {all.map(({ name, expression, words, value, error }) => (
          <div key={name}>
            <dt>
              <strong>{name}</strong> <code title={expression}>{expression}</code>
            </dt>
            <dd>
              {error ? (
                <span className={styles.bad}>{[error.message, error.hint].filter(Boolean).join('; ')}</span>
              ) : (
                <ShownValue value={value} label={`${name}: ${words}`} />
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Columns({ record: { columns, allBytes } }: { record: EventRecord }) {
  const { setPane } = useActions();
  const schema = useExplorer((s) => s.schema);
  const all = useExplorer((s) => s.pane.allColumns);
  const [search, setSearch] = useState('');
  const groups = useMemo(() => (schema ? columnGroups(columns, schema, search) : []), [columns, schema, search]);
  const total = schema?.columns.size ?? columns.length;
  return (
    <section>
      <div className={styles.line}>
        <h3>Columns</h3>
        <TextInput
          aria-label="Search columns of the event"
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          spellCheck={false}
        />
        {columns.length < total && !all && (
          <Button variant="default" onClick={() => setPane({ allColumns: true })}>
            Show all {formatCount(total)} columns ({formatBytes(allBytes)})
          </Button>
        )}
        {all && (
          <Button variant="default" onClick={() => setPane({ allColumns: undefined })}>
            Only what the analysis reads
          </Button>
        )}
      </div>
      {groups.length === 0 && <p className={styles.note}>No column matches “{search}”.</p>}
      <div className={styles.groups}>
        {groups.map(({ name, table }) => (
          <div key={name} className={styles.group}>
            <h4>{name}</h4>
            <SmallTable table={table} label={name} />
          </div>
        ))}
      </div>
    </section>
  );
}

function CopyJson({ record }: { record: EventRecord }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    // Integers that JSON's numbers can't hold are strings.
    const json = JSON.stringify(record, (_, value) => (typeof value === 'bigint' ? String(value) : value), 2);
    await navigator.clipboard.writeText(json);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <Button variant="default" onClick={() => void copy()}>
      {copied ? 'Copied' : 'Copy JSON'}
    </Button>
  );
}
