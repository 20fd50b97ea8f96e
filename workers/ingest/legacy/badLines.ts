import { latin1 } from '../../../core/ingest/legacyNumbers.ts';
import type { LegacyProblem } from '../../../core/ingest/legacyRecord.ts';

/** A line that was kept aside. */
export interface BadLine extends LegacyProblem {
  /** Which input, from 0. */
  input: number;
  line: number;
  /** Each byte a character (ISO 8859-1); the first ones where it is long. */
  text: string;
}

/** Bytes that are kept of a bad line. */
export const MOST_TEXT = 4096;

export function badLine(
  problem: LegacyProblem,
  input: number,
  line: number,
  bytes: Uint8Array,
  from: number,
  to: number,
): BadLine {
  return { input, line, ...problem, text: latin1(bytes, from, Math.min(to, from + MOST_TEXT)) };
}

/** How many bad lines are too many. */
export interface BadLimit {
  lines: number;
  /** Of all lines; this counts past 100 bad ones. */
  share: number;
}

export const BAD_LIMIT: BadLimit = { lines: 10_000, share: 0.01 };
const FEW = 100;

export function isTooBad(bad: number, lines: number, limit: BadLimit): boolean {
  return bad > limit.lines || (bad > FEW && bad > limit.share * lines);
}

/** As lines of JSON. */
export function printBadLine({ input, ...rest }: BadLine, names: readonly string[]): string {
  return `${JSON.stringify({ file: names[input], ...rest })}\n`;
}
