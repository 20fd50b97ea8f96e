import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Part } from '../../../core/catalogue/manifest.ts';
import {
  type ContainerRow,
  type DatasetRow,
  RECORDS_OF_GROUP,
  type RecordBatch,
} from '../../../core/catalogue/tables.ts';
import { openSql } from '../../sql/nodeSql.ts';
import type { SqlDatabase } from '../../sql/sqlDatabase.ts';
import type { OpenCatalogue } from '../openCatalogue.ts';
import { MemoryStore, openInMemory } from '../testing/memoryCatalogue.ts';
import { anyRecords } from '../testing/records.ts';
import { PartWriter } from '../write/partWriter.ts';
import { type EventQuestion, findEvents } from './findEvents.ts';

const RUN = 358031;
const AOD = { dspid: 1, dstypeid: 2 };
const RAW = { dspid: 2, dstypeid: 1 };
const container = (member: typeof AOD, name: string) => ({ ...member, name }) as ContainerRow;
const A = container(AOD, 'data18_13TeV.00358031.physics_Main.merge.AOD.f1_m1');
const R = container(RAW, 'data18_13TeV.00358031.physics_Main.daq.RAW.o1');

/** Row groups of ten blocks each, with events that stand in two parts. */
const ROWS = 3 * RECORDS_OF_GROUP;
const batches: RecordBatch[] = [0, 1].map((part) =>
  anyRecords(
    Array.from({ length: ROWS }, (_, row) => 2n ** 63n + BigInt(row + part * (ROWS - 50))),
    ['l1', 'hlt'],
    part + 1,
    { lb: Array.from({ length: ROWS }, (_, row) => part * 30 + Math.floor(row / (RECORDS_OF_GROUP / 10))) },
  ),
);
let catalogue: OpenCatalogue;

beforeAll(async () => {
  const store = new MemoryStore();
  const parts: Part[] = [];
  for (const batch of batches) {
    // Bits as a menu has them, and few of them, so that some fire often.
    for (const name of ['tbp', 'tap', 'tav', 'ph', 'pt', 'rs', 'lph', 'lpt', 'lrs']) {
      const column = batch.columns.get(name)!;
      column.values = (column.values as Uint16Array).map((bit) => bit % 40);
    }
    const writer = new PartWriter(store, { ...AOD, families: ['l1', 'hlt'] });
    await writer.add(batch);
    parts.push(...(await writer.finish()));
  }
  const raw = new PartWriter(store, { ...RAW, families: [] });
  await raw.add(anyRecords([1n], []));
  parts.push(...(await raw.finish()));
  const family = {
    project: 'data18_13TeV',
    runNumber: RUN,
    streamName: 'physics_Main',
    prodStep: 'merge',
    amiTag: 'f1',
  };
  const dataset = (member: typeof AOD, has_trigger: boolean): DatasetRow => ({
    ...member,
    ...{ tid: 0, project: '', run_number: RUN, stream_name: '', prod_step: '', data_type: '', ami_tag: '', smk: 7 },
    ...{ events_rucio: 0, files_rucio: 0, bytes: 0, state: 'imported', state_details: '', state_time: 0, inserted: 0 },
    ...{ source_path: '', is_open: false, has_raw: true, has_trigger, prov_seen: false },
  });
  const menu = [
    { smk: 7, level: 1, bit: 3, chain: 'L1_MU20', seed: '' },
    { smk: 7, level: 1, bit: 5, chain: 'L1_MU4', seed: '' },
    { smk: 7, level: 2, bit: 9, chain: 'HLT_mu26', seed: 'L1_MU20' },
  ];
  catalogue = await openInMemory(
    store,
    { families: [1, 2].map((dspid) => ({ ...family, dspid })), parts },
    {
      dstypes: [
        { dstypeid: 1, format: 'RAW', group: '' },
        { dstypeid: 2, format: 'AOD', group: '' },
      ],
      datasets: [dataset(AOD, true), dataset(RAW, false)],
      menus: menu,
    },
  );
});
let sql: SqlDatabase | undefined;
/** Once for all: it takes a second. */
const openOnce = async () => {
  sql ??= await openSql();
  return sql;
};
afterAll(() => {
  catalogue.close();
  sql?.close();
});

