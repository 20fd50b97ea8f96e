import { useElementSize } from '@mantine/hooks';
import type { MonitorSnapshot } from '../../core/ingest/monitorSnapshot.ts';
import { formatBytes, formatRate } from '../numbers.ts';
import styles from './Charts.module.css';
import { axisTop } from './chartScale.ts';
import { useReading } from './useReading.ts';

const HEIGHT = 180;
const LEFT = 44;
const BOTTOM = 20;
const TOP = 8;
/** Steps that a rate without a reading is averaged over: a minute. */
const LAST = 12;

/** Events a second that producers announced and consumers put in order, over the last minutes. */
export function Throughput({ throughput }: { throughput: MonitorSnapshot['throughput'] }) {
  const { ref, width } = useElementSize();
  const { announced, inserted, staged, stepMs, end } = throughput;
  const count = inserted.length;
  const right = Math.max(LEFT + 1, width - 6);
  const { at, handlers } = useReading(count, { left: LEFT, right });
  const perSecond = 1000 / stepMs;
  const { top, steps } = axisTop(Math.max(...announced, ...inserted, 0) * perSecond, 10);
  const x = (step: number) => LEFT + ((right - LEFT) * step) / Math.max(1, count);
  const y = (events: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (events * perSecond) / top);
  const minutes = Math.round((count * stepMs) / 60_000);
  const every = width < 420 ? 5 : 2;
  const read = (values: readonly number[]) =>
    (at === undefined
      ? values.slice(-LAST).reduce((sum, one) => sum + one, 0) / Math.min(LAST, Math.max(1, count))
      : values[at]!) * perSecond;
  const when =
    at === undefined
      ? 'last minute'
      : new Date(end - (count - at) * stepMs).toLocaleTimeString(undefined, { timeStyle: 'medium' });
  const label = `Inserted ${formatRate(read(inserted))} events/s, announced ${formatRate(read(announced))} events/s, ${when}`;
  return (
    <section className={styles.panel} aria-labelledby="throughput">
      <div className={styles.title}>
        <h2 id="throughput">Throughput</h2>
        <p className={styles.reading}>
          <span className={styles.inserted}>inserted {formatRate(read(inserted))} events/s</span>
          <span className={styles.announced}>announced {formatRate(read(announced))} events/s</span>
          <span>staged {formatBytes(read(staged))}/s</span>
          <span className={styles.when}>{when}</span>
        </p>
      </div>
      <div ref={ref} className={styles.plot} style={{ height: HEIGHT }}>
        {width > 0 && (
          <svg
            width={width}
            height={HEIGHT}
            role="img"
            aria-label={label}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys walk along the steps
            tabIndex={0}
            {...handlers}
          >
            {Array.from({ length: steps + 1 }, (_, k) => (k / steps) * top).map((value) => (
              <g key={value}>
                <line
                  className={styles.grid}
                  x1={LEFT}
                  x2={right}
                  y1={y(value / perSecond)}
                  y2={y(value / perSecond)}
                />
                <text className={styles.tick} x={LEFT - 6} y={y(value / perSecond) + 4} textAnchor="end">
                  {formatRate(value)}
                </text>
              </g>
            ))}
            {Array.from({ length: minutes / every + 1 }, (_, k) => k * every).map((ago) => (
              <text
                key={ago}
                className={styles.tick}
                x={x(count - (ago * 60_000) / stepMs)}
                y={HEIGHT - 5}
                textAnchor={ago === 0 ? 'end' : ago === minutes ? 'start' : 'middle'}
              >
                {ago === 0 ? 'now' : `−${ago} min`}
              </text>
            ))}
            {at !== undefined && (
              <rect
                className={styles.marked}
                x={x(at)}
                width={Math.max(1, x(1) - x(0))}
                y={TOP}
                height={HEIGHT - TOP - BOTTOM}
              />
            )}
            <path className={styles.area} d={`M${x(0)},${y(0)}${stepsPath(inserted, x, y)}V${y(0)}Z`} />
            <path className={styles.line} d={stepsPath(announced, x, y).replace('L', 'M')} />
          </svg>
        )}
      </div>
    </section>
  );
}

/** Steps of a series, from its first point on. */
function stepsPath(values: readonly number[], x: (step: number) => number, y: (value: number) => number): string {
  return values
    .map((value, k) => `${k === 0 ? `L${x(0).toFixed(1)},` : 'V'}${y(value).toFixed(1)}H${x(k + 1).toFixed(1)}`)
    .join('');
}
