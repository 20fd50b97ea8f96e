import { Button } from '@mantine/core';
import type { FitSpec, PeakShape } from '../../core/analysis/document.ts';
import styles from './CardPanel.module.css';
import { CardPanel } from './CardPanel.tsx';
import { NumberField } from './NumberField.tsx';

interface Props {
  fit: FitSpec;
  /** Where the axis begins and ends. */
  whole: readonly [number, number];
  unit: string | undefined;
  onChange: (fit: FitSpec) => void;
  onAdd: () => void;
  onClose: () => void;
}

const BACKGROUNDS = ['none', 'constant', 'line', 'degree 2', 'degree 3', 'degree 4', 'degree 5'];

/** What to fit to a plot, which shows it at once: the shape of a peak, the polynomial under it, and the range. */
export default function FitPanel({ fit, whole, unit, onChange, onAdd, onClose }: Props) {
  const { peak, background, range: [from, to] = whole } = fit;
  const change = (to: { peak?: PeakShape; background?: number; range?: [number, number] }) => {
    const next: FitSpec = {
      ...(to.peak && { peak: to.peak }),
      ...(to.background !== undefined && { background: to.background }),
      ...(to.range && { range: to.range }),
    };
    // A fit of nothing is none: a peak goes with a constant, and the other way round.
    onChange(next.peak || next.background !== undefined ? next : { ...next, background: 0 });
  };
  const setRange = (range: [number, number]) => range[0] < range[1] && change({ ...fit, range });
  return (
    <CardPanel title="Fit" onClose={onClose}>
      <label className={styles.field}>
        <span>peak</span>
        <select
          value={peak ?? ''}
          onChange={(event) => change({ ...fit, peak: (event.target.value || undefined) as PeakShape | undefined })}
        >
          <option value="gaussian">Gaussian</option>
          <option value="crystal-ball">Crystal Ball</option>
          <option value="">none</option>
        </select>
      </label>
      <label className={styles.field}>
        <span>background</span>
        <select
          value={(background ?? -1) + 1}
          onChange={(event) => {
            const degree = Number(event.target.value) - 1;
            change({ ...fit, background: degree < 0 ? undefined : degree });
          }}
        >
          {BACKGROUNDS.map((name, i) => (
            <option key={name} value={i}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <NumberField label="from" value={from} onChange={(value) => setRange([value, to])} />
      <NumberField label={unit ? `to, ${unit}` : 'to'} value={to} onChange={(value) => setRange([from, value])} />
      <Button size="compact-xs" onClick={onAdd}>
        Add to the analysis
      </Button>
      <p className={styles.hint}>Drag over the plot to choose the range.</p>
    </CardPanel>
  );
}
