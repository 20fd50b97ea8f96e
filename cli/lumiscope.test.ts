import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeLink, documentHash } from '../core/analysis/link.ts';
import { parseDocument } from '../core/analysis/yaml.ts';
import type { Axis } from '../core/hist/axis.ts';
import { createHistogram } from '../core/hist/contents.ts';
import { toUhiFileJson } from '../core/hist/uhi.ts';
import { fromUhiFile } from '../core/hist/uhiRead.ts';
import { REAL_EVENTS } from '../workers/testing/tiledEvents.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Within the project, so that Node takes its files for modules; of this run alone. */
const BUILT = join(ROOT, `.cache/cli-test-${process.pid}`);

const DOCUMENT = `lumiscope: 1
datasets:
  - name: muons
    files: [events.parquet]
select:
  two muons: len(Muon) >= 2
histograms:
  pt: { axes: [{ value: Muon.pt, bins: 20, range: [0, 100] }] }
`;

const PT: Axis = { type: 'regular', bins: 2, lo: 0, hi: 4, scale: 'linear', label: 'pT', unit: 'GeV' };

let folder: string;
let server: Server;
let base: string;

beforeAll(async () => {
  await build({ root: ROOT, configFile: join(ROOT, 'vite.cli.config.ts'), build: { outDir: BUILT }, logLevel: 'warn' });
  folder = await mkdtemp(join(tmpdir(), 'lumiscope-cli-'));
  await writeFile(join(folder, 'doc.yaml'), DOCUMENT);
  await writeFile(join(folder, 'broken.parquet'), 'PAR1 and then nothing that makes sense PAR1');
  if (REAL_EVENTS) await copyFile(REAL_EVENTS, join(folder, 'events.parquet'));
  server = createServer((request, response) => void answer(request.headers.range, request.url!, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 120_000);

afterAll(async () => {
  server.close();
  await Promise.all([rm(folder, { recursive: true }), rm(BUILT, { recursive: true })]);
});

/** Serves the folder by ranges. */
async function answer(
  range: string | undefined,
  url: string,
  response: import('node:http').ServerResponse,
): Promise<void> {
  const bytes = await readFile(join(folder, url)).catch(() => undefined);
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (!bytes || first === undefined) return void response.writeHead(bytes ? 200 : 404).end(bytes);
  const from = first === '' ? Math.max(0, bytes.length - Number(last)) : Number(first);
  const to = first === '' || last === '' ? bytes.length : Math.min(bytes.length, Number(last) + 1);
  response.writeHead(206, { 'Content-Range': `bytes ${from}-${to - 1}/${bytes.length}`, ETag: '"1"' });
  response.end(bytes.subarray(from, to));
}

interface Ended {
  status: number;
  out: string;
  err: string;
}

/** Runs the built program in the folder. */
function lumiscope(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...process.env, LUMISCOPE_CACHE: join(folder, 'cache') } };
    const child = execFile(process.execPath, [join(BUILT, 'lumiscope.js'), ...args], options, (_, out, err) => {
      resolve({ status: child.exitCode ?? -1, out, err });
    });
  });
}

const write = (name: string, text: string) => writeFile(join(folder, name), text);
const read = (name: string) => readFile(join(folder, name), 'utf8');

describe.skipIf(!REAL_EVENTS)('lumiscope events', () => {
  test('lists the events that pass, as text, CSV or JSON', async () => {
    await write('events.yaml', `${DOCUMENT.replace('len(Muon) >= 2', 'len(Muon) >= 2 and MET.pt > 60')}`);
    const list = await lumiscope('events', 'events.yaml');
    expect(list.status).toBe(0);
    const lines = list.out.trim().split('\n');
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) expect(line).toMatch(/^\d+:\d+:\d+$/);
    const csv = await lumiscope('events', 'events.yaml', '--values', 'len(Muon)', '--format', 'csv');
    const [head, ...rows] = csv.out.trim().split('\n');
    expect(head).toBe('run,lumi,event,len(Muon)');
    expect(rows.map((row) => row.split(',').slice(0, 3).join(':'))).toEqual(lines);
    const json = await lumiscope('events', 'events.yaml', '--limit', '2', '--format', 'json', '-o', 'events.json');
    expect(json.err).toContain(`the first 2 of ${lines.length}`);
    expect(JSON.parse(await read('events.json')).map((one: object) => Object.values(one).join(':'))).toEqual(
      lines.slice(0, 2),
    );
  });

  test('refuses a value that is not one for an event', async () => {
    const { status, err } = await lumiscope('events', 'doc.yaml', '--values', 'Muon.pt');
    expect(status).toBe(2);
    expect(err).toContain('--values Muon.pt: a table has one value an event');
  });
});

