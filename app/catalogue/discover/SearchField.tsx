import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import { completeQuery } from '../../../core/catalogue/queryText.ts';
import type { PlainError } from '../../../core/errors.ts';
import { sentence } from '../../sentence.ts';
import styles from './Discover.module.css';

/** The field for a search, which completes names of fields and their values. */
export function SearchField({
  value,
  onChange,
  error,
  valuesOf,
}: {
  value: string;
  onChange(value: string): void;
  error: PlainError | undefined;
  valuesOf(field: string): readonly string[];
}) {
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const [cursor, setCursor] = useState<number>();
  const [active, setActive] = useState(-1);
  const found = useMemo(
    () => (cursor === undefined ? undefined : completeQuery(value, cursor, valuesOf)),
    [value, cursor, valuesOf],
  );
  const take = (at: number) => {
    const option = found?.options[at];
    if (!found || !option) return;
    const text = value.slice(0, found.from) + option.text + value.slice(found.to);
    const end = found.from + option.text.length;
    onChange(text);
    setActive(-1);
    // A name of a field waits for its value.
    setCursor(option.text.endsWith(':') ? end : undefined);
    requestAnimationFrame(() => input.current?.setSelectionRange(end, end));
  };
  const onKey = (event: KeyboardEvent) => {
    if (!found) return;
    const count = found.options.length;
    if (event.key === 'ArrowDown') setActive((active + 1) % count);
    else if (event.key === 'ArrowUp') setActive((active - 1 + count) % count);
    else if ((event.key === 'Enter' && active >= 0) || (event.key === 'Tab' && active >= 0)) take(active);
    else if (event.key === 'Escape') setCursor(undefined);
    else return;
    event.preventDefault();
  };
  return (
    <div className={styles.field}>
      <input
        ref={input}
        type="search"
        role="combobox"
        aria-label="Search"
        aria-expanded={found !== undefined}
        aria-controls={`${id}-options`}
        aria-autocomplete="list"
        {...(found && active >= 0 && { 'aria-activedescendant': `${id}-${active}` })}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-error`}
        placeholder="physics_Main type:DAOD_* run:348000-359000 -state:obsolete"
        spellCheck={false}
        autoComplete="off"
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
          setCursor(event.target.selectionStart ?? event.target.value.length);
          setActive(-1);
        }}
        onKeyDown={onKey}
        onBlur={() => setCursor(undefined)}
      />
      <div id={`${id}-options`} role="listbox" aria-label="Completions" className={styles.options} hidden={!found}>
        {found?.options.map(({ text, about }, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys
          <div
            key={text}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === active}
            tabIndex={-1}
            // The field keeps the focus.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => take(at)}
          >
            <span className="mono">{text}</span>
            <span>{about}</span>
          </div>
        ))}
      </div>
      <p id={`${id}-error`} className={styles.bad} role="alert">
        {error && (
          <>
            {sentence(error.message)}
            {error.place.col !== undefined && ` (column ${error.place.col})`}
            {error.hint && `: ${error.hint}`}
          </>
        )}
      </p>
    </div>
  );
}
