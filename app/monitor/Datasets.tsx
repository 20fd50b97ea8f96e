import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { INGEST_STATES, type IngestState } from '../../core/ingest/datasetState.ts';
import type { MonitorDataset, MonitorSnapshot } from '../../core/ingest/monitorSnapshot.ts';
import { catalogueHashOf } from '../catalogue/address.ts';
import { formatCount } from '../numbers.ts';
import styles from './MonitorView.module.css';
import { type Column, Table } from './Table.tsx';
import { formatAge, formatMoment, STATE_WORDS } from './words.ts';

/** Those that ask for somebody come first. */
const ORDER = (Object.keys(STATE_WORDS) as IngestState[]).filter((state) => INGEST_STATES.includes(state));

/** In which states a dataset is in the tables of the catalogue. */
const REGISTERED: ReadonlySet<IngestState> = new Set(['INSERTING', 'DONE', 'FAIL']);

/** Datasets by state, each with its reason and since when it is so. */
export function Datasets({
  datasets,
  now,
  catalogue,
  onRetry,
}: {
  datasets: MonitorSnapshot['datasets'];
  now: number;
  /** Address of the relay's catalogue. */
  catalogue: string;
  /** Has a failed dataset tried again; undefined where the caller may not. @returns what speaks against it */
  onRetry: ((dataset: string) => Promise<string | undefined>) | undefined;
}) {
  const [state, setState] = useState<IngestState>();
  const [text, setText] = useState('');
  const { counts, shown, problem } = datasets;
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const ofState = shown.filter((one) => state === undefined || one.state === state);
  const rows = ofState.filter(({ dataset, details }) =>
    words.every((word) => `${dataset} ${details}`.toLowerCase().includes(word)),
  );
  const hidden = (state === undefined ? all : counts[state]) - ofState.length;
  const columns: Column<MonitorDataset>[] = [
    {
      name: 'dataset',
      label: 'Dataset',
      cell: (one) => (
        <>
          <Name dataset={one} catalogue={catalogue} />
          <Details key={one.since} dataset={one} onRetry={one.state === 'FAIL' ? onRetry : undefined} />
        </>
      ),
    },
    {
      name: 'state',
      label: 'State',
      narrow: true,
      cell: ({ state: now }) => (
        <span className={styles.state} data-state={now} title={STATE_WORDS[now].about}>
          {STATE_WORDS[now].name}
        </span>
      ),
    },
    {
      name: 'since',
      label: 'For',
      right: true,
      narrow: true,
      cell: ({ since }) => (
        <time dateTime={new Date(since).toISOString()} title={`since ${formatMoment(since)}`}>
          {formatAge(now - since)}
        </time>
      ),
    },
    {
      name: 'files',
      label: 'Files',
      right: true,
      narrow: true,
      cell: ({ files, filesComplete }) =>
        filesComplete === files ? formatCount(files) : `${formatCount(filesComplete)} of ${formatCount(files)}`,
    },
    { name: 'events', label: 'Events', right: true, narrow: true, cell: ({ events }) => formatCount(events) },
    {
      name: 'duplicates',
      label: 'Duplicates',
      right: true,
      narrow: true,
      cell: ({ duplicates }) => formatCount(duplicates),
    },
  ];
  return (
    <section className={styles.panel} aria-labelledby="datasets">
      <div className={styles.heading}>
        <h2 id="datasets">Datasets</h2>
        <div className={styles.filters} role="group" aria-label="By state">
          <button type="button" aria-pressed={state === undefined} onClick={() => setState(undefined)}>
            All <span>{formatCount(all)}</span>
          </button>
          {ORDER.map((one) => (
            <button
              key={one}
              type="button"
              data-trouble={(one === 'FAIL' && counts.FAIL > 0) || undefined}
              aria-pressed={state === one}
              title={STATE_WORDS[one].about}
              onClick={() => setState(state === one ? undefined : one)}
            >
              {STATE_WORDS[one].name} <span>{formatCount(counts[one])}</span>
            </button>
          ))}
        </div>
        <TextInput
          className={styles.search}
          aria-label="Datasets by name or reason"
          placeholder="Name or reason"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          spellCheck={false}
        />
      </div>
      {problem !== undefined && (
        <p className={styles.problem}>The store could not be read: {problem}. This is how it was before.</p>
      )}
      <Table
        label="Datasets by state"
        columns={columns}
        rows={rows}
        keyOf={({ dataset }) => dataset}
        none={all === 0 ? <FirstSteps /> : 'None is like this among those that are shown.'}
      />
      {hidden > 0 && (
        <p className={styles.more}>
          {formatCount(hidden)} more: those with trouble and those that changed last are shown;{' '}
          <a href={`${catalogueHashOf(catalogue)}&task=discover&show=datasets`}>the catalogue</a> has all that are
          published.
        </p>
      )}
    </section>
  );
}

function FirstSteps() {
  return (
    <>
      Nothing was staged or declared yet. A producer begins with{' '}
      <code>lumiscope produce FILE… --dataset NAME --relay URL --declare</code>.
    </>
  );
}

function Name({ dataset: { dataset, state }, catalogue }: { dataset: MonitorDataset; catalogue: string }) {
  if (!REGISTERED.has(state)) return <span className="mono">{dataset}</span>;
  const place = `&task=discover&show=datasets&name=${encodeURIComponent(dataset)}`;
  return (
    <a className="mono" href={catalogueHashOf(catalogue) + place}>
      {dataset}
    </a>
  );
}

/** Why it is in its state, and what can be done. */
function Details({
  dataset: { dataset, details, attempts },
  onRetry,
}: {
  dataset: MonitorDataset;
  onRetry: ((dataset: string) => Promise<string | undefined>) | undefined;
}) {
  const [asked, setAsked] = useState<'asking' | 'asked' | { refused: string }>();
  const words = [details, attempts > 1 && `${formatCount(attempts)} attempts`].filter(Boolean).join('; ');
  return (
    <>
      {words && <span className={styles.details}>{words}</span>}
      {onRetry && (
        <span className={styles.retry}>
          <Button
            size="compact-xs"
            variant="default"
            disabled={asked === 'asking' || asked === 'asked'}
            aria-label={`Try again: ${dataset}`}
            onClick={async () => {
              setAsked('asking');
              const refused = await onRetry(dataset);
              setAsked(refused === undefined ? 'asked' : { refused });
            }}
          >
            {asked === 'asked' ? 'Asked for' : 'Try again'}
          </Button>
          {typeof asked === 'object' && <span role="alert">{asked.refused}</span>}
        </span>
      )}
    </>
  );
}