describe.skipIf(!REAL_EVENTS)('lumiscope run', () => {
  test('prints the cutflow, and writes histograms and a report', async () => {
    const { status, out, err } = await lumiscope(
      'run',
      'doc.yaml',
      '-o',
      'h.json',
      '--report',
      'r.json',
      '--workers',
      '2',
    );
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/two muons +\d+ +\d+\.\d\d %/);
    const [pt] = fromUhiFile(await read('h.json'));
    expect(pt!.name).toBe('pt');
    expect(pt!.histogram.entries).toBeGreaterThan(100);
    const report = JSON.parse(await read('r.json'));
    expect(report).toMatchObject({
      engine: 'wasm',
      eventsRead: 1000,
      documentHash: documentHash(parseDocument(DOCUMENT).document!),
      cutflow: [
        { dataset: 'muons', rows: [{ name: 'all events', events: 1000, efficiency: 1 }, { name: 'two muons' }] },
      ],
    });
    expect(report.bytesRead).toBeGreaterThan(0);
    expect(report.bytesRead).toBeLessThan(200_000);
    expect(report.requests).toBeGreaterThan(0);
    expect(report.seconds).toBeGreaterThan(0);
  });

  test('gives the same bytes from a URL, from the disk, and with any number of workers', async () => {
    await lumiscope('run', 'doc.yaml', '-o', 'one.json', '--workers', '1');
    const { status } = await lumiscope(
      'run',
      'doc.yaml',
      '--file',
      `${base}/events.parquet`,
      '-o',
      'two.json',
      '--workers',
      '4',
    );
    expect(status).toBe(0);
    expect(await read('two.json')).toBe(await read('one.json'));
  });

  test('fetches what a URL holds once: later runs ask for its version, and none of it with --no-cache', async () => {
    const dir = join(folder, 'own-cache');
    const run = async (...more: string[]) => {
      const args = ['--file', `${base}/events.parquet`, '--cache-dir', dir, '--report', 'c.json', ...more];
      expect((await lumiscope('run', 'doc.yaml', ...args)).status).toBe(0);
      return JSON.parse(await read('c.json'));
    };
    const cold = await run();
    expect(cold.bytesRead).toBeGreaterThan(10_000);
    const warm = await run();
    expect(warm).toMatchObject({ bytesRead: 0, requests: 1, cutflow: cold.cutflow });
    expect(warm.bytesFromCache).toBeGreaterThan(10_000);
    expect(await run('--no-cache')).toMatchObject({ bytesFromCache: 0, bytesRead: cold.bytesRead });
    const list = await lumiscope('cache', '--cache-dir', dir);
    expect(list.out).toMatch(new RegExp(`${base}/events\\.parquet +[\\d.]+ kB +of [\\d.]+ kB`));
    expect((await lumiscope('cache', '--cache-dir', dir, '--clear')).out).toContain('kB removed from');
    expect((await lumiscope('cache', '--cache-dir', dir)).out).not.toContain('events.parquet');
  });

  test('says with --plan what it would ask for', async () => {
    await write('here.yaml', DOCUMENT);
    const { out, status } = await lumiscope('run', 'here.yaml', '--plan');
    expect(status).toBe(0);
    expect(out).toMatch(/^1 file, 1 chunk, 1 column\n\n/);
    expect(out).toMatch(/this machine +1 +1 +5\.60 kB +0 B\n/);
    expect(out).toMatch(/Muon_pt +5\.60 kB\n/);
  });

  test('takes several files in place of the first data set, and either engine', async () => {
    const args = ['--file', 'events.parquet', 'events.parquet', '--file', 'events.parquet', '--report', 'r3.json'];
    const { status } = await lumiscope('run', 'doc.yaml', ...args, '--engine', 'reference');
    expect(status).toBe(0);
    expect(JSON.parse(await read('r3.json'))).toMatchObject({ engine: 'reference', eventsRead: 3000 });
  });

  test('tells a wrong expression at its line and column, with what to do', async () => {
    await write('typo.yaml', DOCUMENT.replace('Muon.pt', 'Muon.ptt'));
    const { status, err } = await lumiscope('run', 'typo.yaml');
    expect(status).toBe(2);
    expect(err).toMatch(/^lumiscope: typo\.yaml:8:30: histograms\.pt\.axes\.0\.value: /);
    expect(err).toContain('pt');
  });

  test('refuses a local file of another size', async () => {
    const entry = `{ local: events.parquet, size: 17, sha256: ${'0'.repeat(64)} }`;
    await write('local.yaml', DOCUMENT.replace('[events.parquet]', `[${entry}]`));
    const { status, err } = await lumiscope('run', 'local.yaml');
    expect(status).toBe(3);
    expect(err).toContain('but the document is about one of 17');
  });
});

