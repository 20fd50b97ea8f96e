/** What a pick found: records as columns, and one of them as an object when it is looked at. */
import type { ColumnData } from '../schema/column.ts';
import { datasetNameOf } from './datasetName.ts';
import type { Reference } from './eventKey.ts';
import type { DatasetFamily } from './manifest.ts';
import { LISTS_OF_LEVEL, type ListName } from './menu.ts';
import type { Searched } from './pickChoice.ts';
import type { EventSet, StreamMember } from './stream.ts';

/** Records that were found in one data type of one dataset, by the names of `RECORD_COLUMNS`; families that the dataset lacks are absent. */
export interface FoundRecords extends StreamMember {
  rows: number;
  columns: ReadonlyMap<string, ColumnData>;
}

/** Where events of a run were looked for. */
export interface LookedInto {
  runNumber: number;
  searched: Searched[];
  /** Data types of datasets of the run that were not looked into. */
  others: number;
}

export interface Picked {
  /** What was asked for, one after the other: run numbers and event numbers. */
  runs: Uint32Array;
  events: BigUint64Array;
  looked: LookedInto[];
  found: FoundRecords[];
  /** One entry a hit, in the order of events, then as they were looked into, then `seq`: the event (its place in `events`), and the record. */
  hitEvent: Uint32Array;
  hitBlock: Uint32Array;
  hitRow: Uint32Array;
  /** 1 where the same dataset and data type have another record of the event. */
  isDuplicate: Uint8Array;
  /** Places in `events` of those that no record was found for. */
  missing: Uint32Array;
  /** Events with more than one record in a dataset and data type. */
  duplicates: number;
}

/** Puts together what was found. @param found in the order in which it was looked into */
export function gatherPicked(asked: EventSet, looked: LookedInto[], found: FoundRecords[]): Picked {
  const { runs, events, starts } = flatten(asked);
  const dspidRuns = new Map(looked.flatMap(({ runNumber, searched }) => searched.map((one) => [one.dspid, runNumber])));
  const hits: { event: number; block: number; row: number; seq: number; member: number }[] = [];
  const members = new Map<string, number>();
  found.forEach((block, index) => {
    const { runNumber, first, own } = starts.get(dspidRuns.get(block.dspid)!)!;
    const numbers = block.columns.get('eventno')!.values as BigUint64Array;
    const seqs = block.columns.get('seq')!.values as Int16Array;
    const name = `${runNumber}.${block.dspid}.${block.dstypeid}`;
    if (!members.has(name)) members.set(name, members.size);
    for (let row = 0; row < block.rows; row++) {
      const event = first + placeOf(own, numbers[row]!);
      hits.push({ event, block: index, row, seq: seqs[row]!, member: members.get(name)! });
    }
  });
  hits.sort((a, b) => a.event - b.event || a.member - b.member || a.seq - b.seq || a.block - b.block || a.row - b.row);
  const isSame = (a: (typeof hits)[number] | undefined, b: (typeof hits)[number] | undefined) =>
    a !== undefined && b !== undefined && a.event === b.event && a.member === b.member;
  const isFound = new Uint8Array(events.length);
  const twice = new Set<number>();
  const isDuplicate = Uint8Array.from(hits, (hit, at) => {
    isFound[hit.event] = 1;
    const isOne = isSame(hit, hits[at - 1]) || isSame(hit, hits[at + 1]);
    if (isOne) twice.add(hit.event);
    return Number(isOne);
  });
  const all = Uint32Array.from(events, (_, index) => index);
  return {
    runs,
    events,
    looked,
    found,
    hitEvent: Uint32Array.from(hits, ({ event }) => event),
    hitBlock: Uint32Array.from(hits, ({ block }) => block),
    hitRow: Uint32Array.from(hits, ({ row }) => row),
    isDuplicate,
    missing: all.filter((index) => isFound[index] === 0),
    duplicates: twice.size,
  };
}

