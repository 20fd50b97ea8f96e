import { columnsNamed, type EventCondition, firedClause } from '../../../core/catalogue/eventCondition.ts';
import { type EventSet, eventSet, type StreamMember } from '../../../core/catalogue/stream.ts';
import type { ContainerRow } from '../../../core/catalogue/tables.ts';
import { RECORD_COLUMNS } from '../../../core/catalogue/tables.ts';
import { triggerChoice } from '../../../core/catalogue/triggerChoice.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import { type ColumnData, VALUE_ARRAYS } from '../../../core/schema/column.ts';
import type { SqlDatabase } from '../../sql/sqlDatabase.ts';
import type { OpenCatalogue } from '../openCatalogue.ts';
import { menuOf } from './names.ts';
import type { SelectedRows } from './selectTask.ts';

/** Which events: of which data, and what has to hold. */
export interface EventQuestion extends EventCondition {
  containers: readonly ContainerRow[];
}

export interface FoundEvents {
  /** Distinct ones, at most as many as the limit. */
  events: EventSet;
  /** Records that pass, and of those the ones past the limit, whose events are not listed. */
  passed: number;
  more: number;
  /** Records that were looked at, and those that the index of their part left out. */
  read: number;
  skipped: number;
  /** Chosen data that were left out, since they have no trigger decisions. */
  blind: string[];
}

export interface FindOptions {
  signal?: AbortSignal | undefined;
  /** Records that are listed; those past it are counted. */
  limit?: number | undefined;
  /** DuckDB, for conditions in SQL; whoever gives it closes it. */
  openSql?: (() => Promise<SqlDatabase>) | undefined;
  /** Of records; and now and then what was found so far. */
  onProgress?: ((progress: { done: number; total: number; unit: string }, partial?: FoundEvents) => void) | undefined;
}

/** Records that are listed where no limit is said. */
export const LISTED = 1_000_000;
/** Records of a task: as many as DuckDB likes in one batch, too. */
const RECORDS_OF_TASK = 65_536;
/** Tasks whose records may wait for DuckDB. */
const TASKS_AT_ONCE = 64;
const PARTIAL_MS = 1000;

/**
 * The events of datasets for whose records a condition holds. Reads of each row group the columns that the condition is about, and no row group that has none of the luminosity
 * blocks; a condition in SQL is asked of DuckDB, read-only, task by task. The same list for any number of threads.
 * @throws LumiscopeError `document` for a condition that can't be asked of these data; `expression` for wrong SQL; `source`, `format` naming the object; `cancelled`
 */
export async function findEvents(
  catalogue: OpenCatalogue,
  { containers, chains = [], blocks, where }: EventQuestion,
  { signal, limit = LISTED, openSql, onProgress }: FindOptions = {},
): Promise<FoundEvents> {
  const { members, blind, clauses } = await chosen(catalogue, containers, chains, signal);
  const columns = where === undefined ? [] : columnsNamed(where);
  const sql = where === undefined ? undefined : await openSql?.();
  const found = new FoundList(limit, blind);
  if (where !== undefined) await tryCondition(sql, where, signal);
  const parts = members.flatMap((member) => partsOf(catalogue, member));
  const total = parts.reduce((sum, { part }) => sum + part.rows, 0);
  const tasks = parts.flatMap(({ part, runNumber }) => {
    return Array.from({ length: Math.ceil(part.rows / RECORDS_OF_TASK) }, (_, k) => ({
      runNumber,
      input: {
        folder: catalogue.folder,
        part,
        records: [k * RECORDS_OF_TASK, (k + 1) * RECORDS_OF_TASK] as const,
        clauses,
        blocks,
        columns,
      },
    }));
  });
  let told = performance.now();
  for (let at = 0; at < tasks.length; at += TASKS_AT_ONCE) {
    const own = tasks.slice(at, at + TASKS_AT_ONCE);
    // DuckDB answers one question after the other, while threads read on.
    let added: Promise<void> = Promise.resolve();
    const failed = new AbortController();
    const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
    const add = async (rows: SelectedRows, runNumber: number) => {
      const passed = sql && rows.rows > 0 ? await sql.filterRows(named(rows.columns), where!, stop) : undefined;
      found.add(runNumber, rows, passed);
      const isDue = performance.now() - told > PARTIAL_MS;
      if (isDue) told = performance.now();
      onProgress?.({ done: found.seen, total, unit: 'records' }, isDue ? found.state() : undefined);
    };
    const read = catalogue.threads.all(
      'select',
      own.map(({ input }) => input),
      {
        signal: stop,
        onResult: (rows, index) => {
          added = added.then(() => add(rows, own[index]!.runNumber));
          added.catch(() => failed.abort());
        },
      },
    );
    // What DuckDB refused is the reason, and that reading was ended for it is not.
    await read.catch((error) => added.then(() => Promise.reject(error)));
    await added;
  }
  return found.state();
}