describe('lumiscope run, with nothing to run on', () => {
  test.each([
    ['a key that is not known', DOCUMENT.replace('select:', 'selct:'), /^lumiscope: wrong\.yaml:5:1: /],
    ['text that is no YAML', 'lumiscope: 1\ndatasets: [', /^lumiscope: wrong\.yaml:2:\d+: /],
  ])('tells %s at its place', async (_, text, message) => {
    await write('wrong.yaml', text);
    const { status, err, out } = await lumiscope('run', 'wrong.yaml');
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(message);
    expect(err).not.toContain(' at ');
  });

  test.each([
    ['a document that is not there', ['run', 'nothing.yaml'], 'nothing.yaml'],
    ['no document', ['run'], 'run takes a document'],
    ['an engine that is not known', ['run', 'doc.yaml', '--engine', 'cuda'], '--engine'],
    ['a number of workers that is none', ['run', 'doc.yaml', '--workers', 'many'], '--workers'],
    ['an option that is not known', ['run', 'doc.yaml', '--fast'], '--fast'],
    ['a command that is not known', ['draw'], 'draw'],
  ])('exits with 2 for %s', async (_, args, message) => {
    const { status, err } = await lumiscope(...args);
    expect(status).toBe(2);
    expect(err).toContain(message);
    expect(err).not.toMatch(/^ +at /m);
  });

  test.each([
    ['a file that is not there', 'missing.parquet', /missing\.parquet.*no such file/],
    ['a file of no known format', 'doc.yaml', /doc\.yaml.*not a ROOT, Parquet, Arrow or CSV file/],
    ['a file whose end is damaged', 'broken.parquet', /broken\.parquet/],
  ])('exits with 3 for %s', async (_, file, message) => {
    const { status, err } = await lumiscope('run', 'doc.yaml', '--file', file);
    expect(status).toBe(3);
    expect(err).toMatch(message);
    expect(err.split('\n').length).toBeLessThanOrEqual(3);
  });

  test('exits with 3 for a URL that answers 404', async () => {
    const { status, err } = await lumiscope('run', 'doc.yaml', '--file', `${base}/missing.parquet`);
    expect(status).toBe(3);
    expect(err).toContain('404');
  });
});

describe('a document that names no data', () => {
  const text = DOCUMENT.replace(/datasets:[\s\S]*?select/, 'select');

  test('is refused where no files are named either', async () => {
    await write('no-data.yaml', text);
    const { status, err } = await lumiscope('run', 'no-data.yaml');
    expect(status).toBe(2);
    expect(err).toContain('no-data.yaml: the document names no data');
  });

  test.skipIf(!REAL_EVENTS)('runs over the files of the command line', async () => {
    await write('no-data.yaml', text);
    const { status, out } = await lumiscope('run', 'no-data.yaml', '--file', 'events.parquet');
    expect([status, out.split('\n')[0]]).toEqual([0, 'data']);
  });
});

describe('lumiscope inspect', () => {
  test.skipIf(!REAL_EVENTS)('lists collections, columns, types, sizes and chunks', async () => {
    const { status, out } = await lumiscope('inspect', 'events.parquet');
    expect(status).toBe(0);
    expect(out).toContain('1,000 events in 1 chunk');
    expect(out).toMatch(/Muon\[\] +pt eta phi/);
    expect(out).toMatch(/Muon_pt +float32\[\] +[\d.]+ kB/);
  });

  test.skipIf(!REAL_EVENTS)('writes the same as JSON', async () => {
    const { out } = await lumiscope('inspect', `${base}/events.parquet`, '--json');
    const contents = JSON.parse(out);
    expect(contents).toMatchObject({ format: 'parquet', events: 1000, chunks: [{ begin: 0, end: 1000 }] });
    expect(contents.columns).toContainEqual(expect.objectContaining({ name: 'Muon_pt', type: 'float32', depth: 1 }));
    expect(contents.collections.map(({ name }: { name: string }) => name)).toContain('Muon');
  });

  test('knows a table of text and an Arrow file by what is in them, at an address too', async () => {
    await write('ntuple.csv', 'M,__event__\n5.5,1\n,9007199254740993\n');
    const { out } = await lumiscope('inspect', `${base}/ntuple.csv`, '--json');
    expect(JSON.parse(out)).toMatchObject({
      format: 'csv',
      events: 2,
      columns: [
        { name: 'M', type: 'float64', nullable: true },
        { name: '__event__', type: 'int64', nullable: false },
      ],
    });
    await copyFile(join(ROOT, 'workers/formats/arrow/fixtures/v2.feather'), join(folder, 'events.feather'));
    const arrow = await lumiscope('inspect', `${base}/events.feather`);
    expect(arrow.out).toMatch(/arrow, [\d.]+ kB, 40 events in 5 chunks/);
  });

  test('exits with 3 for what can not be read', async () => {
    expect(await lumiscope('inspect', 'broken.parquet')).toMatchObject({ status: 3, out: '' });
  });
});

