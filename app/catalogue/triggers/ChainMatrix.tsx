import { Button, Menu } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useMemo, useState } from 'react';
import type { OverlapCounts } from '../../../core/catalogue/overlap.ts';
import {
  matrixCsv,
  OVERLAP_MEASURES,
  type OverlapMeasure,
  overlapsJson,
  pairsCsv,
} from '../../../core/catalogue/overlapFiles.ts';
import { orderStreams, STREAM_ORDERS } from '../../../core/catalogue/streamOrder.ts';
import { saveText } from '../../save.ts';
import { type CellPlace, HeatMap } from '../heatMap/HeatMap.tsx';
import { useParameter } from '../link.ts';
import { HeatLegend } from '../overlaps/HeatLegend.tsx';
import { COLOURINGS, type Colouring, matrixCells } from '../overlaps/matrixCells.ts';
import { pairWords } from '../overlaps/pairWords.ts';
import { Choice } from '../parts/Choice.tsx';
import styles from './Triggers.module.css';

const MEASURES: readonly (readonly [OverlapMeasure, string])[] = [
  ['ratio', 'ratio'],
  ['both', 'counts'],
  ['row', '% of row'],
];
const COLOURING_NAMES: readonly (readonly [Colouring, string])[] = [
  ['linear', 'linear'],
  ['log', 'logarithmic'],
];

/** Which chains fire together, as a heat map whose cursor tells the numbers of a pair. */
export function ChainMatrix({
  overlaps,
  isPartial,
  onOpen,
  children,
}: {
  overlaps: OverlapCounts;
  isPartial: boolean;
  /** A click on a pair. */
  onOpen?: (chain1: number, chain2: number) => void;
  /** What else there is to choose. */
  children?: ReactNode;
}) {
  const [orderText, setOrder] = useParameter('order', 'similarity');
  const [measureText, setMeasure] = useParameter('show', 'ratio');
  const [colouringText, setColouring] = useParameter('colours', 'linear');
  const isWide = useMediaQuery('(min-width: 900px)', undefined, { getInitialValueInEffect: false }) ?? true;
  const [cursor, setCursor] = useState<CellPlace>();
  const orderName = STREAM_ORDERS.find((name) => name === orderText) ?? 'similarity';
  const measure = OVERLAP_MEASURES.find((name) => name === measureText) ?? 'ratio';
  const colouring = COLOURINGS.find((name) => name === colouringText) ?? 'linear';
  // Rows would change places with each part of the counts.
  const rowOrder = isPartial && orderName === 'similarity' ? 'name' : orderName;
  const order = useMemo(() => orderStreams(overlaps, rowOrder), [overlaps, rowOrder]);
  const cells = useMemo(
    () => matrixCells(overlaps, order, overlaps.names, { measure, colouring, isLower: false }),
    [overlaps, order, measure, colouring],
  );
  const at = cursor && order[cursor.row] !== undefined && order[cursor.column] !== undefined ? cursor : undefined;
  if (order.length === 0)
    return (
      <>
        <div className={styles.tools}>{children}</div>
        <p className={styles.note}>None of these chains fired</p>
      </>
    );
  return (
    <div className={styles.matrix}>
      <div className={styles.tools}>
        {children}
        <Choice
          label="Order by"
          value={orderName}
          options={STREAM_ORDERS.map((name) => [name, name] as const)}
          onChange={setOrder}
        />
        <Choice label="Show" value={measure} options={MEASURES} onChange={setMeasure} />
        <Choice label="Colours" value={colouring} options={COLOURING_NAMES} onChange={setColouring} />
        <Menu>
          <Menu.Target>
            <Button variant="default" size="compact-xs" disabled={isPartial}>
              Save overlaps
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => saveText('trigger-pairs.csv', pairsCsv(overlaps), 'text/csv')}>
              Pairs as CSV
            </Menu.Item>
            <Menu.Item onClick={() => saveText('trigger-matrix.csv', matrixCsv(overlaps, order, measure), 'text/csv')}>
              Matrix as CSV
            </Menu.Item>
            <Menu.Item onClick={() => saveText('trigger-overlaps.json', overlapsJson(overlaps), 'application/json')}>
              All counts as JSON
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <HeatMap
        label={`Heat map of the overlaps of ${order.length} chains`}
        cells={cells}
        fits={isWide}
        cursor={at}
        onCursor={setCursor}
        onOpen={(place) => (onOpen ? onOpen(order[place.row]!, order[place.column]!) : setCursor(place))}
      />
      <HeatLegend measure={measure} range={cells.range} />
      <p className={styles.words} aria-live="polite">
        {at ? (
          pairWords(overlaps, overlaps.names, order[at.row]!, order[at.column]!)
        ) : (
          <span className={styles.faint}>
            Point at a pair, or move with the arrows, for its numbers{onOpen && '; a click or Enter lists its events'}.
          </span>
        )}
      </p>
    </div>
  );
}
