import type { Histogram } from '../../core/hist/histogram.ts';
import { formatCount } from '../numbers.ts';
import type { Cross } from '../plots/figure.ts';
import { axisTitle } from '../plots/labels.ts';
import { byDataset } from '../plots/series.ts';
import styles from './CrossPicker.module.css';

/** The line over a heat map: its entries, and which axes and data set it shows where there is a choice. */
export function CrossPicker({
  histogram,
  cross,
  onChange,
}: {
  histogram: Histogram;
  cross: Cross;
  onChange: (cross: Cross) => void;
}) {
  const sets = byDataset(histogram);
  const axes = sets[0]!.histogram.axes;
  return (
    <div className={styles.line}>
      <span>
        <span className={styles.name}>entries</span> {formatCount(histogram.entries)}
      </span>
      {sets.length > 1 && (
        <Choice
          name="data set"
          value={cross.dataset}
          options={sets.map((s) => s.name)}
          onChange={(dataset) => onChange({ ...cross, dataset })}
        />
      )}
      {axes.length > 2 && (
        <>
          <Choice
            name="x"
            value={cross.x}
            options={axes.map(axisTitle)}
            onChange={(x) => onChange({ ...cross, x, y: x === cross.y ? cross.x : cross.y })}
          />
          <Choice
            name="y"
            value={cross.y}
            options={axes.map(axisTitle)}
            onChange={(y) => onChange({ ...cross, y, x: y === cross.x ? cross.y : cross.x })}
          />
        </>
      )}
    </div>
  );
}

function Choice({
  name,
  value,
  options,
  onChange,
}: {
  name: string;
  value: number;
  options: string[];
  onChange: (value: number) => void;
}) {
  return (
    <label>
      <span className={styles.name}>{name}</span>{' '}
      <select className={styles.select} value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {options.map((option, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: options stand for their positions
          <option key={i} value={i}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}
