import { useComputedColorScheme } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import type { SqlColumn } from '../../workers/sql/fromArrow.ts';
import { Choice } from '../catalogue/parts/Choice.tsx';
import { formatCount } from '../numbers.ts';
import { PlotCanvas } from '../plots/PlotCanvas.tsx';
import { INK } from '../plots/palette.ts';
import { CHARTS, chartFigure, isNumeric, MOST_DRAWN } from './chartFigure.ts';
import type { ChartChoice } from './inLink.ts';
import styles from './Sql.module.css';

/** A chart of an answer: one column over another. */
export function ResultChart({
  columns,
  rows,
  choice,
  onChoice,
}: {
  columns: readonly SqlColumn[];
  rows: number;
  choice: ChartChoice;
  onChoice(choice: ChartChoice): void;
}) {
  const scheme = useComputedColorScheme('light');
  const numeric = columns.filter(isNumeric);
  const y =
    numeric.find(({ info }) => info.name === choice.y) ?? numeric.find((one) => one !== columns[0]) ?? numeric[0];
  const x = columns.find(({ info }) => info.name === choice.x) ?? columns.find((one) => one !== y) ?? columns[0];
  const style = useMemo(() => ({ ink: INK[scheme], fontSize: 12, legend: false }), [scheme]);
  const { kind, log = false } = choice;
  const figure = useCallback(() => chartFigure(x!, y!, rows, kind, log, style), [x, y, rows, kind, log, style]);
  if (!x || !y || rows === 0) return <p className={styles.note}>A chart needs a column of numbers, and rows.</p>;
  const names = (from: readonly SqlColumn[]) =>
    [...new Set(from.map(({ info }) => info.name))].map((name) => [name, name] as const);
  return (
    <div className={styles.chart}>
      <div className={styles.tools}>
        <Choice
          label="Draw"
          value={kind}
          options={CHARTS.map((one) => [one, one] as const)}
          onChange={(kind) => onChoice({ ...choice, kind })}
        />
        <Choice
          label="x"
          value={x.info.name}
          options={names(columns)}
          onChange={(name) => onChoice({ ...choice, x: name })}
        />
        <Choice
          label="y"
          value={y.info.name}
          options={names(numeric)}
          onChange={(name) => onChoice({ ...choice, y: name })}
        />
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={log}
            onChange={(event) => onChoice({ ...choice, log: event.currentTarget.checked })}
          />
          log
        </label>
        {rows > MOST_DRAWN && <span className={styles.faint}>the first {formatCount(MOST_DRAWN)} rows</span>}
      </div>
      <div className={styles.canvas}>
        <PlotCanvas
          figure={figure}
          label={`${y.info.name} over ${x.info.name}`}
          zoomKey={`${x.info.name} ${y.info.name}`}
        />
      </div>
    </div>
  );
}