function flatten({ runs: byRun }: EventSet) {
  const count = byRun.reduce((sum, { events }) => sum + events.length, 0);
  const runs = new Uint32Array(count);
  const events = new BigUint64Array(count);
  const starts = new Map<number, { runNumber: number; first: number; own: BigUint64Array }>();
  let at = 0;
  for (const { runNumber, events: own } of byRun) {
    runs.fill(runNumber, at, at + own.length);
    events.set(own, at);
    starts.set(runNumber, { runNumber, first: at, own });
    at += own.length;
  }
  return { runs, events, starts };
}

/** The first place in ascending numbers whose number is not smaller. */
export function placeOf(numbers: BigUint64Array, number: bigint): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What the events came from. */
export interface Origin {
  /** `RAW`, `AOD`. */
  dataType: string;
  reference: Reference;
}

/** One record. What a record does not have is undefined. */
export interface PickHit extends StreamMember {
  runNumber: number;
  event: bigint;
  /** With the tid. */
  dataset: string;
  dataType: string;
  tid: number;
  seq: number;
  reference: Reference;
  /** Whether the same dataset and data type have another record of the event. */
  isDuplicate: boolean;
  /** The nearest first, up to RAW. */
  provenance: Origin[];
  mcChannel: number | undefined;
  mcWeight: number | undefined;
  lb: number | undefined;
  bcid: number | undefined;
  l1psk: number | undefined;
  hpsk: number | undefined;
  /** Nanoseconds since 1970-01-01 UTC. */
  time: bigint | undefined;
  l1id: number | undefined;
  /** Fired bits. */
  bits: Record<ListName, number[]>;
}

/** What hits are named by. */
export interface PickNames {
  family(dspid: number): DatasetFamily;
  dataType(dstypeid: number): string;
}

/** The hit at a place of `hitEvent`. */
export function hitAt(picked: Picked, index: number, names: PickNames): PickHit {
  const block = picked.found[picked.hitBlock[index]!]!;
  const row = picked.hitRow[index]!;
  const family = names.family(block.dspid);
  const dataType = names.dataType(block.dstypeid);
  const number = (name: string) => recordValue(block, name, row) as number | undefined;
  const big = (name: string) => recordValue(block, name, row) as bigint;
  const lists = Object.values(LISTS_OF_LEVEL).flat();
  const tid = Number(big('tid'));
  return {
    dspid: block.dspid,
    dstypeid: block.dstypeid,
    runNumber: family.runNumber,
    event: big('eventno'),
    dataset: datasetNameOf(family, dataType, tid),
    dataType,
    tid,
    seq: number('seq')!,
    reference: { guid: { hi: big('guid_hi'), lo: big('guid_lo') }, oid1: big('oid1'), oid2: big('oid2') },
    isDuplicate: picked.isDuplicate[index] === 1,
    provenance: provenanceOf(block, row, names),
    mcChannel: number('mc_channel'),
    mcWeight: number('mc_weight'),
    lb: number('lb'),
    bcid: number('bcid'),
    l1psk: number('l1psk'),
    hpsk: number('hpsk'),
    time: recordValue(block, 'time', row) as bigint | undefined,
    l1id: number('l1id'),
    bits: Object.fromEntries(lists.map((name) => [name, recordList(block, name, row) as number[]])) as PickHit['bits'],
  };
}

function provenanceOf(block: FoundRecords, row: number, names: PickNames): Origin[] {
  const [types, his, los, firsts, seconds] = ['dstypeid', 'guid_hi', 'guid_lo', 'oid1', 'oid2'].map((name) =>
    recordList(block, `prov_${name}`, row),
  ) as [number[], bigint[], bigint[], bigint[], bigint[]];
  return types.map((dstypeid, at) => ({
    dataType: names.dataType(dstypeid),
    reference: { guid: { hi: his[at]!, lo: los[at]! }, oid1: firsts[at]!, oid2: seconds[at]! },
  }));
}

function recordValue({ columns }: FoundRecords, name: string, row: number): number | bigint | undefined {
  const column = columns.get(name);
  return column && column.valid?.[row] !== 0 ? column.values[row] : undefined;
}

function recordList({ columns }: FoundRecords, name: string, row: number): (number | bigint)[] {
  const column = columns.get(name);
  const [offsets] = column?.offsets ?? [];
  return column && offsets ? [...column.values.subarray(offsets[row]!, offsets[row + 1]!)] : [];
}
