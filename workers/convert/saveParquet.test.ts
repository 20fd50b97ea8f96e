import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual as equals } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { parseDocument } from '../../core/analysis/yaml.ts';
import { toPlain } from '../../core/errors.ts';
import { toUhiFileJson } from '../../core/hist/uhi.ts';
import type { ColumnData, ColumnInfo } from '../../core/schema/column.ts';
import { createSession } from '../createSession.ts';
import { createEngine } from '../engine/createEngine.ts';
import { openEventFile } from '../formats/open.ts';
import { ParquetWriter } from '../formats/parquet/write/parquetWriter.ts';
import { encodeGroup } from '../formats/parquet/write/rowGroup.ts';
import { asWritten, openFile } from '../formats/testing/values.ts';
import type { FileAddress } from '../io/byteSource.ts';
import { openSourceInNode } from '../io/nodeFile.ts';
import type { SaveOptions } from '../savedFile.ts';
import { localThreads } from '../testing/localThreads.ts';
import { sharedData } from '../testing/sharedData.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lumiscope-save-'));
afterAll(() => rmSync(folder, { recursive: true }));

function openSession(workers = 2) {
  const { spawn } = localThreads({ openSource: openSourceInNode, openEventFile, createEngine });
  return createSession(spawn, { workers });
}

const at = (path: string): FileAddress => ({ kind: 'path', path });

/** Saves a data set; what its columns hold by name. */
async function save(
  document: AnalysisDocument,
  addresses: FileAddress[][],
  options: SaveOptions,
  { dataset = 0, workers = 2 } = {},
) {
  const session = openSession(workers);
  const parts: Uint8Array[] = [];
  try {
    const result = await session.saveParquet(document, addresses, dataset, options, {
      write: async (bytes) => void parts.push(bytes.slice()),
    });
    const bytes = Buffer.concat(parts);
    const path = join(folder, `saved-${saves++}.parquet`);
    writeFileSync(path, bytes);
    expect(result.bytes).toBe(bytes.length);
    return { result, path, bytes };
  } finally {
    session.close();
  }
}
let saves = 0;

async function valuesOf(path: string): Promise<Record<string, unknown[]>> {
  const file = await openFile(path);
  const names = file.summary.columns.map(({ name }) => name);
  const chunks = await Promise.all(file.summary.chunks.map((_, chunk) => file.readChunk(chunk, names)));
  return Object.fromEntries(names.map((name, k) => [name, chunks.flatMap((columns) => asWritten(columns[k]!))]));
}

async function run(document: AnalysisDocument, addresses: FileAddress[][]) {
  const session = openSession();
  try {
    const { histograms, eventsPassed } = await session.run(document, addresses);
    return { histograms: toUhiFileJson(histograms), eventsPassed };
  } finally {
    session.close();
  }
}

/** Writes columns as a file of row groups that end at `ends`. */
async function fileOf(name: string, columns: Record<string, ColumnData>, ends: number[]): Promise<string> {
  const { slice } = await import('./rows.ts');
  const infos = Object.entries(columns).map(
    ([name, { type, offsets, valid }]): ColumnInfo => ({
      name,
      type,
      depth: offsets.length,
      nullable: valid !== undefined,
    }),
  );
  const parts: Uint8Array[] = [];
  const writer = new ParquetWriter({ write: async (bytes) => void parts.push(bytes.slice()) }, infos, {
    codec: 'SNAPPY',
    createdBy: 'test',
    metadata: {},
  });
  for (const [k, end] of ends.entries()) {
    const rows = Object.values(columns).map((column) => slice(column, ends[k - 1] ?? 0, end));
    await writer.group(await encodeGroup(infos, rows, 'SNAPPY'));
  }
  await writer.finish();
  writeFileSync(join(folder, name), Buffer.concat(parts));
  return join(folder, name);
}