describe('lumiscope link', () => {
  test('prints a link that holds the document', async () => {
    const { status, out } = await lumiscope('link', 'doc.yaml', '--base', 'https://example.org/app/');
    expect(status).toBe(0);
    const [address, hash] = out.trim().split('#');
    expect(address).toBe('https://example.org/app/');
    expect(decodeLink(`#${hash}`)).toEqual(parseDocument(DOCUMENT).document);
  });

  test('points to the preview server unless told otherwise', async () => {
    expect((await lumiscope('link', 'doc.yaml')).out).toMatch(/^http:\/\/localhost:4173\/#a=/);
  });
});

test('histograms of ROOT files are exported and merged as results are', async () => {
  const path = fileURLToPath(new URL('../workers/formats/root/histograms/fixtures/no_tree.root', import.meta.url));
  await copyFile(path, join(folder, 'root.root'));
  expect(await lumiscope('export', 'root.root', '--as', 'uhi', '-o', 'root.json')).toMatchObject({
    status: 0,
    err: '',
  });
  expect(await lumiscope('merge', 'root.root', 'root.json', '-o', 'sum.json')).toMatchObject({ status: 0, err: '' });
  const [once, twice] = await Promise.all(
    ['root.json', 'sum.json'].map(async (name) => fromUhiFile(await readFile(join(folder, name), 'utf8'))),
  );
  expect(once!.map(({ name }) => name)).toEqual(['plain', 'folder/weights']);
  expect(once![0]!.histogram.entries).toBe(500);
  twice!.forEach(({ histogram }, k) => {
    expect([...histogram.values]).toEqual([...once![k]!.histogram.values].map((value) => 2 * value));
  });
  await writeFile(join(folder, 'cut.root'), (await readFile(path)).subarray(0, 5000));
  expect(await lumiscope('export', 'cut.root', '--as', 'uhi', '-o', 'no.json')).toMatchObject({
    status: 3,
    err: expect.stringMatching(/^lumiscope: cut\.root: /),
  });
});

describe('lumiscope merge', () => {
  test.skipIf(!REAL_EVENTS)('of two runs is the run over the data of both, to the byte', async () => {
    await lumiscope('run', 'doc.yaml', '-o', 'half.json');
    await lumiscope('run', 'doc.yaml', '--file', 'events.parquet', 'events.parquet', '-o', 'both.json');
    const { status, err } = await lumiscope('merge', 'half.json', 'half.json', '-o', 'sum.json');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(await read('sum.json')).toBe(await read('both.json'));
  });

  test('tells which histogram of which files differs, and how', async () => {
    await write('a.json', toUhiFileJson([{ name: 'pt', histogram: createHistogram([PT], 'count') }]));
    await write('b.json', toUhiFileJson([{ name: 'pt', histogram: createHistogram([{ ...PT, bins: 3 }], 'count') }]));
    await write('c.json', toUhiFileJson([{ name: 'eta', histogram: createHistogram([PT], 'count') }]));
    await write('d.json', toUhiFileJson([{ name: 'pt', histogram: createHistogram([PT], 'weighted') }]));
    const merged = (...args: string[]) => lumiscope('merge', ...args, '-o', 'sum.json');
    expect(await merged('a.json', 'b.json')).toMatchObject({
      status: 3,
      err: expect.stringContaining(
        "pt in a.json and b.json: the histograms can't be added: axis 1 (pT) differs: 2 and 3 bins",
      ),
    });
    expect((await merged('a.json', 'c.json')).err).toContain('a.json has no histogram eta, which is in c.json');
    expect((await merged('a.json', 'd.json')).err).toContain('one holds count, the other weighted');
    expect((await merged('a.json', 'none.json')).err).toContain('none.json can not be read');
    expect((await merged('a.json', 'doc.yaml')).err).toContain('doc.yaml: the file is not JSON');
    expect(await merged('a.json')).toMatchObject({ status: 2, err: expect.stringContaining('two results or more') });
  });
});

test('a slice at a value is exported', async () => {
  const sets: Axis = { type: 'strCategory', categories: ['A', 'B'], name: 'dataset', label: 'dataset' };
  const histogram = createHistogram([sets, PT], 'count');
  histogram.values.set([0, 1, 2, 0, 9, 3, 4, 8]);
  await write('sets.json', toUhiFileJson([{ name: 'pt', histogram }]));
  const exported = (...at: string[]) => lumiscope('export', 'sets.json', '--as', 'uhi', ...at, '-o', 'slice.json');
  expect(await exported('--at', 'dataset=B')).toMatchObject({ status: 0 });
  expect([...fromUhiFile(await read('slice.json'))[0]!.histogram.values]).toEqual([9, 3, 4, 8]);
  await exported('--at', 'dataset=A', '--at', 'pT=3.9');
  expect([...fromUhiFile(await read('slice.json'))[0]!.histogram.values]).toEqual([2]);
  expect((await exported('--at', 'eta=1')).err).toContain('pt has no axis eta\n  it has dataset, pT');
  expect((await exported('--at', 'pT=x')).err).toContain('x is no value of the axis pT');
  expect((await exported('--at', 'dataset=C')).err).toContain('the axis dataset has no bin at C');
});

test('results are merged with a factor each', async () => {
  const histogram = { ...createHistogram([PT], 'count'), values: Float64Array.of(0, 3, 4, 0) };
  await write('a.json', toUhiFileJson([{ name: 'pt', histogram }]));
  const { status } = await lumiscope('merge', 'a.json', 'a.json', '--scale', '1,0.5', '-o', 'sum.json');
  expect(status).toBe(0);
  expect(fromUhiFile(await read('sum.json'))[0]!.histogram).toMatchObject({
    storage: 'weighted',
    values: Float64Array.of(0, 4.5, 6, 0),
    variances: Float64Array.of(0, 3.75, 5, 0),
  });
  const wrong = await lumiscope('merge', 'a.json', 'a.json', '--scale', '2', '-o', 'sum.json');
  expect(wrong).toMatchObject({ status: 2, err: expect.stringContaining('a number for each result') });
});

describe('lumiscope export', () => {
  test('writes one file, or a folder of them', async () => {
    const histograms = ['pt', 'eta'].map((name) => ({ name, histogram: createHistogram([PT], 'count') }));
    const mean = { name: 'profile', histogram: createHistogram([PT], 'mean') };
    await write('all.json', toUhiFileJson([...histograms, mean]));
    const { status, err } = await lumiscope('export', 'all.json', '--as', 'pyhf', '-o', 'workspace.json');
    expect({ status, err }).toEqual({
      status: 0,
      err: expect.stringMatching(/^lumiscope: profile is left out: means/),
    });
    expect(JSON.parse(await read('workspace.json')).channels.map(({ name }: { name: string }) => name)).toEqual([
      'pt',
      'eta',
    ]);
    await lumiscope('export', 'all.json', '--as', 'hepdata', '--histogram', 'eta', '-o', 'tables');
    expect(await read('tables/submission.yaml')).toContain('data_file: eta.yaml');
    expect(await read('tables/eta.yaml')).toMatch(/^independent_variables:/);
    await lumiscope('export', 'all.json', '--as', 'uhi', '-o', 'again.json');
    expect(await read('again.json')).toBe(await read('all.json'));
    expect(await lumiscope('export', 'all.json', '--as', 'root', '-o', 'x')).toMatchObject({ status: 2 });
    expect((await lumiscope('export', 'all.json', '--as', 'csv', '--histogram', 'x', '-o', 'x')).err).toContain(
      'has no histogram x\n  it has pt, eta, profile',
    );
  });
});

describe('lumiscope catalogue', () => {
  test('opens a catalogue with the worker that the build put beside the program', async () => {
    const demo = join(ROOT, 'public/demo/catalogue');
    const { out, err } = await lumiscope('catalogue', 'containers', demo, 'run:348885 type:RAW', '--columns', 'stream');
    expect(err).toBe('');
    expect(out.split('\n').map((line) => line.trim())).toEqual(['stream_name', 'physics_Main', 'express_express', '']);
  });

  test('tells its own subcommands, and those that it lacks', async () => {
    expect((await lumiscope('catalogue', '--help')).out).toContain('lumiscope catalogue overlaps CATALOGUE');
    const { status, err } = await lumiscope('catalogue', 'nothing');
    expect([status, err]).toEqual([
      2,
      'lumiscope: catalogue has no subcommand nothing\n  see lumiscope catalogue --help\n',
    ]);
  });
});

test('a reader that goes early is no fault', async () => {
  const child = spawn(process.execPath, [join(BUILT, 'lumiscope.js'), '--help']);
  let err = '';
  child.stderr.on('data', (text) => {
    err += text;
  });
  child.stdout.destroy();
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect({ status, err }).toEqual({ status: 0, err: '' });
});

describe('lumiscope --help', () => {
  test('tells the commands', async () => {
    const { status, out } = await lumiscope('--help');
    expect(status).toBe(0);
    for (const command of ['run', 'convert', 'inspect', 'merge', 'export', 'link'])
      expect(out).toContain(`lumiscope ${command}`);
  });
});

describe.skipIf(!REAL_EVENTS)('lumiscope convert', () => {
  test('saves the events that pass, and the same document finds the same in them', async () => {
    const { status, out, err } = await lumiscope(
      'convert',
      'doc.yaml',
      '-o',
      'skim.parquet',
      '--define',
      'ht=sum(Muon.pt)',
    );
    expect([status, err]).toEqual([0, '']);
    expect(out).toMatch(/^skim\.parquet: 234 events of 1,000, 6 columns, 1 row group, .* kB in /);
    const [whole, skim] = await Promise.all([
      lumiscope('run', 'doc.yaml', '-o', 'whole.json'),
      lumiscope('run', 'doc.yaml', '--file', 'skim.parquet', '-o', 'skim.json'),
    ]);
    expect([whole.status, skim.status]).toEqual([0, 0]);
    expect(await readFile(join(folder, 'skim.json'), 'utf8')).toBe(await readFile(join(folder, 'whole.json'), 'utf8'));
    expect((await lumiscope('inspect', 'skim.parquet')).out).toContain('ht');
  });

  test('takes data without a document, and items of collections by masks', async () => {
    const { status, out } = await lumiscope(
      ...[
        'convert',
        'events.parquet',
        '-o',
        'thin.parquet',
        '--columns',
        'Muon_*, MET_pt',
        '--thin',
        'Muon: Muon.pt > 10',
      ],
    );
    expect(status).toBe(0);
    expect(out).toContain('1,000 events of 1,000');
    const mean = await lumiscope(
      'events',
      'doc.yaml',
      '--file',
      'thin.parquet',
      '--values',
      'min(Muon.pt)',
      '--format',
      'csv',
    );
    const values = mean.out
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',').at(-1)));
    expect(values.every((value) => value > 10)).toBe(true);
  });

  test('leaves nothing behind where it fails', async () => {
    const { status, err } = await lumiscope('convert', 'broken.parquet', '-o', 'never.parquet');
    expect([status, err]).toEqual([3, expect.stringContaining('broken.parquet')]);
    const wrong = await lumiscope('convert', 'events.parquet', '-o', 'never.parquet', '--columns', 'Muons_pt');
    expect([wrong.status, wrong.err]).toEqual([
      2,
      'lumiscope: no column is called Muons_pt\n  did you mean Muon_pt?\n',
    ]);
    expect((await readdir(folder)).filter((name) => name.startsWith('never'))).toEqual([]);
  });
});

test('a catalogue is generated and read by the threads of the built program', async () => {
  const options = ['--events', '40', '--derivations', '2', '--plain', '--workers', '2'];
  const made = await lumiscope('catalogue', 'generate', 'made', ...options);
  expect(made).toMatchObject({ status: 0, err: '' });
  const [, records] = /^(\d+) records in 4 parts: made\n$/.exec(made.out)!;
  const shown = await lumiscope('catalogue', 'show', 'made', '--format', 'json');
  expect(JSON.parse(shown.out)).toMatchObject({ parts: 4, records: Number(records) });
  const again = await lumiscope('catalogue', 'generate', 'made', ...options);
  expect([again.status, again.err]).toEqual([2, expect.stringContaining('there is a catalogue already')]);
});