/** The same by a walk over all records. */
function search(passes: (get: { lb: number | undefined; fired(list: string): number[] }) => boolean): bigint[] {
  const found = new Set<bigint>();
  for (const { rows, columns } of batches)
    for (let row = 0; row < rows; row++) {
      const lb = columns.get('lb')!;
      const fired = (list: string) => {
        const { values, offsets } = columns.get(list)!;
        return [...(values as Uint16Array).subarray(offsets[0]![row]!, offsets[0]![row + 1]!)];
      };
      if (passes({ lb: lb.valid?.[row] === 0 ? undefined : (lb.values[row] as number), fired }))
        found.add(columns.get('eventno')!.values[row] as bigint);
    }
  return [...found].sort((a, b) => (a < b ? -1 : 1));
}

const found = async (question: Omit<EventQuestion, 'containers'>, limit?: number) => {
  const answer = await findEvents(catalogue, { containers: [A], ...question }, { openSql: openOnce, limit });
  return { ...answer, list: answer.events.runs.flatMap(({ events }) => [...events]) };
};

describe('events by what their records say', () => {
  it.each<[string, EventQuestion['chains'], Parameters<typeof search>[0]]>([
    ['a chain of level 1, after veto', ['L1_MU20'], ({ fired }) => fired('tav').includes(3)],
    ['before prescale', ['tbp:L1_MU20'], ({ fired }) => fired('tbp').includes(3)],
    ['a chain of the high-level trigger', ['HLT_mu26'], ({ fired }) => fired('ph').includes(9)],
    ['resurrected', ['rs:HLT_mu26'], ({ fired }) => fired('rs').includes(9)],
    ['a bit', ['pt:17'], ({ fired }) => fired('pt').includes(17)],
    ['any chain of a pattern', ['l1_mu*'], ({ fired }) => fired('tav').some((bit) => bit === 3 || bit === 5)],
    [
      'several chains together',
      ['L1_MU20', 'tbp:L1_MU4'],
      ({ fired }) => fired('tav').includes(3) && fired('tbp').includes(5),
    ],
  ])('finds %s', async (_, chains, passes) => {
    const { list, read } = await found({ chains: chains! });
    expect(list.length).toBeGreaterThan(0);
    expect(list).toEqual(search(passes));
    expect(read).toBe(2 * ROWS);
  });

  it('reads of luminosity blocks only the row groups that hold some', async () => {
    const { list, read, skipped } = await found({ blocks: [12, 17] });
    expect(list).toEqual(search(({ lb }) => lb !== undefined && lb >= 12 && lb <= 17));
    expect({ read, skipped }).toEqual({ read: RECORDS_OF_GROUP, skipped: 2 * ROWS - RECORDS_OF_GROUP });
  });

  it('asks DuckDB for a condition, together with the others', async () => {
    const where = 'lb % 2 = 0 OR fired(ph, 11)';
    const { list } = await found({ where, blocks: [5, 55], chains: ['L1_MU4'] });
    expect(list.length).toBeGreaterThan(0);
    expect(list).toEqual(
      search(
        ({ lb, fired }) =>
          lb !== undefined &&
          lb >= 5 &&
          lb <= 55 &&
          (lb % 2 === 0 || fired('ph').includes(11)) &&
          fired('tav').includes(5),
      ),
    );
  });

  it('lists as many as the limit, and counts the others', async () => {
    const all = search(({ fired }) => fired('tav').includes(3));
    const { list, passed, more } = await found({ chains: ['L1_MU20'] }, 10);
    expect(list).toEqual(all.slice(0, 10));
    expect(more).toBe(passed - 10);
    expect(passed).toBeGreaterThanOrEqual(all.length);
  });

  it('says what can not be asked, before anything is read', async () => {
    const ask = (question: Partial<EventQuestion>) =>
      findEvents(catalogue, { containers: [A], ...question }, { openSql: openOnce });
    await expect(ask({ chains: ['HLT_e28'] })).rejects.toThrow('no chain of the menu with SMK 7 is called HLT_e28');
    await expect(ask({ chains: ['179'] })).rejects.toThrow('bit 179 of which list?');
    await expect(ask({ chains: ['xyz:L1_MU4'] })).rejects.toThrow('xyz in xyz:L1_MU4 is no list of chains');
    await expect(ask({ where: 'bcidd > 3' })).rejects.toMatchObject({
      message: expect.stringContaining('"bcidd"'),
      hint: expect.stringContaining('bcid'),
    });
    await expect(ask({ where: 'lb > 3; DROP TABLE batch' })).rejects.toMatchObject({ tag: 'expression' });
    await expect(ask({ containers: [] })).rejects.toThrow('no dataset is chosen');
    await expect(ask({ containers: [R], blocks: [1, 2] })).rejects.toThrow(/records.*has no column lb/);
  });
});