const flat = (type: ColumnData['type'], values: ArrayLike<number> | bigint[]): ColumnData => ({
  type,
  length: values.length,
  offsets: [],
  values: (type === 'uint64'
    ? BigUint64Array.from(values as bigint[])
    : { bool: Uint8Array, uint32: Uint32Array, int32: Int32Array, float32: Float32Array, int64: BigInt64Array }[
        type as 'int32'
      ]!.from(values as number[])) as ColumnData['values'],
});
function lists(type: 'float32' | 'int16' | 'uint8' | 'int32', rows: number[][]): ColumnData {
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach((row, k) => {
    offsets[k + 1] = offsets[k]! + row.length;
  });
  const make = { float32: Float32Array, int16: Int16Array, uint8: Uint8Array, int32: Int32Array }[type];
  return { type, length: rows.length, offsets: [offsets], values: make.from(rows.flat()) };
}

const DOCUMENT: AnalysisDocument = {
  lumiscope: 1,
  title: 'Three events',
  datasets: [{ name: 'data', files: ['a'] }],
  define: [
    { name: 'good', expression: 'Muon[Muon.pt > 20]' },
    { name: 'sum_pt', expression: 'sum(good.pt)' },
    { name: 'lead', expression: 'good[0].pt' },
    { name: 'twice', expression: '2 * good.pt' },
    { name: 'label', expression: '"two" if len(good) > 1 else "one"' },
  ],
  select: [{ name: 'a muon', expression: 'len(Muon) >= 1', enabled: true }],
  weight: 'w',
  histograms: [{ name: 'pt', axes: [{ value: 'Muon.jet.pt', bins: 10, range: [0, 100] }] }],
  defaults: {},
};
const COLUMNS = {
  run: flat('uint32', [1, 1, 1, 2]),
  event: flat('uint64', [5n, 2n ** 63n, 7n, 8n]),
  w: flat('float32', [1, 2, 3, 4]),
  nMuon: flat('uint32', [2, 0, 1, 3]),
  Muon_pt: lists('float32', [[30, 10], [], [25], [5, 50, 40]]),
  Muon_jetIdx: lists('uint8', [[1, 0], [], [9], [0, 0, 1]]),
  Muon_extra: lists('int32', [[1, 2], [], [3], [4, 5, 6]]),
  nJet: flat('uint32', [2, 1, 0, 2]),
  Jet_pt: lists('float32', [[60, 20], [70], [], [80, 90]]),
  Jet_muonIdx1: lists('int16', [[0, -1], [-1], [], [2, 0]]),
  HLT_A: flat('bool', [1, 0, 0, 1]),
  HLT_B: flat('bool', [0, 0, 1, 1]),
};

