import { Button } from '@mantine/core';
import { Fragment } from 'react';
import { useStore } from 'zustand';
import styles from '../components/CutTable.module.css';
import type { Flow } from '../components/cutRows.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import { BrushRow } from './BrushRow.tsx';
import { brushFigures, withRows } from './brushFigures.ts';
import { useBrushing } from './useBrushing.ts';

/** The rows of the brushes, behind those of the cuts. */
export default function BrushRows({ flows, weighted }: { flows: readonly Flow[]; weighted: boolean }) {
  const { removeBrush } = useActions();
  const brushes = useExplorer((s) => s.brushes);
  const document = useExplorer((s) => s.document);
  const all = useExplorer((s) => s.result?.cutflow) ?? [];
  const moving = useStore(useBrushing().state, (s) => s.rows);
  if (!document) return null;
  const shown = brushes.flatMap((brush) => {
    const spec = document.histograms.find(({ name }) => name === brush.histogram);
    return spec && brush.ranges.every(({ axis }) => spec.axes[axis]) ? [{ brush, spec }] : [];
  });
  const waiting = brushes
    .map(({ histogram }) => histogram)
    .filter((name) => document.histograms.every((spec) => spec.name !== name));
  const figures = brushFigures(document, shown.length, moving ? withRows(flows, all, moving, shown.length) : flows);
  return (
    <Fragment>
      {shown.map(({ brush, spec }, k) => (
        <BrushRow
          key={spec.name}
          brush={brush}
          spec={spec}
          figures={figures.length > 0 ? figures.map((column) => column[k]) : [undefined]}
          weighted={weighted}
        />
      ))}
      {waiting.map((name) => (
        <tr key={name}>
          <th scope="row" colSpan={2 + Math.max(1, flows.length) * (weighted ? 4 : 3)} className={styles.waits}>
            The brush on {name} does nothing: the analysis has no such histogram.{' '}
            <Button variant="default" size="compact-xs" onClick={() => removeBrush(name)}>
              Remove
            </Button>
          </th>
        </tr>
      ))}
    </Fragment>
  );
}
