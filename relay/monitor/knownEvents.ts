/** What the self-test ingests: a few events whose every field is known, the last one with the largest number that there can be. */
import type { ListName } from '../../core/catalogue/menu.ts';
import type { RecordBatch } from '../../core/catalogue/tables.ts';
import { STAGED_COLUMNS } from '../../core/ingest/stagedHeader.ts';
import { type ColumnData, VALUE_ARRAYS } from '../../core/schema/column.ts';
import type { StagedAbout } from '../../workers/ingest/produce/stagedObject.ts';

export const TEST_RUN = 1;
export const TEST_DATASET = 'data00_0TeV.00000001.self_test.merge.AOD.f1_tid00000001_00';
export const TEST_FILES = ['5E1F7E57-0000-4000-8000-000000000001', '5E1F7E57-0000-4000-8000-000000000002'] as const;
/** Reference of RAW that each event came from. */
const RAW_GUID = { hi: 0x5e1f_7e57_0000_4000n, lo: 0x8000_0000_0000_00ffn };

export const TEST_ABOUT: StagedAbout = {
  dataset: TEST_DATASET,
  families: ['provenance', 'l1', 'hlt'],
  provenanceTypes: ['RAW'],
  smk: 1,
};

export interface KnownEvent {
  event: bigint;
  oid1: bigint;
  oid2: bigint;
  raw: { guid: typeof RAW_GUID; oid1: bigint; oid2: bigint };
  numbers: { lb: number; bcid: number; l1psk: number; l1id: number; hpsk: number };
  /** Nanoseconds since 1970-01-01 UTC. */
  time: bigint;
  bits: Partial<Record<ListName, number[]>>;
}

function known(event: bigint, k: number): KnownEvent {
  return {
    event,
    oid1: 0x100n + BigInt(k),
    oid2: 2n ** 63n + BigInt(k),
    raw: { guid: RAW_GUID, oid1: BigInt(k), oid2: 2n ** 64n - 1n - BigInt(k) },
    numbers: { lb: 1 + k, bcid: 3563 - k, l1psk: 7, l1id: 2 ** 32 - 1 - k, hpsk: 11 },
    time: 1_792_000_000_123_456_789n + BigInt(k),
    bits: { tbp: [0, 7, 511], tap: [7, 511], tav: [511 - k], ph: [k, 4095], pt: [], rs: [12] },
  };
}

/** The events of each file. */
export const TEST_EVENTS: readonly (readonly KnownEvent[])[] = [
  [known(1n, 0)],
  [known(358_031n, 1), known(2n ** 64n - 1n, 2)],
];

/** Events as producers stage them. */
export function stagedBatch(events: readonly KnownEvent[]): RecordBatch {
  const values: Record<string, (event: KnownEvent) => number | bigint | readonly (number | bigint)[]> = {
    eventno: ({ event }) => event,
    oid1: ({ oid1 }) => oid1,
    oid2: ({ oid2 }) => oid2,
    time: ({ time }) => time,
    prov_type: () => [0],
    prov_guid_hi: ({ raw }) => [raw.guid.hi],
    prov_guid_lo: ({ raw }) => [raw.guid.lo],
    prov_oid1: ({ raw }) => [raw.oid1],
    prov_oid2: ({ raw }) => [raw.oid2],
  };
  const columns = new Map<string, ColumnData>();
  for (const { name, type, depth } of STAGED_COLUMNS) {
    const each = events.map(
      (event) =>
        values[name]?.(event) ?? event.numbers[name as keyof KnownEvent['numbers']] ?? event.bits[name as ListName],
    );
    if (each.some((one) => one === undefined)) continue;
    const all = each.flat() as number[];
    const array = new VALUE_ARRAYS[type](all.length);
    array.set(all as never);
    const ends = each.map((_, k) => each.slice(0, k + 1).flat().length);
    const offsets = depth > 0 ? [Uint32Array.from([0, ...ends])] : [];
    columns.set(name, { type, length: events.length, offsets, values: array });
  }
  return { rows: events.length, columns };
}
