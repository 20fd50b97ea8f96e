/** Counts of chains as files: CSV with a row for each chain, JSON of everything. */
import { tableCsv } from '../csv.ts';
import { LEVEL_NAMES, LISTS_OF_LEVEL } from './menu.ts';
import type { OverlapCounts } from './overlap.ts';
import { pairOf } from './overlapPairs.ts';
import { type ChainCount, secondsOf, type TriggerCounts } from './triggerCounts.ts';

/** Names of the columns that `chainCells` fills. */
export function chainColumns({ question: { level, isColumns } }: TriggerCounts): string[] {
  if (isColumns) return ['column', 'events', 'unique'];
  const [prescale, seed] = level === 1 ? [['prescale'], []] : [[], ['seed']];
  return ['bit', 'chain', ...LISTS_OF_LEVEL[level], ...prescale, 'rate', 'unique', 'unique_rate', ...seed];
}

/** Undefined: not known, or not asked for. */
export function chainCells(
  row: ChainCount,
  { question: { level, isColumns } }: TriggerCounts,
): (string | number | undefined)[] {
  const { bit, chain, fired, prescale, rate, unique, uniqueRate, seed } = row;
  if (isColumns) return [chain, fired[0], unique];
  const isFirst = level === 1;
  return [bit, chain, ...fired, ...(isFirst ? [prescale] : []), rate, unique, uniqueRate, ...(isFirst ? [] : [seed])];
}

export function chainsCsv(counts: TriggerCounts, rows: readonly ChainCount[]): string {
  return tableCsv(
    chainColumns(counts),
    rows.map((row) => chainCells(row, counts)),
  );
}

/** What is not known is null. Pairs are those that share events. */
export function chainsJson(counts: TriggerCounts, rows: readonly ChainCount[], overlaps?: OverlapCounts): string {
  const { question, records, duplicates, events, elsewhere, blind, inExactly } = counts;
  const columns = chainColumns(counts);
  const whole = {
    ...(!question.isColumns && { level: LEVEL_NAMES[question.level], list: question.list }),
    luminosity_blocks: question.blocks ?? null,
    records,
    duplicates,
    events,
    records_elsewhere: elsewhere,
    events_without_decisions: blind,
    seconds: secondsOf(counts),
    fired_exactly: [...inExactly],
    chains: rows.map((row) => Object.fromEntries(chainCells(row, counts).map((cell, i) => [columns[i], cell ?? null]))),
  };
  const text = JSON.stringify(whole, undefined, 1);
  return overlaps ? `${text.slice(0, -2)},\n "pairs": [\n${pairLines(overlaps).join(',\n')}\n ]\n}\n` : `${text}\n`;
}

/** Of those that share events, which may be millions: a line each. */
function pairLines(overlaps: OverlapCounts): string[] {
  const { names } = overlaps;
  const lines: string[] = [];
  for (let i = 0; i < names.length; i++) {
    for (let j = i + 1; j < names.length; j++) {
      const { events_bothstreams, ratio } = pairOf(overlaps, i, j);
      if (events_bothstreams === 0) continue;
      lines.push(JSON.stringify({ chain1: names[i], chain2: names[j], events_bothstreams, ratio }));
    }
  }
  return lines;
}
