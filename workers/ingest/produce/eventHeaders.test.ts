import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ColumnData } from '../../../core/schema/column.ts';
import { concatenate } from '../../convert/rows.ts';
import { openEventFile } from '../../formats/open.ts';
import { bytesSource } from '../../io/bytesSource.ts';
import { openSourceInNode } from '../../io/nodeFile.ts';
import { sharedData } from '../../testing/sharedData.ts';
import { BitLists } from './bitLists.ts';
import { type Chains, eventHeaders, type HeaderBatch } from './eventHeaders.ts';
import { contentGuid, fileGuid } from './fileGuid.ts';
import { type GivenColumns, headerColumns } from './headerColumns.ts';

const PYTHON = process.env.LUMISCOPE_PYTHON;
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

async function open(path: string) {
  const { source, file } = await openSourceInNode({ kind: 'path', path }, { counter: { bytes: 0, requests: 0 } });
  return { source, file: await openEventFile(source, file) };
}

/** A CSV file. */
async function openText(text: string) {
  const source = bytesSource('events.csv', new TextEncoder().encode(text));
  const address = { kind: 'path', path: 'events.csv' } as const;
  return openEventFile(source, { address, size: source.size, etag: undefined });
}

/** All event headers of a file. */
async function headersOf(file: Awaited<ReturnType<typeof openEventFile>>, given?: GivenColumns) {
  const names = headerColumns(file.summary, given);
  const chains: Chains = { l1: [...names.chains.l1.keys()].sort(), hlt: [...names.chains.hlt.keys()].sort() };
  const batches: HeaderBatch[] = [];
  for await (const batch of eventHeaders(file, names, chains)) batches.push(batch);
  const column = (name: string) =>
    batches[0]!.columns.has(name) ? concatenate(batches.map(({ columns }) => columns.get(name)!)) : undefined;
  const fired = (name: string, of: string[]) => {
    const { offsets, values, length } = column(name) ?? empty(file.summary.events);
    const [ends] = offsets as [Uint32Array];
    return Array.from({ length }, (_, row) =>
      Array.from((values as Uint16Array).subarray(ends[row]!, ends[row + 1]!), (bit) => of[bit]),
    );
  };
  const numbers = (name: string) => {
    const { values, valid } = column(name) ?? { values: [] };
    return Array.from(values as Float64Array, (value, i) => (valid?.[i] === 0 ? undefined : value));
  };
  return {
    run: batches.flatMap(({ runs }) => [...runs]),
    event: Array.from(column('eventno')!.values, String),
    entry: Array.from(column('oid2')!.values, Number),
    lb: numbers('lb'),
    bunch: numbers('bcid'),
    channel: numbers('mc_channel'),
    weight: numbers('mc_weight'),
    hlt: fired('ph', chains.hlt),
    l1: fired('tav', chains.l1),
  };
}

const empty = (events: number): ColumnData => ({
  type: 'uint16',
  length: events,
  offsets: [new Uint32Array(events + 1)],
  values: new Uint16Array(0),
});

