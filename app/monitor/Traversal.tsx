import { useElementSize } from '@mantine/hooks';
import type { MonitorSnapshot } from '../../core/ingest/monitorSnapshot.ts';
import { formatCount } from '../numbers.ts';
import styles from './Charts.module.css';
import { axisTop } from './chartScale.ts';
import { useReading } from './useReading.ts';
import { formatBound, formatSpan } from './words.ts';

const HEIGHT = 180;
const LEFT = 34;
const BOTTOM = 20;
const TOP = 8;

/** How long datasets took from their first staged object to the catalogue. */
export function Traversal({ traversal }: { traversal: MonitorSnapshot['traversal'] }) {
  const { ref, width } = useElementSize();
  const { bounds, counts, median } = traversal;
  const right = Math.max(LEFT + 1, width - 6);
  const { at, handlers } = useReading(counts.length, { left: LEFT, right });
  const { top, steps } = axisTop(Math.max(...counts, 0), 2);
  const x = (k: number) => LEFT + ((right - LEFT) * k) / Math.max(1, counts.length);
  const y = (datasets: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - datasets / top);
  const all = counts.reduce((sum, one) => sum + one, 0);
  // As many bounds as fit beside one another.
  const every = Math.max(2, Math.ceil(52 / Math.max(1, x(1) - x(0))));
  const words =
    at !== undefined
      ? `${classText(bounds, at)}: ${formatCount(counts[at]!)}`
      : median === undefined
        ? 'nothing was published yet'
        : `median ${formatSpan(median)} of ${formatCount(all)}`;
  return (
    <section className={styles.panel} aria-labelledby="traversal">
      <div className={styles.title}>
        <h2 id="traversal" title="From the first staged object of a dataset to its publication">
          Traversal time
        </h2>
        <p className={styles.reading}>{words}</p>
      </div>
      <div ref={ref} className={styles.plot} style={{ height: HEIGHT }}>
        {width > 0 && (
          <svg
            width={width}
            height={HEIGHT}
            role="img"
            aria-label={`Datasets by traversal time; ${words}`}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys walk along the classes
            tabIndex={0}
            {...handlers}
          >
            {Array.from({ length: steps + 1 }, (_, k) => (k / steps) * top).map((value) => (
              <g key={value}>
                <line className={styles.grid} x1={LEFT} x2={right} y1={y(value)} y2={y(value)} />
                {Number.isInteger(value) && (
                  <text className={styles.tick} x={LEFT - 6} y={y(value) + 4} textAnchor="end">
                    {formatCount(value)}
                  </text>
                )}
              </g>
            ))}
            {at !== undefined && (
              <rect className={styles.marked} x={x(at)} width={x(1) - x(0)} y={TOP} height={HEIGHT - TOP - BOTTOM} />
            )}
            {counts.map((datasets, k) => (
              <rect
                // biome-ignore lint/suspicious/noArrayIndexKey: classes have their place
                key={k}
                className={styles.bar}
                x={x(k) + 0.5}
                width={Math.max(1, x(1) - x(0) - 1)}
                y={y(datasets)}
                height={y(0) - y(datasets)}
              />
            ))}
            {bounds.map((bound, k) =>
              (k + 1) % every === 0 ? (
                <text key={bound} className={styles.tick} x={x(k + 1)} y={HEIGHT - 5} textAnchor="middle">
                  {formatBound(bound)}
                </text>
              ) : null,
            )}
          </svg>
        )}
      </div>
    </section>
  );
}

function classText(bounds: readonly number[], at: number): string {
  if (at === bounds.length) return `over ${formatBound(bounds.at(-1)!)}`;
  return at === 0
    ? `up to ${formatBound(bounds[0]!)}`
    : `${formatBound(bounds[at - 1]!)} to ${formatBound(bounds[at]!)}`;
}
