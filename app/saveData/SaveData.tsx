import { Button } from '@mantine/core';
import { useMemo, useRef, useState } from 'react';
import { definedColumn } from '../../core/analysis/saved.ts';
import { contextAt } from '../../core/analysis/scope.ts';
import type { PlainError } from '../../core/errors.ts';
import type { SaveOptions } from '../../workers/savedFile.ts';
import { Dialog } from '../components/Dialog.tsx';
import { formatBytes, formatCount, formatDuration, formatPercent } from '../numbers.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import { ColumnChoice } from './ColumnChoice.tsx';
import styles from './SaveData.module.css';
import { ThinChoice } from './ThinChoice.tsx';
import { type Saving, useSaving } from './useSaving.ts';

const NOTHING: SaveOptions = { used: true, columns: [], define: [], thin: [], allEvents: false, codec: 'snappy' };

/** Saves events of a data set as a Parquet file: which, and what of them. Goes away with Esc, unless a file is being written. */
export default function SaveData({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const datasets = useExplorer((s) => s.document?.datasets) ?? [];
  const [dataset, setDataset] = useState(0);
  const [options, setOptions] = useState(NOTHING);
  const { saving, plan, wrong, isOpen, save, cancel } = useSaving(dataset, options);
  const [opening, setOpening] = useState(false);
  const [refused, setRefused] = useState<PlainError>();
  const { addLocalFiles } = useActions();
  const passed = usePassed(dataset);
  const name = datasets[dataset]?.name ?? 'data';
  const change = (to: Partial<SaveOptions>) => setOptions({ ...options, ...to });
  const events = options.allEvents ? plan?.events : passed;
  const error = wrong ?? (saving.kind === 'choosing' ? saving.error : undefined);

  const openHere = async (file: File) => {
    setOpening(true);
    const failed = await addLocalFiles(name, [file], true);
    setOpening(false);
    setRefused(failed);
    if (!failed) dialog.current?.close();
  };
  return (
    <Dialog
      dialog={dialog}
      className={styles.dialog}
      aria-label="Save data as Parquet"
      onClose={onClose}
      // What may take minutes is not lost by a key.
      isBusy={saving.kind === 'writing'}
    >
      <div className={styles.content}>
        <h2>Save data as Parquet</h2>
        {saving.kind === 'choosing' && (
          <>
            <div className={styles.choices}>
              {datasets.length > 1 && (
                <label className={styles.line}>
                  <span>Data set</span>
                  <select value={dataset} onChange={(event) => setDataset(Number(event.target.value))}>
                    {datasets.map((one, k) => (
                      <option key={one.name} value={k}>
                        {one.name}
                      </option>
                    ))}
                  </select>
                </label>
              )}
              <fieldset>
                <legend>Events</legend>
                <label>
                  <input
                    type="radio"
                    name="events"
                    checked={!options.allEvents}
                    onChange={() => change({ allEvents: false })}
                  />{' '}
                  that pass all cuts{passed !== undefined && ` (${formatCount(passed)})`}
                </label>
                <label>
                  <input
                    type="radio"
                    name="events"
                    checked={options.allEvents}
                    onChange={() => change({ allEvents: true })}
                  />{' '}
                  all{plan && ` (${formatCount(plan.events)})`}
                </label>
              </fieldset>
              <ColumnChoice options={options} plan={plan} onChange={change} />
              <MadeColumns options={options} onChange={change} />
              <ThinChoice options={options} onChange={change} />
              <fieldset>
                <legend>Compression</legend>
                <label>
                  <input
                    type="radio"
                    name="codec"
                    checked={options.codec === 'snappy'}
                    onChange={() => change({ codec: 'snappy' })}
                  />{' '}
                  Snappy: read fastest
                </label>
                <label>
                  <input
                    type="radio"
                    name="codec"
                    checked={options.codec === 'gzip'}
                    onChange={() => change({ codec: 'gzip' })}
                  />{' '}
                  gzip: smaller
                </label>
              </fieldset>
            </div>
            <p className={styles.cost} hidden={error !== undefined} aria-live="polite">
              {plan && !wrong
                ? `${formatCount(plan.columns.length)} columns${sizeText(plan.columnBytes, events, plan.events)}; reads ${formatBytes(plan.bytes)}`
                : isOpen
                  ? ' '
                  : `All files of ${name} have to be open first.`}
            </p>
            {error && <Wrong error={error} />}
            {plan && plan.leftOut.length > 0 && (
              <p className={styles.hint}>
                Left out:{' '}
                {plan.leftOut
                  .slice(0, 3)
                  .map(({ name: column, reason }) => `${column} (${reason})`)
                  .join(', ')}
                {plan.leftOut.length > 3 && ` and ${formatCount(plan.leftOut.length - 3)} more`}
              </p>
            )}
            <div className={styles.buttons}>
              <Button variant="default" onClick={() => dialog.current?.close()}>
                Cancel
              </Button>
              <Button disabled={!plan || wrong !== undefined || !isOpen} onClick={() => void save(fileName(name))}>
                Save
              </Button>
            </div>
          </>
        )}
        {saving.kind === 'writing' && <Writing saving={saving} onCancel={cancel} />}
        {saving.kind === 'done' && (
          <>
            <p role="status">
              {formatCount(saving.result.rows)} of {formatCount(saving.result.events)} events,{' '}
              {formatCount(saving.result.columns)} columns, {formatBytes(saving.result.bytes)} in{' '}
              {formatDuration(saving.result.seconds)}:{' '}
              {saving.downloaded ? 'the browser saves it with its downloads' : 'saved'}.
            </p>
            <p className={styles.hint}>
              Opened here, the file takes the place of {name} in the analysis, which then needs no network. Where the
              weight is not 1, sums may differ in their last digits.
            </p>
            {refused && <Wrong error={refused} />}
            <div className={styles.buttons}>
              <Button variant="default" onClick={() => dialog.current?.close()}>
                Close
              </Button>
              <Button loading={opening} onClick={() => void openHere(saving.file)}>
                Open it here
              </Button>
            </div>
          </>
        )}
      </div>
    </Dialog>
  );
}

function fileName(dataset: string): string {
  const stem = dataset.replace(/[^\p{L}\p{N}+_.-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '');
  return `${stem || 'data'}.parquet`;
}

/** Events of a data set that passed all cuts in the last run, where that is complete. */
function usePassed(dataset: number): number | undefined {
  return useExplorer((s) =>
    s.result?.complete && s.resultVersion === s.version ? s.result.cutflow[dataset]?.rows.at(-1)?.events : undefined,
  );
}

/** What the chosen columns take now, of the events that stay. */
function sizeText(bytes: number, events: number | undefined, all: number): string {
  if (events === undefined || all === 0) return '';
  return `, about ${formatBytes((bytes * events) / all)}`;
}

interface ChoiceProps {
  options: SaveOptions;
  onChange: (to: Partial<SaveOptions>) => void;
}

/** Definitions that are values or lists of values, and the weight. */
function MadeColumns({ options: { define = [], weight }, onChange }: ChoiceProps) {
  const document = useExplorer((s) => s.document);
  const schema = useExplorer((s) => s.schema);
  const savable = useMemo(() => {
    if (!document || !schema) return [];
    const context = contextAt(document, schema, []);
    return document.define.flatMap(({ name }) => {
      const value = context.definitions.get(name);
      const isConstant = value?.kind === 'one' && value.expr.op === 'const';
      return definedColumn(name, context) && !isConstant ? [name] : [];
    });
  }, [document, schema]);
  const hasWeight = document?.weight !== undefined;
  if (savable.length === 0 && !hasWeight) return null;
  const toggle = (name: string, on: boolean) =>
    onChange({ define: on ? [...define, name] : define.filter((one) => one !== name) });
  return (
    <fieldset>
      <legend>New columns</legend>
      {savable.map((name) => (
        <label key={name}>
          <input
            type="checkbox"
            checked={define.includes(name)}
            onChange={(event) => toggle(name, event.target.checked)}
          />{' '}
          <code>{name}</code>
        </label>
      ))}
      {hasWeight && (
        <label>
          <input
            type="checkbox"
            checked={weight !== undefined}
            onChange={(event) => onChange({ weight: event.target.checked ? 'weight' : undefined })}
          />{' '}
          the weight
        </label>
      )}
    </fieldset>
  );
}

function Writing({
  saving: { progress },
  onCancel,
}: {
  saving: Extract<Saving, { kind: 'writing' }>;
  onCancel: () => void;
}) {
  const { events = 0, totalEvents = 0, rows = 0, bytes = 0, seconds = 0 } = progress ?? {};
  const share = totalEvents > 0 ? events / totalEvents : 0;
  const left = share > 0 && seconds > 0.5 ? ((1 - share) * seconds) / share : undefined;
  return (
    <>
      <progress className={styles.progress} aria-label="Events looked at" value={share} max={1} />
      <p className={styles.cost}>
        {formatPercent(share)} · {formatCount(rows)} events · {formatBytes(bytes)} written
        {left !== undefined && ` · ${formatDuration(left)} left`}
      </p>
      <div className={styles.buttons}>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </>
  );
}

function Wrong({ error: { message, hint, place } }: { error: PlainError }) {
  return (
    <p role="alert" className={styles.failed}>
      {place.file && !message.includes(place.file) ? `${place.file}: ${message}` : message}
      {hint && <span>{hint}</span>}
    </p>
  );
}
