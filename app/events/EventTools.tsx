import { Button, Menu, TextInput } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { type FormEvent, lazy, Suspense, useId, useMemo, useState } from 'react';
import { completeAt } from '../../core/analysis/assist.ts';
import { eventValue } from '../../core/analysis/eventValue.ts';
import { contextAt } from '../../core/analysis/scope.ts';
import { toPlain } from '../../core/errors.ts';
import { eventCsv, eventList, type ShownColumn } from '../../workers/eventList.ts';
import { formatCount } from '../numbers.ts';
import { saveText } from '../save.ts';
import { useActions, useContextual, useExplorer } from '../store/context.tsx';
import { stemOf } from '../store/stem.ts';
import styles from './Events.module.css';
import type { TableState } from './useEventTable.ts';

const SaveData = lazy(() => import('../saveData/SaveData.tsx'));

interface Props {
  state: TableState;
  columns: readonly ShownColumn[] | undefined;
  order: Uint32Array | undefined;
}

/** Above the table: how many events, what is shown of them, and ways to take them along. */
export function EventTools({ state, columns, order }: Props) {
  const { setPane } = useActions();
  const { table, values, wrong } = state;
  const remove = (text: string) => setPane({ values: values.filter((one) => one !== text) });
  return (
    <div className={styles.tools}>
      <div className={styles.line}>
        <strong className={styles.count}>{table ? `${formatCount(table.passed)} events pass` : 'Events'}</strong>
        <AddValue values={values} />
        <ExportMenu columns={columns} order={order} />
      </div>
      {values.length > 0 && (
        <ul className={styles.values} aria-label="Values in the table">
          {values.map((text) => {
            const error = wrong.find((one) => one.text === text)?.error;
            return (
              <li key={text} className={error ? styles.wrong : undefined}>
                <code>{text}</code>
                <button type="button" aria-label={`Remove ${text}`} onClick={() => remove(text)}>
                  ×
                </button>
                {error && <span>{[error.message, error.hint].filter(Boolean).join('; ')}</span>}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

/** A line to type another value into, with the names that may follow. */
function AddValue({ values }: { values: readonly string[] }) {
  const { setPane } = useActions();
  const { store } = useContextual();
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const id = useId();
  const options = useMemo(() => {
    const { document, schema } = store.getState();
    if (text === '') return [];
    const found = completeAt({ document, schema }, ['select'], text, '');
    const head = found ? text.slice(0, text.length - found.replaces) : '';
    return (found?.options ?? [])
      .map(({ label, apply }) => head + (apply ?? label))
      .filter((option) => option.toLowerCase().startsWith(text.toLowerCase()))
      .slice(0, 50);
  }, [text, store]);
  const add = (event: FormEvent) => {
    event.preventDefault();
    const { document, schema } = store.getState();
    const value = text.trim();
    if (value === '' || !document || !schema) return;
    try {
      eventValue(contextAt(document, schema, []), value);
    } catch (failure) {
      const { message, hint } = toPlain(failure);
      setError([message, hint].filter(Boolean).join('; '));
      return;
    }
    setPane({ values: [...new Set([...values, value])] });
    setText('');
  };
  return (
    <form className={styles.add} onSubmit={add}>
      <TextInput
        aria-label="Another value of each event"
        placeholder="Add a value, e.g. MET.pt"
        value={text}
        aria-invalid={error !== undefined}
        list={id}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setError(undefined);
        }}
        spellCheck={false}
        autoComplete="off"
      />
      <datalist id={id}>
        {options.map((option) => (
          <option key={option} value={option} />
        ))}
      </datalist>
      <Button type="submit" variant="default" disabled={text.trim() === ''}>
        Add
      </Button>
      {error && (
        <p className={styles.bad} role="alert">
          {error}
        </p>
      )}
    </form>
  );
}

function ExportMenu({ columns, order }: Pick<Props, 'columns' | 'order'>) {
  const [copied, setCopied] = useState(false);
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  const name = stemOf(useExplorer((s) => s.document?.title || s.document?.datasets[0]?.name) ?? 'events');
  const [saving, setSaving] = useState(false);
  if (!columns || !order) return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} />} disabled={order.length === 0}>
            {copied ? 'Copied' : 'Export'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => saveText(`${name}-events.txt`, eventList(columns, order), 'text/plain')}>
            Save run:lumi:event list
          </Menu.Item>
          <Menu.Item onClick={() => saveText(`${name}-events.csv`, eventCsv(columns, order), 'text/csv')}>
            Save CSV
          </Menu.Item>
          <Menu.Item onClick={() => void copy(eventList(columns, order))}>Copy run:lumi:event list</Menu.Item>
          <Menu.Item onClick={() => setSaving(true)}>Save data as Parquet…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {saving && (
        <Suspense>
          <SaveData onClose={() => setSaving(false)} />
        </Suspense>
      )}
    </>
  );
}