describe('of small files', () => {
  test('the columns that the analysis uses, of the events that pass', async () => {
    const path = await fileOf('small.parquet', COLUMNS, [1, 4]);
    const { result, path: saved } = await save(DOCUMENT, [[at(path)]], {});
    expect(result).toMatchObject({ events: 4, rows: 3, rowGroups: 1, leftOut: [] });
    expect(await valuesOf(saved)).toEqual({
      run: [1, 1, 2],
      event: [5, 7, 8],
      w: [1, 3, 4],
      nMuon: [2, 1, 3],
      Muon_jetIdx: [[1, 0], [9], [0, 0, 1]],
      nJet: [2, 0, 2],
      Jet_pt: [[60, 20], [], [80, 90]],
    });
    const { summary } = await openFile(saved);
    expect(summary.columns.map(({ type }) => type)).toEqual([
      'uint32',
      'uint64',
      'float32',
      'uint32',
      'uint8',
      'uint32',
      'float32',
    ]);
    expect(summary.metadata).toMatchObject({ title: 'Three events', 'lumiscope.version': expect.any(String) });
    expect(JSON.parse(summary.metadata['lumiscope.sources']!)).toEqual([
      expect.objectContaining({ name: 'small.parquet', events: 4 }),
    ]);
  });

  test('items of a collection are left out, counted, and what points to them follows', async () => {
    const path = await fileOf('thin.parquet', COLUMNS, [2, 4]);
    const thin = [
      { collection: 'Muon', mask: 'Muon.pt > 20' },
      { collection: 'Jet', mask: 'Jet.pt > 65' },
    ];
    const { path: saved } = await save(DOCUMENT, [[at(path)]], { thin, columns: ['*'], allEvents: true });
    expect(await valuesOf(saved)).toEqual({
      run: [1, 1, 1, 2],
      event: [5, 'i9223372036854775808', 7, 8],
      w: [1, 2, 3, 4],
      nMuon: [1, 0, 1, 2],
      Muon_pt: [[30], [], [25], [50, 40]],
      Muon_jetIdx: [[-1], [], [-1], [0, 1]],
      Muon_extra: [[1], [], [3], [5, 6]],
      nJet: [0, 1, 0, 2],
      Jet_pt: [[], [70], [], [80, 90]],
      Jet_muonIdx1: [[], [-1], [], [1, -1]],
      HLT_A: [1, 0, 0, 1],
      HLT_B: [0, 0, 1, 1],
    });
  });

  test('counters that lists have of their own count what is left, too; so do lists within the items', async () => {
    const columns = {
      'MuonAuxDyn.pt': COLUMNS.Muon_pt,
      'MuonAuxDyn.hits': {
        ...COLUMNS.Muon_pt,
        offsets: [COLUMNS.Muon_pt.offsets[0]!, Uint32Array.of(0, 1, 1, 2, 3, 4, 6)],
      },
      nJet_pt: COLUMNS.nJet,
      Jet_pt: COLUMNS.Jet_pt,
      nJet_muonIdx1: COLUMNS.nJet,
      Jet_muonIdx1: COLUMNS.Jet_muonIdx1,
    };
    const path = await fileOf('counters.parquet', columns, [2, 4]);
    const thin = [
      { collection: 'Jet', mask: 'Jet.pt > 65' },
      { collection: 'Muon', mask: 'Muon.pt > 20' },
    ];
    const options = { thin, columns: ['*Jet_*', 'MuonAux*'], used: false, allEvents: true };
    const { path: saved } = await save(DOCUMENT, [[at(path)]], options);
    expect(await valuesOf(saved)).toEqual({
      'MuonAuxDyn.pt': [[30], [], [25], [50, 40]],
      'MuonAuxDyn.hits': [[[30]], [], [[10]], [[5], [50, 40]]],
      nJet_pt: [0, 1, 0, 2],
      Jet_pt: [[], [70], [], [80, 90]],
      nJet_muonIdx1: [0, 1, 0, 2],
      Jet_muonIdx1: [[], [-1], [], [1, -1]],
    });
  });

  test('what only looks like the counter of a list is not taken for one', async () => {
    const columns = { ...COLUMNS, nMuon_good: COLUMNS.event, Muon_good: COLUMNS.Muon_extra };
    const path = await fileOf('good.parquet', columns, [4]);
    const options = { thin: [{ collection: 'Muon', mask: 'Muon.pt > 20' }], used: false, allEvents: true };
    await expect(save(DOCUMENT, [[at(path)]], { ...options, columns: ['*Muon*'] })).rejects.toThrow(
      'nMuon_good does not have as many items as Muon',
    );
    const { path: saved } = await save(DOCUMENT, [[at(path)]], { ...options, columns: ['Muon_good'] });
    expect(await valuesOf(saved)).toEqual({ nMuon: [1, 0, 1, 2], Muon_good: [[1], [], [3], [5, 6]] });
  });

  test('definitions and the weight are columns', async () => {
    const path = await fileOf('define.parquet', COLUMNS, [4]);
    const define = ['sum_pt', 'lead', 'twice', 'label'];
    const { path: saved } = await save(DOCUMENT, [[at(path)]], {
      used: false,
      columns: ['HLT_?'],
      define,
      weight: 'weight',
    });
    expect(await valuesOf(saved)).toEqual({
      HLT_A: [1, 0, 1],
      HLT_B: [0, 1, 1],
      sum_pt: [30, 25, 90],
      lead: [30, 25, 50],
      twice: [[60], [50], [100, 80]],
      label: ['one', 'one', 'two'],
      weight: [1, 3, 4],
    });
  });

  test('a column of a definition’s name changes nothing in the document', async () => {
    const path = await fileOf('shadow.parquet', COLUMNS, [4]);
    const histograms = [{ name: 'pt', axes: [{ value: 'sum_pt', bins: 10, range: [0, 100] as [number, number] }] }];
    const document = { ...DOCUMENT, histograms };
    const { path: saved } = await save(document, [[at(path)]], { define: ['sum_pt'] });
    expect(await run(document, [[at(saved)]])).toEqual(await run(document, [[at(path)]]));
  });

  test('files of one data set may differ: defaults stand in, flags are missing, widths are common', async () => {
    const { HLT_B: _, Muon_extra: __, ...fewer } = COLUMNS;
    const one = await fileOf('one.parquet', COLUMNS, [4]);
    const other = await fileOf('other.parquet', { ...fewer, run: flat('int64', [-1n, 3n, 3n, 3n] as never) }, [4]);
    const document = { ...DOCUMENT, defaults: { HLT_B: true } };
    const options = { columns: ['Muon_*', 'HLT_*'], allEvents: true };
    const { path, result } = await save(document, [[at(one), at(other)]], options);
    expect(result.leftOut).toEqual([{ name: 'Muon_extra', reason: 'some of the files have no such list' }]);
    const values = await valuesOf(path);
    expect(values.run).toEqual([1, 1, 1, 2, -1, 3, 3, 3]);
    expect(values.HLT_B).toEqual([0, 0, 1, 1, 1, 1, 1, 1]);
    const mixed = await fileOf('mixed.parquet', { ...fewer, HLT_A: flat('float32', [1, 2, 3, 4]) }, [4]);
    const both = await save(document, [[at(one), at(mixed)]], options);
    expect(both.result.leftOut.map(({ name }) => name).sort()).toEqual(['HLT_A', 'Muon_extra']);
    const wrong = { ...document, defaults: { HLT_B: 1.5 } };
    await expect(save(wrong, [[at(one), at(other)]], options)).rejects.toThrow('the default of HLT_B is 1.5, but');
    const { w: ____, ...unweighted } = COLUMNS;
    const light = await fileOf('light.parquet', unweighted, [4]);
    const exact = await save({ ...DOCUMENT, defaults: { w: 0.1 } }, [[at(one), at(light)]], { allEvents: true });
    expect((await valuesOf(exact.path)).w).toEqual([1, 2, 3, 4, 0.1, 0.1, 0.1, 0.1]);
    const { run: ___, ...noRun } = COLUMNS;
    const lacking = await fileOf('lacking.parquet', noRun, [4]);
    const negative = { ...DOCUMENT, defaults: { run: -1 } };
    await expect(save(negative, [[at(one), at(lacking)]], options)).rejects.toThrow(
      'the default of run is -1, but run is',
    );
    const without = await save(DOCUMENT, [[at(one), at(other)]], options);
    expect((await valuesOf(without.path)).HLT_B).toEqual([0, 0, 1, 1, null, null, null, null]);
  });

  test('events stay in order, be their chunks long or short', async () => {
    const run = Uint32Array.from({ length: 52_000 }, (_, event) => event);
    const path = await fileOf('order.parquet', { run: flat('uint32', run) }, [900, 1_000, 51_500, 52_000]);
    const { result, path: saved } = await save(DOCUMENT, [[at(path)]], {
      used: false,
      columns: ['*'],
      allEvents: true,
    });
    expect((await openFile(saved)).summary.chunks.map(({ end }) => end)).toEqual([1_000, 51_500, 52_000]);
    expect(result.rowGroups).toBe(3);
    expect((await valuesOf(saved)).run).toEqual([...run]);
  });

  test('what can not be saved is told', async () => {
    const path = await fileOf('refused.parquet', COLUMNS, [4]);
    const message = async (options: SaveOptions) =>
      save(DOCUMENT, [[at(path)]], options).then(
        () => 'saved',
        (error) => [toPlain(error).message, toPlain(error).hint],
      );
    expect(await message({ columns: ['HLT_C'] })).toEqual(['no column is called HLT_C', 'did you mean HLT_A?']);
    expect(await message({ define: ['good'] })).toEqual([
      expect.stringContaining("good can't be saved"),
      expect.anything(),
    ]);
    expect(await message({ define: ['nothing'] })).toEqual(['there is no definition nothing', expect.anything()]);
    expect(await message({ thin: [{ collection: 'Muons', mask: 'Muon.pt > 1' }] })).toEqual([
      'there is no collection Muons',
      'did you mean Muon?',
    ]);
    expect(await message({ thin: [{ collection: 'Muon', mask: 'Jet.pt > 1' }] })).toEqual([
      expect.stringContaining('the mask of Muon is to be true or false for each of its items'),
      expect.anything(),
    ]);
    expect(await message({ thin: [{ collection: 'Muon', mask: 'Muon.p > 1' }] })).toEqual([
      expect.stringContaining('the mask of Muon: '),
      expect.anything(),
    ]);
    expect(await message({ used: false })).toEqual(['no column is chosen', expect.anything()]);
    expect(await message({ weight: 'run' })).toEqual(['a column run is there already', expect.anything()]);
    expect(await message({ weight: 'lead', define: ['lead'] })).toEqual([
      'a column lead is there already',
      expect.anything(),
    ]);
    const twice = ['Muon.pt > 1', 'Muon.pt > 2'].map((mask) => ({ collection: 'Muon', mask }));
    expect(await message({ thin: twice })).toEqual(['there are two masks of Muon', expect.stringContaining('&')]);
  });

  test('no events are a file, too', async () => {
    const path = await fileOf('none.parquet', COLUMNS, [2, 4]);
    const none = { ...DOCUMENT, select: [{ name: 'none', expression: 'run > 1000', enabled: true }] };
    const { result, path: saved } = await save(none, [[at(path)]], {});
    expect(result).toMatchObject({ events: 4, rows: 0, rowGroups: 0 });
    expect((await openFile(saved)).summary.events).toBe(0);
  });
});

