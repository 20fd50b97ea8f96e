import type { Histogram } from '../../core/hist/histogram.ts';
import { statistics } from '../../core/hist/statistics.ts';
import { formatCount, formatNumber, formatWithError } from '../numbers.ts';
import { datasetColour } from '../plots/palette.ts';
import { byDataset, datasetAxis, series } from '../plots/series.ts';
import styles from './StatisticsBox.module.css';

/** Entries, mean and standard deviation of a 1-D histogram; a line for each data set where there are several. */
export function StatisticsBox({ histogram, flow }: { histogram: Histogram; flow: boolean }) {
  const sets = byDataset(histogram);
  const many = datasetAxis(histogram) !== undefined;
  return (
    <div className={styles.box}>
      {sets.map((set, i) => {
        const { entries, sum, sumError, mean, standardDeviation } = statistics(set.histogram);
        const { underflow, overflow } = series(set.name, set.histogram);
        const unit = set.histogram.axes[0]!.unit;
        return (
          <dl key={set.name} className={styles.line}>
            {many ? (
              <div>
                <dt className={styles.set}>
                  <span className={styles.swatch} style={{ background: datasetColour(i) }} />
                  {set.name}
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
            {standardDeviation !== undefined && <Item name="std dev" value={formatNumber(standardDeviation, 4)} />}
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