async function chosen(
  catalogue: OpenCatalogue,
  containers: readonly ContainerRow[],
  chains: readonly string[],
  signal: AbortSignal | undefined,
) {
  if (containers.length === 0)
    throw new LumiscopeError('document', 'no dataset is chosen', { hint: 'choose the data to look into' });
  if (chains.length === 0) return { members: containers, blind: [], clauses: [] };
  const { members, smk, blind } = triggerChoice(catalogue.tables, containers);
  const menu = smk === undefined ? undefined : await menuOf(catalogue, smk, signal);
  return { members, blind, clauses: chains.map((text) => firedClause(text, menu)) };
}

/** The parts of a data type, in the order of their events. */
function partsOf({ manifest }: OpenCatalogue, { dspid, dstypeid }: StreamMember) {
  const { runNumber = 0 } = manifest.families.find((family) => family.dspid === dspid) ?? {};
  return manifest.parts
    .filter((part) => part.dspid === dspid && part.dstypeid === dstypeid)
    .map((part) => ({ part, runNumber, first: BigInt(part.first) }))
    .sort((a, b) => (a.first < b.first ? -1 : Number(a.first > b.first)));
}

/** Asks a condition of no rows, so that what is wrong with it is said before anything is fetched. */
async function tryCondition(
  sql: SqlDatabase | undefined,
  where: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!sql) throw new LumiscopeError('document', 'there is no DuckDB here to ask conditions in SQL of');
  // All columns that there may be, so that what is misspelt is told from them.
  const nothing = RECORD_COLUMNS.map((info): [string, ColumnData] => [
    info.name,
    {
      type: info.type,
      length: 0,
      offsets: info.depth > 0 ? [new Uint32Array(1)] : [],
      values: new VALUE_ARRAYS[info.type](0),
    },
  ]);
  await sql.filterRows(named(new Map(nothing)), where, signal);
}

function named(columns: ReadonlyMap<string, ColumnData>) {
  return [...columns].map(([name, data]) => ({ info: RECORD_COLUMNS.find((one) => one.name === name)!, data }));
}

/** Events as they are found. */
class FoundList {
  readonly #limit: number;
  readonly #blind: string[];
  readonly #runs: number[] = [];
  readonly #pieces: BigUint64Array[] = [];
  #listed = 0;
  #passed = 0;
  #read = 0;
  #skipped = 0;

  constructor(limit: number, blind: string[]) {
    this.#limit = limit;
    this.#blind = blind;
  }

  get seen(): number {
    return this.#read + this.#skipped;
  }

  /** @param positions rows that pass; all of them where it is left out */
  add(
    runNumber: number,
    {
      rows,
      columns,
      read,
      skipped,
    }: { rows: number; columns: ReadonlyMap<string, ColumnData>; read: number; skipped: number },
    positions?: Uint32Array,
  ): void {
    this.#read += read;
    this.#skipped += skipped;
    if (rows === 0) return;
    const eventno = columns.get('eventno')!.values as BigUint64Array;
    const passed = positions ? BigUint64Array.from(positions, (row) => eventno[row]!) : eventno;
    this.#passed += passed.length;
    const room = Math.min(passed.length, this.#limit - this.#listed);
    if (room === 0) return;
    this.#runs.push(runNumber);
    this.#pieces.push(passed.subarray(0, room));
    this.#listed += room;
  }

  state(): FoundEvents {
    const all = new BigUint64Array(this.#listed);
    const runs = new Uint32Array(this.#listed);
    let at = 0;
    this.#pieces.forEach((piece, k) => {
      all.set(piece, at);
      runs.fill(this.#runs[k]!, at, at + piece.length);
      at += piece.length;
    });
    return {
      events: eventSet(runs, all),
      passed: this.#passed,
      more: this.#passed - this.#listed,
      read: this.#read,
      skipped: this.#skipped,
      blind: this.#blind,
    };
  }
}
