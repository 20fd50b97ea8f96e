/** Certified runs: the lists of luminosity blocks that are good for physics, as experiments publish them. */
import { LumiscopeError } from '../errors.ts';
import type { Context } from '../expr/context.ts';
import type { Expr } from '../expr/typedForm.ts';
import type { ColumnInfo } from '../schema/column.ts';
import { identityColumn } from '../schema/eventIdentity.ts';
import type { CertifiedRun } from './document.ts';

/** Name of the first row of a cutflow after all events, where a document has `lumis`. */
export const CERTIFIED = 'certified runs';

/** `[run, first, last]` after one another, ascending, ranges that touch or overlap made one: what `inRanges` takes. */
export function certifiedTable(lumis: readonly CertifiedRun[]): Uint32Array {
  const ranges = lumis.flatMap(({ run, blocks }) => blocks.map(([first, last]) => [run, first, last] as const));
  ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const merged: [number, number, number][] = [];
  for (const [run, first, last] of ranges) {
    const before = merged.at(-1);
    if (before?.[0] === run && first <= before[2] + 1) before[2] = Math.max(before[2], last);
    else merged.push([run, first, last]);
  }
  return Uint32Array.from(merged.flat());
}

/**
 * Whether an event counts.
 * @throws LumiscopeError `document` where the columns of run and luminosity block are missing
 */
export function certifiedCondition(lumis: readonly CertifiedRun[], context: Context): Expr {
  const { schema, nodes } = context;
  const [run, block] = (['run', 'block'] as const).map((part) => identityColumn(schema, part));
  if (!run || !block) {
    const missing = run ? 'luminosityBlock' : block ? 'run' : 'run or luminosityBlock';
    throw new LumiscopeError('document', `lumis needs run and luminosity block, but there is no column ${missing}`, {
      hint: 'simulated events have no certified runs: write `lumis: false` in their data set; else remove lumis',
    });
  }
  const [a, b] = [run, block].map((name) => context.column(schema.columns.get(name) as ColumnInfo));
  return nodes.inRanges(a, b, certifiedTable(lumis));
}

/** Whether a text looks like a list of certified runs: a JSON object with run numbers as keys. */
export function looksCertified(text: string): boolean {
  return /^\s*\{\s*"\d+"\s*:\s*\[/.test(text);
}

/**
 * Reads a list of certified runs, `{"315267": [[1, 100], [102, 140]]}`: the JSON that CMS publishes.
 * @throws LumiscopeError `format` naming the run at fault
 * @see https://opendata.cern.ch/docs/cms-guide-for-using-validated-runs
 */
export function readCertifiedRuns(text: string): CertifiedRun[] {
  const refuse = (what: string) =>
    new LumiscopeError('format', `the list of certified runs can't be read: ${what}`, {
      hint: 'it is JSON like {"315267": [[1, 100], [102, 140]]}: first and last luminosity block of each range',
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw refuse((cause as Error).message);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw refuse('it is not an object');
  const runs = Object.entries(json);
  if (runs.length === 0) throw refuse('it has no run');
  return runs.map(([key, blocks]: [string, unknown]) => {
    const run = Number(key);
    if (!/^\d+$/.test(key) || !isUint32(run)) throw refuse(`${key.slice(0, 40)} is not a run number`);
    if (!Array.isArray(blocks)) throw refuse(`run ${key} has no list of ranges`);
    return { run, blocks: blocks.map((range) => rangeOf(range) ?? fail(refuse(`run ${key} has a wrong range`))) };
  });
}

function rangeOf(range: unknown): [number, number] | undefined {
  if (!Array.isArray(range) || range.length !== 2) return undefined;
  const [first, last] = range as [number, number];
  return isUint32(first) && isUint32(last) && first <= last ? [first, last] : undefined;
}

function isUint32(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffffffff;
}

function fail(error: Error): never {
  throw error;
}
