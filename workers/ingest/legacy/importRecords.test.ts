import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordBatch } from '../../../core/catalogue/tables.ts';
import { controlMessageSchema } from '../../../core/ingest/controlMessage.ts';
import { declarationSchema } from '../../../core/ingest/declaration.ts';
import { madeEvent, printLegacyLine } from '../../../core/ingest/testing/legacyLine.ts';
import { readStaged } from '../produce/stagedObject.ts';
import { BAD_LIMIT } from './badLines.ts';
import { type ImportOptions, importRecords } from './importRecords.ts';
import { MemoryReceiver } from './testing/memoryReceiver.ts';
import { TEST_SIZE } from './testing/sizes.ts';
import { openText } from './textInput.ts';

const DATASET = 'data15_13TeV.00284484.physics_ZeroBias.merge.AOD.r7446_p2492';
const EVENTS = 1500;
const LINES = Array.from({ length: EVENTS }, (_, k) => printLegacyLine(madeEvent(k, 284484, 7)));
const TEXT = `${LINES.join('\n')}\n`;

let folder: string;
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiscope-legacy-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(content: string | Uint8Array, name = `${made++}.txt`): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function imported(
  paths: string[],
  more: Partial<ImportOptions> = {},
  standardInput: AsyncIterable<Uint8Array> = none(),
) {
  const receiver = (more.receiver as MemoryReceiver) ?? new MemoryReceiver();
  const work = more.work ?? join(folder, `work-${made++}`);
  const inputs = await Promise.all(paths.map((path) => openText(path, standardInput)));
  const about = { dataset: DATASET, job: 1, producer: 'test', declare: true, limit: BAD_LIMIT, ...TEST_SIZE };
  const run = () => importRecords({ ...about, inputs, work, receiver, ...more });
  return { receiver, work, run };
}

async function* none() {}

/** Event numbers of all records, by the GUIDs of their files. */
async function recordsOf({ objects, messages }: MemoryReceiver): Promise<Map<string, bigint[]>> {
  const found = new Map<string, bigint[]>();
  for (const { object } of messages) {
    const staged = await readStaged(objects.get(object.sha256)!);
    for (const [index, { guid }] of staged.header.files.entries()) {
      const events: bigint[] = [];
      for await (const { columns } of staged.read(index))
        events.push(...(columns.get('eventno')!.values as BigUint64Array));
      found.set(guid, events);
    }
  }
  return found;
}

const shas = ({ objects }: MemoryReceiver) => [...objects.keys()].sort();

