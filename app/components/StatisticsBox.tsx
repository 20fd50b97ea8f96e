import { statistics } from '../../core/hist/statistics.ts';
import { formatCount, formatNumber, formatWithError } from '../numbers.ts';
import type { Curve } from '../plots/curves.ts';
import { flat } from '../plots/labels.ts';
import { series } from '../plots/series.ts';
import { Label } from './Label.tsx';
import styles from './StatisticsBox.module.css';
import { Swatch } from './Swatch.tsx';

/** Entries, mean and standard deviation of a 1-D histogram; where there are several curves, their legend with sum and mean. */
export function StatisticsBox({ curves, flow, filled }: { curves: readonly Curve[]; flow: boolean; filled: boolean }) {
  const many = curves.length > 1;
  return (
    <div className={styles.box}>
      {curves.map(({ name, histogram, look }) => {
        const { entries, sum, sumError, mean, standardDeviation } = statistics(histogram);
        const { underflow, overflow } = series(name, histogram);
        const unit = histogram.axes[0]!.unit;
        return (
          <dl key={name} className={`${styles.line} ${many && !flow ? styles.row : ''}`}>
            {many ? (
              <div>
                <dt className={styles.set}>
                  <Swatch look={look} filled={filled} />
                  <span className={styles.name} title={flat(name)}>
                    <Label text={name} />
                  </span>
                </dt>
                <dd>{formatWithError(sum, sumError).join(' ± ')}</dd>
              </div>
            ) : (
              <>
                <Item name="entries" value={formatCount(entries)} />
                {histogram.storage === 'weighted' && (
                  <Item name="Σw" value={formatWithError(sum, sumError).join(' ± ')} />
                )}
              </>
            )}
            {mean !== undefined && <Item name="mean" value={formatNumber(mean, 5)} unit={unit} />}
            {standardDeviation !== undefined && !many && (
              <Item name="std dev" value={formatNumber(standardDeviation, 4)} />
            )}
            {flow && <Item name="under" value={formatNumber(underflow.content, 6)} />}
            {flow && <Item name="over" value={formatNumber(overflow.content, 6)} />}
            {histogram.missing > 0 && !many && <Item name="missing" value={formatCount(histogram.missing)} />}
          </dl>
        );
      })}
    </div>
  );
}

function Item({ name, value, unit }: { name: string; value: string; unit?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {unit && value !== '–' ? ` ${unit}` : ''}
      </dd>
    </div>
  );
}