describe('event headers', () => {
  it('are found by the names of ATLAS, numbers up to 2⁶⁴ and lists of weights among them', async () => {
    const { source, file } = await open(fixture('pool.root'));
    expect(await headersOf(file)).toEqual({
      run: [348885, 348885, 348885, 348886],
      event: ['5', '9223372036854775809', '1', '7'],
      entry: [0, 1, 2, 3],
      lb: [11, 11, 12, 1],
      bunch: [3, 3564, 0, 9],
      channel: [410470, 410470, 410470, 410470],
      weight: [1.5, -3.25, undefined, 0.5],
      hlt: [['HLT_e26', 'HLT_mu26'], ['HLT_e26'], ['HLT_mu26'], []],
      l1: [[], [], ['L1_MU20'], ['L1_MU20']],
    });
    expect(await fileGuid(source, file)).toBe('8A1B2C3D-0011-4455-8899-AABBCCDDEEFF');
  });

  it('are found in columns that a person names', async () => {
    const file = await openText('r,e,b,HLT_a\n1,18446744073709551615,7,true\n1,2,8,false\n');
    const headers = await headersOf(file, { run: 'r', event: 'e', block: 'b' });
    expect(headers).toMatchObject({
      run: [1, 1],
      event: ['18446744073709551615', '2'],
      lb: [7, 8],
      hlt: [['HLT_a'], []],
    });
  });

  it('that are not there are an error with what was looked for and what is there', async () => {
    const file = await openText('run,pt,eventweight\n1,2.5,1\n');
    expect(() => headerColumns(file.summary)).toThrow(
      /events\.csv: there is no event number: looked for .* called event, eventNumber, .*; columns are run \(int32\), eventweight \(int32\), and 1 more/,
    );
    expect(() => headerColumns(file.summary, { event: 'pt' })).toThrow(/called pt;/);
  });

  it('that can not be are an error with the entry', async () => {
    const bad = await openText('run,event\n1,5\n1,-5\n');
    await expect(headersOf(bad)).rejects.toThrow('column event: entry 1 has -5');
    const missing = await openText('run,event\n1,5\n,6\n');
    await expect(headersOf(missing)).rejects.toThrow('column run: entry 1 has no value');
  });

  const parquet = sharedData('Run2012B_SingleMu-1000.parquet');
  it.skipIf(!parquet)('of open data have as many of each trigger as is known', async () => {
    const { hlt, event } = await headersOf((await open(parquet!)).file);
    const count = (chain: string) => hlt.filter((fired) => fired.includes(chain)).length;
    expect([count('HLT_IsoMu24_eta2p1'), count('HLT_IsoMu24')]).toEqual([583, 630]);
    expect(new Set(event).size).toBe(1000);
  });

  const files = [
    'Run2012B_SingleMu-1000.parquet',
    'nano_dimuon.root',
    'nano_dimuon.parquet',
    'nano_dimuon_rntuple.root',
    'nano_dy.root',
    'nano_tt_v12.root',
    'nanoAOD_2015_CMS_Open_Data_ttbar.root',
  ];
  it.skipIf(!PYTHON || !parquet).each(files)(
    'of %s are those that pyarrow and uproot read (needs LUMISCOPE_PYTHON)',
    { timeout: 120_000 },
    async (name) => {
      const path = sharedData(name)!;
      const text = execFileSync(PYTHON!, [fixture('read_headers.py'), path], { encoding: 'utf8', maxBuffer: 1 << 28 });
      const { guid, weight, bunch, ...expected } = JSON.parse(text);
      const { source, file } = await open(path);
      const headers = await headersOf(file);
      expect(headers).toMatchObject({
        ...expected,
        weight: weight ?? [],
        bunch: (bunch ?? []).map((value: number) => (value > 0xffff ? undefined : value)),
      });
      if (guid) expect(await fileGuid(source, file)).toBe(guid);
      expect(headers.hlt.some((fired) => fired.length > 0)).toBe(true);
    },
  );
});

describe('lists of bits', () => {
  it('have those that were set, ascending, whatever order columns come in', () => {
    const lists = new BitLists(3, 70);
    const bool = (...values: number[]): ColumnData => ({
      type: 'bool',
      length: 3,
      offsets: [],
      values: Uint8Array.from(values),
    });
    lists.set(69, bool(1, 0, 255));
    lists.set(31, bool(1, 0, 0));
    lists.set(32, { ...bool(1, 0, 1), valid: Uint8Array.of(1, 1, 0) });
    lists.set(0, bool(0, 0, 1));
    const { offsets, values } = lists.finish();
    expect([...offsets[0]!]).toEqual([0, 3, 3, 5]);
    expect([...values]).toEqual([31, 32, 69, 0, 69]);
  });
});

it('a GUID of the content is a UUID of version 8 from its SHA-256', async () => {
  // SHA-256 of "abc": ba7816bf 8f01cfea 414140de 5dae2223 …
  const source = bytesSource('x', new TextEncoder().encode('abc'));
  expect(await contentGuid(source)).toBe('BA7816BF-8F01-8FEA-8141-40DE5DAE2223');
});
