/** The plain fields of the form. Each shows a part of the document and changes it while somebody types. */
import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import styles from './Form.module.css';
import { type Draft, useDraft } from './useDraft.ts';

interface FieldProps {
  label: string;
  /** The label is read out only. */
  quiet?: boolean;
  placeholder?: string;
  /** Of the checker. */
  problem?: string;
  className?: string;
}

const own = (draft: Draft) => ({
  value: draft.shown,
  onFocus: draft.begin,
  onBlur: draft.end,
  onChange: (event: { currentTarget: { value: string } }) => draft.type(event.currentTarget.value),
  'data-part-of-document': true,
  spellCheck: false,
  autoComplete: 'off',
});

const labelled = ({ label, quiet }: FieldProps) => (quiet ? { 'aria-label': label } : { label });

/** A line of text; empty where the document has none. */
export function TextField(
  props: FieldProps & { value: string | undefined; onText: (text: string, step: string) => string | undefined },
) {
  const draft = useDraft(props.value ?? '', props.onText);
  return (
    <TextInput
      {...labelled(props)}
      {...own(draft)}
      className={props.className}
      placeholder={props.placeholder}
      error={draft.message ?? props.problem}
    />
  );
}

/** Several lines of text. */
export function LongTextField(
  props: FieldProps & {
    value: string | undefined;
    rows: number;
    onText: (text: string, step: string) => string | undefined;
  },
) {
  const draft = useDraft(props.value ?? '', props.onText);
  return (
    <Textarea
      {...labelled(props)}
      {...own(draft)}
      size="xs"
      rows={props.rows}
      className={props.className}
      placeholder={props.placeholder}
      error={draft.message ?? props.problem}
    />
  );
}

/** A number. `optional`: nothing is a value too. */
export function NumberField(
  props: FieldProps & {
    value: number | undefined;
    optional?: boolean;
    onNumber: (value: number | undefined, step: string) => string | undefined;
  },
) {
  const { value, optional, onNumber } = props;
  const draft = useDraft(value === undefined ? '' : String(value), (text, step) => {
    if (text.trim() === '') return optional ? onNumber(undefined, step) : 'A number is needed';
    const number = Number(text.replace('−', '-'));
    return Number.isFinite(number) ? onNumber(number, step) : `“${text.trim()}” is no number`;
  });
  return (
    <TextInput
      {...labelled(props)}
      {...own(draft)}
      className={props.className ?? styles.number}
      inputMode="decimal"
      placeholder={props.placeholder}
      error={draft.message ?? props.problem}
    />
  );
}

/** A name: taken when it is finished, since everything that uses it is renamed with it. */
export function NameField({
  label,
  value,
  onName,
  className,
}: {
  label: string;
  value: string;
  onName: (name: string) => string | undefined;
  className?: string;
}) {
  const [typed, setTyped] = useState<string>();
  const [message, setMessage] = useState<string>();
  const finish = () => {
    const name = typed?.trim();
    if (name === undefined) return;
    const refused = name === value ? undefined : onName(name);
    setMessage(refused);
    if (!refused) setTyped(undefined);
  };
  return (
    <TextInput
      aria-label={label}
      className={className}
      classNames={{ input: styles.name }}
      value={typed ?? value}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish();
        if (event.key !== 'Escape') return;
        event.preventDefault();
        setTyped(undefined);
        setMessage(undefined);
      }}
      error={message}
      spellCheck={false}
      autoComplete="off"
    />
  );
}

/** One of a few. */
export function Choice<T extends string>({
  label,
  quiet,
  value,
  options,
  onChoose,
  className,
}: {
  label: string;
  quiet?: boolean;
  value: T;
  options: readonly (readonly [T, string])[];
  onChoose: (value: T) => void;
  className?: string;
}) {
  return (
    <NativeSelect
      size="xs"
      {...(quiet ? { 'aria-label': label } : { label })}
      className={className}
      value={value}
      onChange={(event) => onChoose(event.currentTarget.value as T)}
      data={options.map(([option, words]) => ({ value: option, label: words }))}
    />
  );
}

/** On or off. */
export function Switch({ label, on, onSwitch }: { label: string; on: boolean; onSwitch: (on: boolean) => void }) {
  return <Checkbox label={label} checked={on} onChange={(event) => onSwitch(event.currentTarget.checked)} />;
}
