import { Checkbox } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useMemo, useState } from 'react';
import { bytesOfPair, overlapBytes } from '../../../core/catalogue/overlapBytes.ts';
import { type KnownCounts, OVERLAP_MEASURES, type OverlapMeasure } from '../../../core/catalogue/overlapFiles.ts';
import { eventsOfUnion, overlapPairs, pairOf } from '../../../core/catalogue/overlapPairs.ts';
import { orderStreams, STREAM_ORDERS } from '../../../core/catalogue/streamOrder.ts';
import { formatCount, formatPercent } from '../../numbers.ts';
import { type CellPlace, HeatMap } from '../heatMap/HeatMap.tsx';
import { useParameter } from '../link.ts';
import { Choice } from '../parts/Choice.tsx';
import { HeatLegend } from './HeatLegend.tsx';
import { KFold } from './KFold.tsx';
import { COLOURINGS, type Colouring, type MatrixChoice, matrixCells } from './matrixCells.ts';
import styles from './Overlaps.module.css';
import { PairTable } from './PairTable.tsx';
import { pairRows, parseSort } from './pairRows.ts';
import { bytesWords, pairWords } from './pairWords.ts';
import { SaveOverlaps } from './SaveOverlaps.tsx';

const ORDERS = STREAM_ORDERS.map((order) => [order, order] as const);
const MEASURES: readonly (readonly [OverlapMeasure, string])[] = [
  ['ratio', 'ratio'],
  ['both', 'counts'],
  ['row', '% of row'],
];
const COLOURING_NAMES: readonly (readonly [Colouring, string])[] = [
  ['linear', 'linear'],
  ['log', 'logarithmic'],
];

interface Props {
  counts: KnownCounts;
  labels: readonly string[];
  /** Mean bytes of an event of each stream. */
  sizes: readonly (number | undefined)[];
  /** More is being counted. */
  isPartial: boolean;
  onOpen(stream1: number, stream2: number): void;
  /** The events of the pair that is open, in place of the table of pairs. */
  opened: ReactNode;
}