describe('an import of records of the EventIndex', () => {
  it('stages all records of a file of events in one object, sorted, and says so', async () => {
    const first = await fileOf(LINES.slice(0, 700).join('\r\n'));
    const second = await fileOf(
      Buffer.concat([gzipSync(`${LINES.slice(700, 900).join('\n')}\n`), gzipSync(`${LINES.slice(900).join('\n')}\n`)]),
    );
    const { receiver, run, work } = await imported([first, second]);
    const report = await run();
    expect(report).toMatchObject({
      lines: EVENTS,
      records: EVENTS,
      bad: 0,
      blank: 0,
      events: EVENTS,
      files: 7,
      duplicates: 0,
      conflicts: 0,
      smk: 2231,
    });
    const found = await recordsOf(receiver);
    expect([...found.values()].flat().length).toBe(EVENTS);
    for (const [k, line] of LINES.entries()) {
      const { event } = madeEvent(k, 284484, 7);
      expect(found.get(line.split(',')[17]!)).toContain(event);
    }
    expect(receiver.objects.size).toBeGreaterThan(2);
    const files = receiver.messages.flatMap((message) => controlMessageSchema.parse(message).files);
    expect(new Set(files.map(({ guid }) => guid)).size).toBe(7);
    expect(declarationSchema.parse(receiver.declaration).files).toEqual(
      files.map(({ guid, events }) => ({ guid, events })),
    );
    // What is left is the report; asked again, it is given again.
    expect(await readdir(work)).toEqual(['import.json', 'report.json']);
    const calls = receiver.messages.length;
    expect(await run()).toEqual({ ...report, doneBefore: true });
    expect(receiver.messages.length).toBe(calls);
    const staged = await readStaged(receiver.objects.values().next().value!);
    const { value: batch } = await staged.read(0).next();
    const event = madeEvent(
      LINES.findIndex((line) => line.includes(staged.header.files[0]!.guid)),
      284484,
      7,
    );
    expect((batch as RecordBatch).columns.get('lb')!.values[0]).toBe(event.lb);
    expect([...(batch as RecordBatch).columns.get('ph')!.values.subarray(0, event.ef!.ph.length)]).toEqual(
      event.ef!.ph,
    );
    expect(staged.header).toMatchObject({ families: ['l1', 'hlt', 'provenance'], provenanceTypes: ['RAW'], smk: 2231 });
  });

  it('goes on wherever it was stopped, and ends with the same objects', async () => {
    const paths = [await fileOf(TEXT.slice(0, 300_000)), await fileOf(gzipSync(TEXT.slice(300_000)))];
    const whole = await imported(paths);
    const report = await whole.run();
    const stopped = await imported(paths, { receiver: new MemoryReceiver() });
    for (let tries = 0; ; tries++) {
      stopped.receiver.failAfter = tries;
      const before = (await readdir(stopped.work).catch(() => [])).length;
      const end = await stopped.run().catch((error: Error) => error.message);
      if (typeof end === 'object') {
        expect({ ...end, badLines: report.badLines }).toEqual(report);
        expect(tries).toBeGreaterThan(3);
        break;
      }
      expect(end).toBe('the relay does not answer');
      expect(before).toBeGreaterThanOrEqual(0);
    }
    expect(shas(stopped.receiver)).toEqual(shas(whole.receiver));
  });

  it('has the number of the time when it began, also where it goes on later', async () => {
    const paths = [await fileOf(TEXT)];
    const begun = Date.now();
    const { receiver, run } = await imported(paths, { job: undefined, receiver: new MemoryReceiver() });
    receiver.failAfter = 2;
    await expect(run()).rejects.toThrow('the relay does not answer');
    const [first] = receiver.messages;
    while (Date.now() <= first!.job.id) await new Promise((done) => setTimeout(done, 1));
    receiver.failAfter = Number.POSITIVE_INFINITY;
    await run();
    expect(first!.job.id).toBeGreaterThanOrEqual(begun);
    expect(receiver.messages.length).toBeGreaterThan(1);
    expect(new Set(receiver.messages.map(({ job }) => job.id)).size).toBe(1);
  });

  it('goes on after being killed, without reading again what was read', async () => {
    const paths = [await fileOf(TEXT), await fileOf(gzipSync(LINES.slice(0, 3).join('\n')))];
    const whole = await imported(paths);
    const report = await whole.run();
    const work = join(folder, `killed-${made++}`);
    const script = fileURLToPath(new URL('testing/importChild.ts', import.meta.url));
    for (const [step, count] of [
      ['read', 5],
      ['stage', 2],
    ] as const) {
      const child = spawn(process.execPath, ['--import', 'tsx', script, work, DATASET, ...paths], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let seen = 0;
      child.stdout.on('data', (chunk: Buffer) => {
        seen += chunk.toString().split(step).length - 1;
        if (seen >= count) child.kill('SIGKILL');
      });
      await once(child, 'exit');
    }
    const segments = await readdir(join(work, 'segments'));
    expect(segments.filter((name) => name.endsWith('.segment')).length).toBeGreaterThan(0);
    const { receiver, run } = await imported(paths, {
      work,
      receiver: new MemoryReceiver(),
    });
    expect(await run()).toEqual({ ...report });
    expect(receiver.declaration).toEqual(whole.receiver.declaration);
  });

  it('takes standard input, and passes over what it has of it', async () => {
    const chunks = async function* (to = TEXT.length) {
      for (let at = 0; at < to; at += 60_001) yield Buffer.from(TEXT.slice(at, Math.min(to, at + 60_001)));
    };
    const cut = async function* () {
      yield* chunks(240_004);
      throw new Error('pipe broken');
    };
    const work = join(folder, `piped-${made++}`);
    await expect((await imported(['-'], { work }, cut())).run()).rejects.toThrow(
      "standard input can't be read: pipe broken",
    );
    const other = async function* () {
      yield Buffer.from(TEXT.replace('00795818900', '00795818901'));
    };
    await expect((await imported(['-'], { work }, other())).run()).rejects.toThrow(
      'standard input is not what the import was begun with',
    );
    const { receiver, run } = await imported(['-'], { work }, chunks());
    expect((await run()).events).toBe(EVENTS);
    const whole = await imported([await fileOf(TEXT)]);
    await whole.run();
    expect(shas(receiver)).toEqual(shas(whole.receiver));
  });

  it('tells where a packed file is cut, keeps what came before, and goes on with the whole one', async () => {
    const packed = gzipSync(TEXT);
    const path = await fileOf(packed, 'cut.gz');
    await truncate(path, Math.floor(packed.length / 2));
    const work = join(folder, 'work-cut');
    await expect((await imported([path], { work })).run()).rejects.toThrow(
      `${path} is damaged or cut after byte ${Math.floor(packed.length / 2)} of the packed file: unexpected end of file`,
    );
    expect((await readdir(join(work, 'segments'))).length).toBeGreaterThan(0);
    await writeFile(path, packed);
    expect((await (await imported([path], { work })).run()).events).toBe(EVENTS);
  });

  it('keeps bad lines aside, with where they are and why', async () => {
    const lines = LINES.slice(0, 40);
    const garbage = Buffer.from(Array.from({ length: 600 }, (_, k) => (k * 37) % 256).filter((byte) => byte !== 10));
    const path = await fileOf(
      Buffer.concat([
        Buffer.from(`\ufeff${lines.slice(0, 10).join('\n')}\n\n\r\n`),
        garbage,
        Buffer.from(`\n${lines[10]!.replace('00284484', '00284485')}\n`),
        Buffer.from(`${'x'.repeat(2_500_000)}\n`),
        Buffer.from(lines.slice(10).join('\n')),
      ]),
    );
    const { run } = await imported([path]);
    const report = await run();
    expect(report).toMatchObject({ records: 40, events: 40, blank: 2, bad: 3, lines: 45 });
    const kept = (await readFile(report.badLines!, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(kept.map(({ line, field, reason }) => [line, field, reason])).toEqual([
      [13, 'line', expect.stringMatching(/^has \d+ fields, not 40 or 54$/)],
      [14, 'key', 'is of run 284485, not of 284484, the dataset’s'],
      [15, 'line', 'is longer than 1048576 bytes'],
    ]);
    expect(kept[0]).toMatchObject({ file: path, column: 1 });
    expect(kept[1].text).toBe(lines[10]!.replace('00284484', '00284485'));
  });

  it('gives up where too many lines are bad; with a higher limit it goes on', async () => {
    const path = await fileOf(`${'no record\n'.repeat(150)}${TEXT}`);
    const work = join(folder, `work-${made++}`);
    await expect((await imported([path], { work })).run()).rejects.toThrow(
      `150 of ${EVENTS + 150} lines are no records of the dataset; the first: ${path}, line 1: line has 1 field, not 40 or 54`,
    );
    expect((await readFile(join(work, 'bad-lines.jsonl'), 'utf8')).split('\n').length).toBe(151);
    const { run } = await imported([path], { work, limit: { lines: 150, share: 1 } });
    expect(await run()).toMatchObject({ bad: 150, events: EVENTS });
    await expect((await imported([await fileOf('no record\n')])).run()).rejects.toThrow(
      `there is no record of ${DATASET}`,
    );
  });

  it('tells records that come again, and those that say other things of the same', async () => {
    const other = LINES[5]!.replace(',2231,', ',2231,').replace(/\t\d+,/, '\t4711,');
    const path = await fileOf([...LINES.slice(0, 20), LINES[3], LINES[4], other].join('\n'));
    const { receiver, run } = await imported([path, path]);
    const report = await run();
    expect(report).toMatchObject({ records: 46, events: 20, duplicates: 24, conflicts: 2 });
    expect([...(await recordsOf(receiver)).values()].flat().length).toBe(20);
    const [conflict] = (await readFile(report.badLines!, 'utf8')).split('\n').map((line) => line && JSON.parse(line));
    expect(conflict).toMatchObject({
      line: 23,
      reason: `names the record of line 6 of ${path}, but says other things of it`,
    });
  });

  it('does not mix with another import, and names what it can not read', async () => {
    const path = await fileOf(TEXT);
    const { run, work } = await imported([path]);
    await run();
    await expect((await imported([path], { work, job: 2 })).run()).rejects.toThrow('its job is 1, not 2');
    const other = async (content: Uint8Array) => (await imported([await fileOf(content)])).run();
    await expect(other(Buffer.from('SEQ\x06!org.apache.hadoop'))).rejects.toThrow(
      'is a Hadoop sequence file, not text',
    );
    await expect(other(Buffer.from('PAR1........'))).rejects.toThrow('is Parquet, not text');
    const packed = gzipSync(TEXT);
    packed[Math.floor(packed.length / 2)]! ^= 0xff;
    await expect(other(packed)).rejects.toThrow('is damaged or cut after byte');
    await expect(openText(join(folder, 'missing'), none())).rejects.toThrow("missing can't be read: ENOENT");
    await expect(openText(folder, none())).rejects.toThrow('is no file');
  });
});
