import { useMemo } from 'react';
import { namePattern } from '../../../core/catalogue/menu.ts';
import type { ChainCount, TriggerCounts } from '../../../core/catalogue/triggerCounts.ts';
import { chainCells, chainColumns } from '../../../core/catalogue/triggerFiles.ts';
import { formatCount, formatNumber } from '../../numbers.ts';
import { useParameter } from '../link.ts';
import { type TableColumn, VirtualTable } from '../parts/VirtualTable.tsx';
import { parseSort, sortChains } from './chainRows.ts';
import styles from './Triggers.module.css';

/** What heads say, and what they mean. */
const HEADS: Record<string, readonly [string, string]> = {
  bit: ['bit', ''],
  chain: ['chain', ''],
  column: ['column', ''],
  events: ['events', ''],
  tbp: ['TBP', 'events before prescale'],
  tap: ['TAP', 'events after prescale'],
  tav: ['TAV', 'events after veto'],
  ph: ['PH', 'events that passed for physics'],
  pt: ['PT', 'events that were passed through'],
  rs: ['RS', 'events in which it was resurrected: run although it was prescaled'],
  lph: ['PH', 'events that passed for physics'],
  lpt: ['PT', 'events that were passed through'],
  lrs: ['RS', 'events in which it was resurrected'],
  prescale: ['prescale', 'effective: events before prescale ÷ events after it'],
  rate: ['rate [Hz]', 'events per second of luminosity blocks'],
  unique: ['unique', 'events that no other chain fired'],
  unique_rate: ['unique [Hz]', 'rate of the events that no other chain fired'],
  seed: ['seed', 'chains of level 1 that start it'],
};
const WIDTHS: Record<string, number> = {
  bit: 7,
  chain: 42,
  column: 52,
  seed: 30,
  prescale: 12,
  rate: 13,
  unique_rate: 14,
};
const TEXTS = ['chain', 'column', 'seed'];

/** Chains, as many as there are; the heads sort them. @param filter of names, with wildcards */
export function ChainTable({
  counts,
  rows,
  filter,
}: {
  counts: TriggerCounts;
  rows: readonly ChainCount[];
  filter: string;
}) {
  const names = useMemo(() => chainColumns(counts), [counts]);
  const [by, setBy] = useParameter('by');
  const sort = parseSort(by, names, names.includes('events') ? 'events' : counts.question.list);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a sort is its two parts
  const shown = useMemo(() => {
    const fits = namePattern(filter);
    return sortChains(
      rows.filter(({ chain }) => fits(chain)),
      counts,
      sort,
    );
  }, [rows, counts, filter, sort.column, sort.descending]);
  const cells = useMemo(() => shown.map((row) => chainCells(row, counts)), [shown, counts]);
  const columns = names.map((name): TableColumn => {
    const [label, title] = HEADS[name]!;
    const isSorted = sort.column === name;
    return {
      name,
      width: WIDTHS[name] ?? 11,
      right: !TEXTS.includes(name),
      label: (
        <button
          type="button"
          className={styles.head}
          title={title || undefined}
          aria-label={`Sort by ${label}${isSorted ? (sort.descending ? ', now descending' : ', now ascending') : ''}`}
          onClick={() => setBy(`${(isSorted ? !sort.descending : !TEXTS.includes(name)) ? '-' : ''}${name}`)}
        >
          {label}
          {isSorted && <span aria-hidden="true"> {sort.descending ? '▼' : '▲'}</span>}
        </button>
      ),
    };
  });
  if (shown.length === 0) return <p className={styles.note}>No chain is like this</p>;
  return (
    <div className={styles.table} style={{ maxWidth: `${columns.reduce((sum, { width }) => sum + width, 6)}ch` }}>
      <VirtualTable
        label="Chains"
        columns={columns}
        count={shown.length}
        current={-1}
        cell={(row, name) => printCell(cells[row]![names.indexOf(name)], name)}
      />
    </div>
  );
}

function printCell(cell: string | number | undefined, name: string): string {
  if (cell === undefined) return '–';
  if (typeof cell === 'string') return cell;
  return ['prescale', 'rate', 'unique_rate'].includes(name)
    ? formatNumber(cell)
    : name === 'bit'
      ? String(cell)
      : formatCount(cell);
}