/** Overlaps as a heat map, pairs in a table, k-fold counts and bytes. */
export function OverlapResult({ counts, labels, sizes, isPartial, onOpen, opened }: Props) {
  const [order, setOrder] = useParameter('order', 'similarity');
  const [measure, setMeasure] = useParameter('show', 'ratio');
  const [colouring, setColouring] = useParameter('colours', 'linear');
  const [lower, setLower] = useParameter('half');
  const [sort, setSort] = useParameter('sort', '-ratio');
  const [filter, setFilter] = useParameter('filter');
  const isWide = useMediaQuery('(min-width: 1100px)');
  const [cursor, setCursor] = useState<CellPlace>();
  const choice: MatrixChoice = {
    measure: oneOf(OVERLAP_MEASURES, measure),
    colouring: oneOf(COLOURINGS, colouring),
    isLower: lower !== '',
  };
  const orderName = oneOf(STREAM_ORDERS, order);
  // Rows would change places with each part of the counts.
  const rowOrder = isPartial && orderName === 'similarity' ? 'name' : orderName;
  const streams = useMemo(() => orderStreams(counts, rowOrder), [counts, rowOrder]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a choice is its three parts
  const cells = useMemo(
    () => matrixCells(counts, streams, labels, choice),
    [counts, streams, labels, choice.measure, choice.colouring, choice.isLower],
  );
  const pairs = useMemo(() => overlapPairs(counts), [counts]);
  const rows = useMemo(() => pairRows(pairs, labels, parseSort(sort), filter), [pairs, labels, sort, filter]);
  // The number of streams may have become smaller.
  const at = cursor && streams[cursor.row] !== undefined && streams[cursor.column] !== undefined ? cursor : undefined;
  return (
    <div className={styles.result}>
      <section className={styles.map} aria-label="Heat map">
        <div className={styles.tools}>
          <Choice label="Order by" value={orderName} options={ORDERS} onChange={setOrder} />
          <Choice label="Show" value={choice.measure} options={MEASURES} onChange={setMeasure} />
          <Choice label="Colours" value={choice.colouring} options={COLOURING_NAMES} onChange={setColouring} />
          <Checkbox
            label="Each pair once"
            checked={choice.isLower}
            onChange={(event) => setLower(event.currentTarget.checked ? 'lower' : '')}
          />
          <SaveOverlaps counts={counts} order={streams} choice={choice} cells={cells} sizes={sizes} />
        </div>
        <HeatMap
          label={`Heat map of the overlaps of ${streams.length} streams`}
          cells={cells}
          fits={isWide}
          cursor={at}
          onCursor={setCursor}
          onOpen={({ row, column }) => row !== column && onOpen(streams[row]!, streams[column]!)}
        />
        <HeatLegend measure={choice.measure} range={cells.range} />
        <p className={styles.words} aria-live="polite">
          {at ? (
            <PairWords
              counts={counts}
              labels={labels}
              sizes={sizes}
              stream1={streams[at.row]!}
              stream2={streams[at.column]!}
            />
          ) : (
            <span className={styles.faint}>Point at a pair for its numbers; a click or Enter lists its events.</span>
          )}
        </p>
      </section>
      <div className={styles.side}>
        {opened ?? (
          <section className={styles.pairs} aria-label="Pairs">
            <div className={styles.tools}>
              <h2>
                {formatCount(rows.length)}
                {rows.length < pairs.length && ` of ${formatCount(pairs.length)}`}{' '}
                {pairs.length === 1 ? 'pair' : 'pairs'}
              </h2>
              <input
                type="search"
                className={styles.filter}
                placeholder="Filter by name"
                aria-label="Filter pairs by name"
                value={filter}
                onChange={(event) => setFilter(event.target.value)}
              />
            </div>
            <PairTable
              rows={rows}
              labels={labels}
              sort={parseSort(sort)}
              onSort={({ column, descending }) => setSort(`${descending ? '-' : ''}${column}`)}
              onOpen={({ stream1, stream2 }) => onOpen(stream1, stream2)}
            />
          </section>
        )}
        <section className={styles.folds} aria-label="How often events are stored">
          <h2>Events in exactly so many streams</h2>
          {counts.inExactly ? (
            <KFold inExactly={counts.inExactly} />
          ) : (
            <p className={styles.note}>These are not among the stored counts: count anew to see them.</p>
          )}
          <Bytes counts={counts} sizes={sizes} />
        </section>
      </div>
    </div>
  );
}

function PairWords({
  counts,
  labels,
  sizes,
  stream1,
  stream2,
}: Pick<Props, 'counts' | 'labels' | 'sizes'> & { stream1: number; stream2: number }) {
  const bytes = stream1 === stream2 ? undefined : bytesOfPair(pairOf(counts, stream1, stream2), sizes);
  return (
    <>
      {pairWords(counts, labels, stream1, stream2)}
      {bytes !== undefined && bytes > 0 && `, ${bytesWords(bytes)} stored twice`}
    </>
  );
}

/** What overlap costs, where all counts and sizes are known. */
function Bytes({ counts, sizes }: Pick<Props, 'counts' | 'sizes'>) {
  const { records, inExactly, duplicates } = counts;
  if (!records || !inExactly || duplicates === undefined) return null;
  const bytes = overlapBytes({ ...counts, records, inExactly, duplicates }, sizes);
  const figures: [string, string, string?][] = [
    ['events of all streams', formatCount(eventsOfUnion({ inExactly }))],
    ['duplicate records', formatCount(duplicates), 'records past the first one of an event in its stream'],
  ];
  if (bytes) {
    const part = bytes.stored > 0 ? ` (${formatPercent(bytes.overlap / bytes.stored)})` : '';
    figures.push(
      ['bytes stored', bytesWords(bytes.stored), 'events of each stream × their mean size there'],
      [
        'bytes that overlap costs',
        bytesWords(bytes.overlap) + part,
        'what would be saved if each event were stored once, at the mean size',
      ],
      ['bytes of duplicates', bytesWords(bytes.duplicates)],
    );
  } else figures.push(['bytes that overlap costs', 'not known', 'some streams have no declared bytes']);
  return (
    <dl className={styles.figures}>
      {figures.map(([name, value, title]) => (
        <div key={name} title={title}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function oneOf<T extends string>(values: readonly T[], text: string): T {
  return values.find((value) => value === text) ?? values[0]!;
}
