import type { FiredClause } from '../../../core/catalogue/eventCondition.ts';
import type { Part } from '../../../core/catalogue/manifest.ts';
import type { RecordBatch } from '../../../core/catalogue/tables.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { concatenate, gather, runsOfFlags } from '../../convert/rows.ts';
import { keptIndex } from '../read/keptIndex.ts';
import { readGroups } from '../read/recordReader.ts';
import type { Handed, TaskContext } from '../taskContext.ts';
import { buffersOf } from './buffers.ts';

export interface SelectInput {
  folder: string;
  part: Part;
  /** Row groups that begin with one of these records. */
  records: readonly [from: number, to: number];
  /** Each has to hold. */
  clauses: readonly FiredClause[];
  blocks?: readonly [first: number, last: number] | undefined;
  /** Columns that are wanted of the records that pass, besides their event numbers. */
  columns: readonly string[];
}

export interface SelectedRows {
  /** Records that pass, with `eventno` and the wanted columns that there are. */
  rows: number;
  columns: Map<string, ColumnData>;
  /** Records of the row groups that were read, and of those that were not, since the index says that none of theirs pass. */
  read: number;
  skipped: number;
}

/** Row groups that are read together. */
const GROUPS_AT_ONCE = 32;

/** The records of some row groups that fired chains and lie in a range of luminosity blocks. */
export async function run(
  context: TaskContext,
  { folder, part, records: [from, to], clauses, blocks, columns }: SelectInput,
  signal: AbortSignal,
): Promise<Handed<SelectedRows>> {
  const index = await keptIndex(context, folder, part, signal);
  const lists = clauses.flatMap((clause) => clause.map(({ list }) => list));
  const needed = [...new Set(['eventno', ...lists, ...(blocks ? ['lb'] : []), ...columns])];
  for (const name of needed)
    if (!index.columns.includes(name))
      throw new LumiscopeError('document', `${part.records.path} has no column ${name}`, {
        hint: 'choose datasets whose records have it: RAW and simulation before reconstruction know of no trigger',
        place: { file: part.records.path, column: name },
      });
  const rowsOf = (group: number) => index.rows[group + 1]! - index.rows[group]!;
  const groups: number[] = [];
  let skipped = 0;
  for (const group of index.first.keys()) {
    const begin = index.rows[group]!;
    if (begin < from || begin >= to) continue;
    if (blocks && (index.firstBlock[group]! > blocks[1] || index.lastBlock[group]! < blocks[0]))
      skipped += rowsOf(group);
    else groups.push(group);
  }
  const tests = clauses.map((clause) => clause.map(({ list, bits }) => ({ list, isWanted: flagsOf(bits) })));
  const source = groups.length > 0 ? await context.object(folder, part.records) : undefined;
  const found: Map<string, ColumnData>[] = [];
  let rows = 0;
  let read = 0;
  for (let at = 0; at < groups.length; at += GROUPS_AT_ONCE) {
    const own = groups.slice(at, at + GROUPS_AT_ONCE);
    for (const batch of await readGroups(source!, index, own, { columns: needed, signal })) {
      read += batch.rows;
      const passed = passing(batch, tests, blocks);
      const runs = runsOfFlags(passed, passed.length);
      if (runs.length === 0) continue;
      const kept = ['eventno', ...columns].map((name): [string, ColumnData] => [
        name,
        gather(batch.columns.get(name)!, runs),
      ]);
      rows += kept[0]![1].length;
      found.push(new Map(kept));
    }
  }
  const joined = new Map<string, ColumnData>();
  if (found.length > 0)
    for (const name of found[0]!.keys()) joined.set(name, concatenate(found.map((one) => one.get(name)!)));
  return { handed: { rows, columns: joined, read, skipped }, buffers: buffersOf(joined.values()) };
}

/** 1 for each record for which all holds. */
function passing(
  { rows, columns }: RecordBatch,
  tests: readonly (readonly { list: string; isWanted: Uint8Array }[])[],
  blocks: SelectInput['blocks'],
): Uint8Array {
  const passed = new Uint8Array(rows).fill(1);
  if (blocks) {
    const { values, valid } = columns.get('lb')!;
    for (let row = 0; row < rows; row++) {
      const block = values[row] as number;
      if (valid?.[row] === 0 || block < blocks[0] || block > blocks[1]) passed[row] = 0;
    }
  }
  for (const clause of tests) {
    const fired = new Uint8Array(rows);
    for (const { list, isWanted } of clause) {
      const { values, offsets } = columns.get(list)!;
      const [begins] = offsets as [Uint32Array];
      for (let row = 0; row < rows; row++) {
        for (let i = begins[row]!; i < begins[row + 1]! && !fired[row]; i++)
          fired[row] = isWanted[values[i] as number]!;
      }
    }
    for (let row = 0; row < rows; row++) passed[row]! &= fired[row]!;
  }
  return passed;
}

function flagsOf(bits: readonly number[]): Uint8Array {
  const flags = new Uint8Array(2 ** 16);
  for (const bit of bits) flags[bit] = 1;
  return flags;
}
