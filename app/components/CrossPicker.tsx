import { lazy, Suspense } from 'react';
import { datasetAxis } from '../../core/hist/datasets.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import { statistics } from '../../core/hist/statistics.ts';
import { formatCount, formatNumber, formatWithError } from '../numbers.ts';
import { axisTitle, flat } from '../plots/labels.ts';
import { axesShown, eventAxes } from '../plots/shown.ts';
import type { PlotView, ViewChange } from '../store/plotView.ts';
import styles from './CrossPicker.module.css';

const Slices = lazy(() => import('./Slices.tsx'));

/**
 * The line over a plot of several axes: a heat map's statistics, and which axes and data set it shows where there is a choice; sliders
 * for axes that are not drawn.
 */
export function CrossPicker({
  histogram,
  map,
  view,
  onChange,
}: {
  histogram: Histogram;
  /** What a heat map shows of it; absent for curves. */
  map: Histogram | undefined;
  view: PlotView;
  onChange: (change: ViewChange) => void;
}) {
  const sets = datasetAxis(histogram);
  const axes = eventAxes(histogram);
  if (axes.length < 2) return null;
  const { x, y } = axesShown(histogram, view);
  const options = axes.map((axis) => flat(axisTitle(axis)));
  // The part of an axis that is drawn is no part of another one.
  const turn = (to: { x: number; y: number | 'none' }) => onChange({ ...to, ...(to.x !== x && { range: 'all' }) });
  const others = axes.flatMap((axis, position) => (position === x || position === y ? [] : [{ axis, position }]));
  return (
    <>
      <div className={styles.line}>
        {map && <Moments histogram={map} weighted={histogram.storage === 'weighted'} />}
        {sets && map && (
          <Choice
            name="data set"
            value={view.dataset < sets.categories.length ? view.dataset : 0}
            options={sets.categories}
            onChange={(dataset) => onChange({ dataset })}
          />
        )}
        <Choice
          name="x"
          value={x}
          options={options}
          onChange={(to) => turn({ x: to, y: y === undefined ? 'none' : to === y ? x : y })}
        />
        <Choice
          name="y"
          value={y ?? axes.length}
          options={[...options, 'none']}
          onChange={(to) =>
            turn(to === axes.length ? { x, y: 'none' } : { y: to, x: to === x ? (y ?? otherThan(to)) : x })
          }
        />
      </div>
      {others.length > 0 && (
        <Suspense>
          <Slices axes={others} view={view} onChange={onChange} />
        </Suspense>
      )}
    </>
  );
}

/** The first axis that is another one. */
const otherThan = (axis: number) => (axis === 0 ? 1 : 0);

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
  options: readonly string[];
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
