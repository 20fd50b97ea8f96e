import type { OverlapMeasure } from '../../../core/catalogue/overlapFiles.ts';
import { shadeColour } from '../heatMap/shade.ts';
import { shortValue } from './matrixCells.ts';
import styles from './Overlaps.module.css';

const GRADIENT = `linear-gradient(to right, ${Array.from({ length: 11 }, (_, i) => shadeColour(i / 10)).join(', ')})`;

export const MEASURE_NAMES: Record<OverlapMeasure, string> = {
  ratio: 'both ÷ union',
  both: 'events in both',
  row: "both ÷ events of the row's stream",
};

/** What the colours stand for. */
export function HeatLegend({ measure, range: [low, high] }: { measure: OverlapMeasure; range: [number, number] }) {
  return (
    <p className={styles.legend}>
      <span>{MEASURE_NAMES[measure]}</span>
      <span className={styles.none} aria-hidden="true" />
      <span>none</span>
      {high > 0 && (
        <>
          <span className="visually-hidden">, colours from</span>
          <span>{shortValue(measure, low)}</span>
          <span className={styles.gradient} style={{ backgroundImage: GRADIENT }} aria-hidden="true" />
          <span className="visually-hidden">to</span>
          <span>{shortValue(measure, high)}</span>
        </>
      )}
    </p>
  );
}
