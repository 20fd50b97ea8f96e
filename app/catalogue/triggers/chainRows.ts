/** Rows of chains, sorted as the link says. */
import type { ChainCount, TriggerCounts } from '../../../core/catalogue/triggerCounts.ts';
import { chainCells, chainColumns } from '../../../core/catalogue/triggerFiles.ts';

export interface ChainSort {
  column: string;
  descending: boolean;
}

/** `chain`, or `-tav` for the largest first. What is no column sorts by `otherwise`. */
export function parseSort(text: string, columns: readonly string[], otherwise: string): ChainSort {
  const column = text.replace(/^-/, '');
  return columns.includes(column)
    ? { column, descending: text.startsWith('-') }
    : { column: otherwise, descending: true };
}

/** What is not known comes last, equal ones by bit. */
export function sortChains(rows: readonly ChainCount[], counts: TriggerCounts, sort: ChainSort): ChainCount[] {
  const at = chainColumns(counts).indexOf(sort.column);
  const sign = sort.descending ? -1 : 1;
  return rows
    .map((row) => [chainCells(row, counts)[at], row] as const)
    .sort(([a, x], [b, y]) => {
      if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined) || x.bit - y.bit;
      return sign * (a < b ? -1 : Number(a > b)) || x.bit - y.bit;
    })
    .map(([, row]) => row);
}
