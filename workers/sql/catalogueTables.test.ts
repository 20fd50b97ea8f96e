import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DatasetRow } from '../../core/catalogue/tables.ts';
import type { OpenCatalogue } from '../catalogue/openCatalogue.ts';
import { MemoryStore, openInMemory } from '../catalogue/testing/memoryCatalogue.ts';
import { anyRecords } from '../catalogue/testing/records.ts';
import { PartWriter } from '../catalogue/write/partWriter.ts';
import { eventsCost, provideEvents, provideTables } from './catalogueTables.ts';
import { openSql } from './nodeSql.ts';
import type { SqlDatabase } from './sqlDatabase.ts';
import { TABLE_COLUMNS } from './tableColumnsTask.ts';

const EVENTS = Array.from({ length: 3000 }, (_, i) => 2n ** 64n - 1n - BigInt(3000 - i) * 3n);
const records = anyRecords(EVENTS, ['location', 'l1'], 7);
const dataset: DatasetRow = {
  dspid: 5,
  dstypeid: 2,
  tid: 100,
  project: 'data18_13TeV',
  run_number: 358031,
  stream_name: 'physics_Main',
  prod_step: 'deriv',
  data_type: 'DAOD_PHYS',
  ami_tag: 'f1_p2',
  events_rucio: 9_007_199_254_740_991,
  files_rucio: 1,
  bytes: 1,
  state: 'validated',
  state_details: '',
  state_time: 0,
  inserted: 0,
  source_path: '',
  is_open: false,
  has_raw: false,
  has_trigger: true,
  prov_seen: false,
};

let sql: SqlDatabase;
let catalogue: OpenCatalogue;

beforeAll(async () => {
  const store = new MemoryStore();
  const writer = new PartWriter(store, { dspid: 5, dstypeid: 2, families: ['location', 'l1'] });
  await writer.add(records);
  catalogue = await openInMemory(
    store,
    {
      parts: await writer.finish(),
      families: [
        {
          dspid: 5,
          project: 'data18_13TeV',
          runNumber: 358031,
          streamName: 'physics_Main',
          prodStep: 'deriv',
          amiTag: 'f1_p2',
        },
      ],
    },
    { datasets: [dataset], dstypes: [{ dstypeid: 2, format: 'DAOD', group: 'PHYS' }] },
  );
  sql = await openSql();
  await provideTables(sql, catalogue);
}, 60_000);
afterAll(() => {
  sql.close();
  catalogue.close();
});

it('tables are read by the first query that names them', async () => {
  expect(sql.tables().every(({ rows }) => rows === undefined)).toBe(true);
  const { columns } = await sql.query('SELECT data_type, events_rucio, smk FROM datasets');
  const [type, declared, smk] = columns.map(({ data }) => data);
  expect(type!.dictionary).toEqual(['DAOD_PHYS']);
  expect(declared!.values[0]).toBe(9_007_199_254_740_991n);
  expect(smk!.valid).toEqual(Uint8Array.of(0));
  expect(sql.tables().map(({ name, rows }) => [name, rows])).toEqual([
    ['datasets', 1],
    ['containers', undefined],
    ['dstypes', undefined],
    ['dsguids', undefined],
    ['menus', undefined],
  ]);
});

it.each(Object.keys(TABLE_COLUMNS))('%s can be named without quotes', async (table) => {
  const asked = sql.query(`SELECT * FROM ${table}`).then(({ columns }) => `${columns.length} columns`, String);
  expect(await asked).toMatch(/columns|does not exist/);
});

it('event records are those of the catalogue, to the last bit, with lists, and with columns that they lack', async () => {
  const choice = { members: [{ dspid: 5, dstypeid: 2 }], families: ['l1', 'hlt'] as const };
  expect(eventsCost(catalogue, choice)).toMatchObject({ records: 3000 });
  const told: number[] = [];
  await provideEvents(sql, catalogue, choice, ({ records }) => told.push(records));
  const text = `SELECT count(*) AS n, max(eventno) AS last, sum(len(tav)) AS fired, count(lb) AS lbs, sum(lb) AS lb, count(hpsk) AS none,
    sum(len(ph)) AS empty, any_value(data_type) AS type, any_value(run_number) AS run, sum(guid_hi::HUGEINT)::VARCHAR AS guids FROM events`;
  const { columns } = await sql.query(text);
  const { tav, lb, guid_hi } = Object.fromEntries(records.columns);
  const lbs = [...(lb!.values as Uint32Array)].filter((_, i) => lb!.valid![i]);
  expect(Object.fromEntries(columns.map(({ info, data }) => [info.name, (data.dictionary ?? data.values)[0]]))).toEqual(
    {
      n: 3000n,
      last: EVENTS.at(-1),
      fired: BigInt(tav!.values.length),
      lbs: BigInt(lbs.length),
      lb: BigInt(lbs.reduce((sum, v) => sum + v, 0)),
      none: 0n,
      empty: 0n,
      type: 'DAOD_PHYS',
      run: 358031,
      guids: String([...(guid_hi!.values as BigUint64Array)].reduce((sum, v) => sum + v, 0n)),
    },
  );
  expect(told).toEqual([0, 3000]);
});
