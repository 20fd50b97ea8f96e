import { useState } from 'react';
import styles from './CardPanel.module.css';

interface Props {
  label: string;
  value: number | undefined;
  onChange: (value: number) => void;
  whole?: boolean;
  least?: number;
  most?: number;
}

/** A number that is taken with Enter, with the arrow keys, or when the field is left; what is no number is put back. */
export function NumberField({ label, value, onChange, whole, least, most }: Props) {
  const [draft, setDraft] = useState<string>();
  const take = (text: string | undefined) => {
    setDraft(undefined);
    if (text === undefined || text.trim() === '') return;
    const number = Math.min(
      Math.max(Number(text), least ?? Number.NEGATIVE_INFINITY),
      most ?? Number.POSITIVE_INFINITY,
    );
    if (Number.isFinite(number) && number !== value) onChange(whole ? Math.round(number) : number);
  };
  return (
    <label className={styles.field}>
      <span>{label}</span>
      <input
        type="number"
        step={whole ? 1 : 'any'}
        min={least}
        max={most}
        value={draft ?? (value === undefined ? '' : Number(value.toPrecision(6)))}
        onChange={(event) => {
          const typed = (event.nativeEvent as InputEvent).inputType !== undefined;
          // A step of the arrows is taken at once; what is being typed waits for its end.
          if (typed || !whole) setDraft(event.target.value);
          else take(event.target.value);
        }}
        onBlur={() => take(draft)}
        onKeyDown={(event) => event.key === 'Enter' && take(draft)}
      />
    </label>
  );
}
