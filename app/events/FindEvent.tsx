import { Button } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { type PlainError, toPlain } from '../../core/errors.ts';
import type { FoundEvents } from '../../workers/eventTable.ts';
import { formatCount } from '../numbers.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import styles from './Events.module.css';

/** Files that are named one by one. */
const FEW_FILES = 3;

/** Opens an event by its numbers, whether or not it passes; says so where it is not in the data. */
export function FindEvent() {
  const { findEvent, setPane } = useActions();
  const files = useExplorer((s) => s.files);
  const datasets = useExplorer((s) => s.document?.datasets);
  const [numbers, setNumbers] = useState({ run: '', block: '', event: '' });
  const [found, setFound] = useState<FoundEvents>();
  const [error, setError] = useState<PlainError>();
  const [busy, setBusy] = useState(false);
  const search = useRef<AbortController>(undefined);
  // What is found for a pane that is gone must not open in what is shown by then.
  useEffect(() => () => search.current?.abort(), []);
  const find = async (event: FormEvent) => {
    event.preventDefault();
    setFound(undefined);
    setError(undefined);
    setBusy(true);
    search.current = new AbortController();
    const { signal } = search.current;
    try {
      const there = (text: string) => (text === '' ? undefined : BigInt(text));
      const { run, block, event: number } = numbers;
      const asked = { run: there(run), block: there(block), event: BigInt(number) };
      const result = await findEvent(asked, signal);
      if (signal.aborted) return;
      const [first, ...others] = result.addresses;
      if (first && others.length === 0) setPane({ show: 'events', event: first });
      else setFound(result);
    } catch (failure) {
      setError(toPlain(failure));
    } finally {
      setBusy(false);
    }
  };
  const field = (part: keyof typeof numbers, label: string, placeholder = label) => (
    <input
      className={styles.number}
      aria-label={label}
      placeholder={placeholder}
      inputMode="numeric"
      autoComplete="off"
      value={numbers[part]}
      onChange={(event) =>
        setNumbers({ ...numbers, [part]: event.currentTarget.value.replace(/\D/g, '').slice(0, 20) })
      }
      onPaste={(event) => {
        // As lists of events have it: run:lumi:event.
        const parts = /^\s*(\d+)[:\s](\d+)[:\s](\d+)\s*$/.exec(event.clipboardData.getData('text'));
        if (!parts) return;
        event.preventDefault();
        setNumbers({ run: parts[1]!, block: parts[2]!, event: parts[3]! });
      }}
    />
  );
  return (
    <form className={styles.find} onSubmit={(event) => void find(event)} aria-label="Find an event">
      <span className={styles.findLabel}>Find an event</span>
      {field('run', 'Run')}
      {field('block', 'Luminosity block (optional)', 'Lumi')}
      {field('event', 'Event number', 'Event')}
      <Button type="submit" variant="default" disabled={numbers.event === '' || busy}>
        {busy ? 'Looking…' : 'Find'}
      </Button>
      <div className={styles.answer} role="status">
        {error && <span className={styles.bad}>{[error.message, error.hint].filter(Boolean).join('; ')}</span>}
        {found && found.addresses.length === 0 && <NotThere found={found} />}
        {found && found.addresses.length > 1 && (
          <>
            {formatCount(found.addresses.length)} events have these numbers:{' '}
            {found.addresses.slice(0, 20).map((address) => (
              <button
                key={`${address.dataset}-${address.file}-${address.event}`}
                type="button"
                className={styles.link}
                onClick={() => setPane({ show: 'events', event: address })}
              >
                {files.length > 1 && `${datasets?.[address.dataset]?.name}, `}
                {files[address.dataset]?.[address.file]?.name} at {formatCount(address.event)}
              </button>
            ))}
          </>
        )}
      </div>
    </form>
  );
}

function NotThere({ found }: { found: FoundEvents }) {
  const files = useExplorer((s) => s.files);
  const names = files
    .flat()
    .map(({ name }) => name)
    .filter((name) => !found.without.some(({ file }) => file === name));
  const one = found.without[0];
  const others = found.without.length > 1 ? ` (and ${formatCount(found.without.length - 1)} more)` : '';
  return (
    <span className={styles.bad}>
      It is not in the data: looked in {formatCount(found.files)} {found.files === 1 ? 'file' : 'files'}
      {names.length <= FEW_FILES && ` (${names.join(', ')})`} with {formatCount(found.events)} events.
      {one && ` ${one.file}${others} can't be searched: it has no column ${one.column}.`}
    </span>
  );
}
