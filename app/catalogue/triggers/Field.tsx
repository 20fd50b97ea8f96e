import { useEffect, useState } from 'react';
import styles from './Triggers.module.css';

/** A text field whose value is taken when it is left, or by Enter. */
export function Field({
  label,
  value,
  onChange,
  placeholder,
  width,
  wrong = false,
}: {
  label: string;
  value: string;
  onChange(value: string): void;
  placeholder?: string;
  /** In characters. */
  width: number;
  wrong?: boolean;
}) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  return (
    <label className={styles.field}>
      <span>{label}</span>
      <input
        value={text}
        placeholder={placeholder}
        spellCheck={false}
        style={{ width: `${width}ch` }}
        aria-invalid={wrong}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => onChange(text.trim())}
        onKeyDown={(event) => event.key === 'Enter' && onChange(text.trim())}
      />
    </label>
  );
}
