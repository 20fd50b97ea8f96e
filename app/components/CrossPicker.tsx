import type { Histogram } from '../../core/hist/histogram.ts';
import { statistics } from '../../core/hist/statistics.ts';
import { formatCount, formatNumber, formatWithError } from '../numbers.ts';
import { axesShown, crossed } from '../plots/figure.ts';
import { axisTitle, flat } from '../plots/labels.ts';
import { byDataset } from '../plots/series.ts';
import type { PlotView } from '../store/state.ts';
import styles from './CrossPicker.module.css';

/** The line over a heat map: its statistics, and which axes and data set it shows where there is a choice. */
export function CrossPicker({
  histogram,
  view,
  onChange,
}: {
  histogram: Histogram;
  view: PlotView;
  onChange: (change: Partial<PlotView>) => void;
}) {
  const sets = byDataset(histogram);
  const { axes } = sets[0]!.histogram;
  const { x, y } = axesShown(sets[0]!.histogram, view);
  const options = axes.map((axis) => flat(axisTitle(axis)));
  return (
    <div className={styles.line}>
      <Moments histogram={crossed(histogram, view)} weighted={histogram.storage === 'weighted'} />
      {sets.length > 1 && (
        <Choice
          name="data set"
          value={sets[view.dataset] ? view.dataset : 0}
          options={sets.map((s) => s.name)}
          onChange={(dataset) => onChange({ dataset })}
        />
      )}
      {axes.length > 2 && (
        <>
          <Choice name="x" value={x} options={options} onChange={(to) => onChange({ x: to, y: to === y ? x : y })} />
          <Choice name="y" value={y} options={options} onChange={(to) => onChange({ y: to, x: to === x ? y : x })} />
        </>
      )}
    </div>
  );
}

/** Entries, and mean and spread along both axes of what is shown. */
function Moments({ histogram, weighted }: { histogram: Histogram; weighted: boolean }) {
  const [x, y] = [statistics(histogram, 0), statistics(histogram, 1)];
  const pair = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? undefined : `${formatNumber(a, 3)}, ${formatNumber(b, 3)}`;
  const items: [string, string | undefined][] = [
    ['entries', formatCount(histogram.entries)],
    ['Σw', weighted ? formatWithError(x.sum, x.sumError).join(' ± ') : undefined],
    ['mean x, y', pair(x.mean, y.mean)],
    ['std dev', pair(x.standardDeviation, y.standardDeviation)],
  ];
  return items.map(
    ([name, value]) =>
      value && (
        <span key={name}>
          <span className={styles.name}>{name}</span> {value}
        </span>
      ),
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
