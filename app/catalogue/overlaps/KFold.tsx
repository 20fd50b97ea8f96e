import { eventsOfUnion } from '../../../core/catalogue/overlapPairs.ts';
import { formatCount, formatPercent } from '../../numbers.ts';
import styles from './Overlaps.module.css';

/** How many events are in exactly 1, 2, … streams, as bars up to the largest number of streams that shares an event. */
export function KFold({ inExactly }: { inExactly: Float64Array }) {
  const union = eventsOfUnion({ inExactly });
  const last = inExactly.findLastIndex((events) => events > 0);
  const most = inExactly.reduce((a, b) => Math.max(a, b), 0);
  if (last < 1) return <p className={styles.note}>The streams hold no events.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className={styles.kFold} tabIndex={0} role="region" aria-label="Events by number of streams">
      <table>
        <thead>
          <tr>
            <th scope="col">streams</th>
            <td />
            <th scope="col">events</th>
            <th scope="col">share</th>
          </tr>
        </thead>
        <tbody>
          {Array.from(inExactly.subarray(1, last + 1), (events, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows stand for numbers of streams
            <tr key={i}>
              <th scope="row">{i + 1}</th>
              <td className={styles.track}>
                <div style={{ width: `${(100 * events) / most}%` }} data-some={events > 0 || undefined} />
              </td>
              <td>{formatCount(events)}</td>
              <td>{formatPercent(events / union)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