const demo = (name: string) => join(ROOT, 'public/demo', name);
const hasDemo = existsSync(demo('lumiscope-demo.parquet'));

function example(name: string) {
  const { document } = parseDocument(readFileSync(join(ROOT, `public/examples/${name}.yaml`), 'utf8'));
  const addresses = document!.datasets.map(({ files }) => files.map((file) => at(join(ROOT, 'public', String(file)))));
  return { document: document!, addresses };
}

describe.skipIf(!hasDemo)('of the demo (needs npm run generate)', () => {
  test('an analysis finds the same in the events that passed, bit for bit', async () => {
    for (const name of ['demo-top', 'trigger']) {
      const { document, addresses } = example(name);
      const { path, result } = await save(document, addresses, {});
      const [before, after] = [await run(document, addresses), await run(document, [[at(path)]])];
      expect(after).toEqual(before);
      expect(result.rows).toBe(before.eventsPassed);
    }
  });

  test('the file is the same whatever the number of workers; long chunks are row groups, short ones are put together', async () => {
    const { document, addresses } = example('dimuon');
    const saved = await Promise.all(
      [1, 3].map((workers) => save(document, addresses, { allEvents: true }, { workers })),
    );
    expect(saved[0]!.bytes.equals(saved[1]!.bytes)).toBe(true);
    expect((await openFile(saved[0]!.path)).summary.chunks.map(({ end }) => end)).toEqual(
      [1, 2, 3, 4, 5, 6].map((k) => 50_000 * k),
    );
    const skim = await save(document, addresses, {});
    expect(skim.result).toMatchObject({ rows: 204_051, rowGroups: 3 });
  });

  test('cancelled, nothing is written any more', async () => {
    const { document, addresses } = example('dimuon');
    const session = openSession();
    const abort = new AbortController();
    let writes = 0;
    const sink = {
      write: async () => {
        if (++writes === 2) abort.abort();
      },
    };
    const saving = session.saveParquet(document, addresses, 0, { allEvents: true, signal: abort.signal }, sink);
    await expect(saving).rejects.toMatchObject({ tag: 'cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(writes).toBe(2);
    session.close();
  });

  test('a sink that fails ends it', async () => {
    const { document, addresses } = example('dimuon');
    const session = openSession();
    const sink = { write: () => Promise.reject(new Error('the disk is full')) };
    await expect(session.saveParquet(document, addresses, 0, {}, sink)).rejects.toThrow('the disk is full');
    session.close();
  });
});

test.skipIf(!sharedData('Run2012B_SingleMu-1000.parquet'))(
  'real events give the same histograms after skim and slim',
  async () => {
    const addresses = [[at(sharedData('Run2012B_SingleMu-1000.parquet')!)]];
    const { document } = parseDocument(`lumiscope: 1
datasets: [{ name: data, files: [a] }]
define:
  pair: combinations(Muon, 2)
  os: pair[pair.a.charge != pair.b.charge]
select:
  pair: len(os) >= 1
histograms:
  mass: { axes: [{ value: (os.a + os.b).mass, bins: 100, range: [0, 150] }] }
  met: { axes: [{ value: MET.pt, bins: 50, range: [0, 100] }, { value: len(Jet), bins: 5, range: [0, 5] }] }
  jet: { axes: [{ value: 'Jet[Jet.pt > 30].eta', bins: 20, range: [-5, 5] }] }
`);
    const { path, result } = await save(document!, addresses, {});
    const [before, after] = [await run(document!, addresses), await run(document!, [[at(path)]])];
    expect(after).toEqual(before);
    expect(result.rows).toBeGreaterThan(50);
    expect(result.rows).toBeLessThan(1000);
  },
);

describe('files of ROOT', () => {
  const twin = [sharedData('nano_dy.root'), sharedData('nano_dy.parquet')] as const;

  test.skipIf(!twin[0] || !twin[1])('nano_dy.root becomes nano_dy.parquet, column by column', async () => {
    const document: AnalysisDocument = { ...DOCUMENT, define: [], select: [], histograms: [], weight: undefined };
    const { path, result } = await save(document, [[at(twin[0]!)]], { used: false, columns: ['*'] });
    expect(result).toMatchObject({ rows: 40, columns: 1499, leftOut: [] });
    const [found, expected] = await Promise.all([valuesOf(path), valuesOf(twin[1]!)]);
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    const differ = Object.keys(expected).filter((name) => !equals(found[name], expected[name]));
    expect(differ).toEqual([]);
    const types = async (file: string) =>
      Object.fromEntries((await openFile(file)).summary.columns.map(({ name, type, depth }) => [name, [type, depth]]));
    expect(await types(path)).toEqual(await types(twin[1]!));
  });

  test.skipIf(!sharedData('open-data-example.root'))('an analysis of a tree finds the same in its skim', async () => {
    const { document } = parseDocument(`lumiscope: 1
datasets: [{ name: data, files: [a] }]
define:
  pair: combinations(Muon, 2)
select:
  two: len(Muon) == 2
  opposite: all(pair.a.charge != pair.b.charge)
histograms:
  mass: { axes: [{ value: (pair.a + pair.b).mass, bins: 300, range: [0.25, 300], scale: log }] }
`);
    const addresses = [[at(sharedData('open-data-example.root')!)]];
    const { path, result } = await save(document!, addresses, {});
    expect(result.rows).toBe(37_183);
    expect(await run(document!, [[at(path)]])).toEqual(await run(document!, addresses));
  });
});
