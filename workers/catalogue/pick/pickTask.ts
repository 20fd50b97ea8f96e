import type { Part } from '../../../core/catalogue/manifest.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { concatenate, gather, runsOfFlags } from '../../convert/rows.ts';
import { keptIndex } from '../read/keptIndex.ts';
import { groupsOfEvent, type RecordIndex, readGroups } from '../read/recordReader.ts';
import type { Handed, TaskContext } from '../taskContext.ts';
import { buffersOf } from './buffers.ts';

/** Row groups that are read together: some megabytes. */
const GROUPS_AT_ONCE = 32;

interface PickedRows {
  rows: number;
  /** Empty where there are no rows. */
  columns: Map<string, ColumnData>;
}

/**
 * The records of events in one part: its index, then the row groups that may hold them, each once.
 * @param input events: ascending, each once
 */
export async function run(
  context: TaskContext,
  { folder, part, events }: { folder: string; part: Part; events: BigUint64Array },
  signal: AbortSignal,
): Promise<Handed<PickedRows>> {
  const index = await keptIndex(context, folder, part, signal);
  const groups = groupsOfEvents(index, events);
  const found: Map<string, ColumnData>[] = [];
  let rows = 0;
  const source = groups.length > 0 ? await context.object(folder, part.records) : undefined;
  for (let at = 0; at < groups.length; at += GROUPS_AT_ONCE) {
    const batches = await readGroups(source!, index, groups.slice(at, at + GROUPS_AT_ONCE), { signal });
    for (const { columns } of batches) {
      const flags = wanted(columns.get('eventno')!.values as BigUint64Array, events);
      const runs = runsOfFlags(flags, flags.length);
      if (runs.length === 0) continue;
      const own = new Map([...columns].map(([name, column]) => [name, gather(column, runs)]));
      rows += own.get('eventno')!.length;
      found.push(own);
    }
  }
  const columns = new Map<string, ColumnData>(
    found.length === 0
      ? []
      : [...found[0]!.keys()].map((name) => [name, concatenate(found.map((one) => one.get(name)!))]),
  );
  return { handed: { rows, columns }, buffers: buffersOf(columns.values()) };
}

/** Ascending, each once: events that follow one another often share a row group. */
function groupsOfEvents(index: RecordIndex, events: BigUint64Array): number[] {
  const groups: number[] = [];
  for (const event of events) {
    const [from, to] = groupsOfEvent(index, event);
    for (let group = Math.max(from, (groups.at(-1) ?? -1) + 1); group < to; group++) groups.push(group);
  }
  return groups;
}

/** 1 for each record of one of the events; both ascend. */
function wanted(eventno: BigUint64Array, events: BigUint64Array): Uint8Array {
  const flags = new Uint8Array(eventno.length);
  let next = 0;
  for (let row = 0; row < eventno.length; row++) {
    const event = eventno[row]!;
    while (next < events.length && events[next]! < event) next++;
    if (events[next] === event) flags[row] = 1;
  }
  return flags;
}
