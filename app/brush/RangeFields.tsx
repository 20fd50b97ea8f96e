import { useId, useState } from 'react';
import type { BrushRange } from '../../core/analysis/brush.ts';
import type { Axis } from '../../core/hist/axis.ts';
import { flat } from '../plots/labels.ts';
import { ruler } from '../plots/series.ts';
import { roundedEnd } from './brushWords.ts';
import styles from './RangeFields.module.css';

interface Props {
  axis: Axis;
  range: BrushRange;
  onChange(range: BrushRange): void;
}

type End = 'from' | 'to';

/** `80 ≤ m(μμ) < 100 GeV`, whose numbers can be typed; of categories the first and the last one are chosen. */
export function RangeFields({ axis, range, onChange }: Props) {
  const name = flat(axis.label ?? axis.name ?? '');
  const { labels } = ruler(axis);
  if (labels) return <CategoryFields labels={labels} name={name} range={range} onChange={onChange} />;
  return <NumberFields axis={axis} name={name} range={range} onChange={onChange} />;
}

function NumberFields({ axis, name, range, onChange }: Props & { name: string }) {
  const message = useId();
  const [draft, setDraft] = useState<{ end: End; text: string; wrong?: string }>();
  const take = () => {
    if (!draft || draft.wrong) return;
    const value = Number(draft.text.trim().replaceAll('−', '-').replace(',', '.') || Number.NaN);
    const next = { ...range, [draft.end]: value };
    const wrong = !Number.isFinite(value)
      ? 'Here goes a number.'
      : next.from < next.to
        ? undefined
        : 'The lower end has to lie below the upper one.';
    setDraft(wrong === undefined ? undefined : { ...draft, wrong });
    if (wrong === undefined) onChange(next);
  };
  const field = (end: End) => {
    const mine = draft?.end === end ? draft : undefined;
    const text = mine?.text ?? String(roundedEnd(range, end)).replaceAll('-', '−');
    return (
      <input
        className={styles.number}
        style={{ width: `calc(${Math.max(text.length, 2)}ch + 4px)` }}
        inputMode="decimal"
        aria-label={`${name} ${end === 'from' ? 'from' : 'up to'}`}
        aria-invalid={mine?.wrong !== undefined}
        aria-describedby={mine?.wrong === undefined ? undefined : message}
        value={text}
        onChange={(event) => setDraft({ end, text: event.currentTarget.value })}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
          if (event.key !== 'Escape' || !draft) return;
          // Puts the number back, and cancels no run.
          event.preventDefault();
          setDraft(undefined);
        }}
      />
    );
  };
  return (
    <span className={styles.range}>
      {field('from')} ≤ {name} &lt;{' '}
      <span className={styles.end}>
        {field('to')} {axis.unit}
      </span>
      {draft?.wrong && (
        <span id={message} role="alert" className={styles.wrong}>
          {draft.wrong}
        </span>
      )}
    </span>
  );
}

function CategoryFields({ labels, name, range, onChange }: Omit<Props, 'axis'> & { labels: string[]; name: string }) {
  const field = (end: End, chosen: number, take: (at: number) => BrushRange) => (
    <select
      className={styles.category}
      aria-label={`${name} ${end === 'from' ? 'from' : 'up to'}`}
      value={chosen}
      onChange={(event) => onChange(take(Number(event.currentTarget.value)))}
    >
      {labels.map((label, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: categories have places
        <option key={at} value={at} disabled={end === 'from' ? at >= range.to : at < range.from}>
          {label}
        </option>
      ))}
    </select>
  );
  return (
    <span className={styles.range}>
      {name}: {field('from', range.from, (from) => ({ ...range, from }))} to{' '}
      {field('to', range.to - 1, (at) => ({ ...range, to: at + 1 }))}
    </span>
  );
}
