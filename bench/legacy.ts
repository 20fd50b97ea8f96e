/**
 * How fast records of the EventIndex in Hadoop are imported, on one core, and how much they take: lines of made-up records like ATLAS' are read (`--dry-run`), brought into staged objects,
 * and inserted in a catalogue. The same file, in the same run, is parsed by pyarrow and pandas, which look at none of the masks, tokens and GUIDs, and by Python's csv.
 * Times are of the processor, all threads together.
 * `npx tsx bench/legacy.ts [thousands of events] [rounds]`; `LUMISCOPE_PYTHON` names a Python that has pyarrow and pandas.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDatasetName } from '../core/catalogue/datasetName.ts';
import type { ControlMessage } from '../core/ingest/controlMessage.ts';
import type { Declaration } from '../core/ingest/declaration.ts';
import { stagedPath } from '../core/ingest/layout.ts';
import type { Validation } from '../core/ingest/validation.ts';
import { sha256 } from '../workers/catalogue/sha256.ts';
import { catalogueIn } from '../workers/catalogue/write/catalogueStore.ts';
import { insertDataset } from '../workers/ingest/insert/insertDataset.ts';
import { BAD_LIMIT } from '../workers/ingest/legacy/badLines.ts';
import { type ImportReport, importRecords, type Receiver } from '../workers/ingest/legacy/importRecords.ts';
import { OBJECT_SIZE } from '../workers/ingest/legacy/stageObject.ts';
import { openText } from '../workers/ingest/legacy/textInput.ts';
import { tryRecords } from '../workers/ingest/legacy/tryRecords.ts';
import { folderObjects } from '../workers/objects/folderObjects.ts';
import type { ObjectStore } from '../workers/objects/objectStore.ts';
import { type LegacyFile, writeLegacyFile } from './legacyData.ts';
import { figure, median, print, ratio } from './report.ts';

const PYTHON = process.env.LUMISCOPE_PYTHON ?? 'python3';
const events = Number(process.argv[2] ?? 200) * 1000;
const rounds = Number(process.argv[3] ?? 3);
/** Of the EventIndex, an event: https://doi.org/10.1007/s41781-023-00096-8 */
const PUBLISHED = { staged: 120, stored: 310 };

const PARSERS: Record<string, string> = {
  'pyarrow.csv, one thread': `
import pyarrow.csv as pc
pc.read_csv(path, read_options=pc.ReadOptions(use_threads=False, autogenerate_column_names=True)).num_rows`,
  'pandas.read_csv (C)': `
import pandas as pd
len(pd.read_csv(path, header=None))`,
  'csv of Python': `
import csv
sum(1 for row in csv.reader(open(path)))`,
};

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lumiscope-bench-legacy-'));
  try {
    const path = join(folder, 'records.txt');
    const file = writeLegacyFile(path, events);
    const inputs = async () => [await openText(path, process.stdin)];
    const reading = await timedRounds(async () => {
      await tryRecords(await inputs(), { dataset: parseDatasetName(file.dataset), limit: BAD_LIMIT });
    });
    const objects = folderObjects(join(folder, 'store'));
    const receiver = new StoreReceiver(objects);
    let report: ImportReport | undefined;
    let round = 0;
    const importing = await timedRounds(async () => {
      receiver.messages.length = 0;
      report = await importRecords({
        dataset: file.dataset,
        inputs: await inputs(),
        work: join(folder, `work-${round++}`),
        receiver,
        job: 1,
        producer: 'bench',
        declare: true,
        limit: BAD_LIMIT,
        size: OBJECT_SIZE,
      });
    });
    const begin = process.cpuUsage();
    const inserted = await insertDataset({
      objects,
      catalogue: catalogueIn(objects.below('catalogue')),
      validation: receiver.validation(),
      spillFolder: join(folder, 'spill'),
      memoryBytes: 512 * 2 ** 20,
      consumer: 'bench',
    });
    const inserting = secondsSince(begin);
    const ours = [
      ['lumiscope, read and checked (--dry-run)', reading],
      ['lumiscope import-eventindex, to staged objects', importing],
      ['and inserted in a catalogue', importing + inserting],
    ] as const;
    const peers = Object.entries(PARSERS).map(([name, code]) => [name, parsedBy(code, path)] as const);
    print(
      `Legacy import: ${figure(file.lines)} records, ${figure(file.bytes / file.lines)} B a line, one core`,
      ['', 'lines/s', 'MB/s', 'time of reading'],
      [...ours, ...peers].map(([name, seconds]) => rowOf(name, seconds, file, reading)),
      [
        `peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
        `staged ${figure(bytesOf(report!) / report!.events)} B an event (published: about ${PUBLISHED.staged}), stored ${figure(inserted.bytes / inserted.events)} B (published: ${PUBLISHED.stored})`,
      ],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a relay does with what it is sent, as far as a catalogue hangs on it. */
class StoreReceiver implements Receiver {
  readonly address = 'bench';
  readonly messages: ControlMessage[] = [];
  readonly #objects: ObjectStore;
  #declaration: Declaration | undefined;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  async upload(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#objects.write(stagedPath(await sha256(bytes)), bytes);
  }

  async message(message: ControlMessage): Promise<void> {
    this.messages.push(message);
  }

  async declare(declaration: Declaration): Promise<void> {
    this.#declaration = declaration;
  }

  validation(): Validation {
    const objects = this.messages.map(({ object }) => object);
    const staged = new Map(
      this.messages.flatMap(({ files }, object) => files.map((file) => [file.guid, { ...file, object }])),
    );
    return {
      dataset: this.#declaration!.dataset,
      generation: 1,
      objects,
      references: this.#declaration!.files.map(({ guid }) => staged.get(guid)!),
      notes: [],
      open: false,
      sourcePath: '',
      firstStaged: 0,
      validated: 0,
    };
  }
}

/** Median seconds of processor time, of all threads, after one round more. */
async function timedRounds(call: () => Promise<void>): Promise<number> {
  await call();
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begin = process.cpuUsage();
    await call();
    seconds.push(secondsSince(begin));
  }
  return median(seconds);
}

function secondsSince(begin: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}

/** Median seconds; undefined where Python has no such module. */
function parsedBy(code: string, path: string): number | undefined {
  const lines = code.trim().split('\n');
  const last = lines.pop()!;
  const script = [
    'import sys, time',
    `path = ${JSON.stringify(path)}`,
    ...lines,
    `def parse(): return ${last}`,
    'parse()',
    'times = []',
    `for _ in range(${rounds}):`,
    '    begin = time.process_time(); parse(); times.append(time.process_time() - begin)',
    'print(sorted(times)[len(times) // 2])',
  ].join('\n');
  try {
    const env = { ...process.env, OMP_NUM_THREADS: '1' };
    return Number(execFileSync(PYTHON, ['-c', script], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined;
  }
}

function rowOf(name: string, seconds: number | undefined, { lines, bytes }: LegacyFile, reading: number): string[] {
  if (seconds === undefined) return [name, 'absent', 'absent', 'absent'];
  return [name, figure(lines / seconds), figure(bytes / seconds / 1e6), ratio(seconds, reading)];
}

const bytesOf = ({ objects }: ImportReport) => objects.reduce((sum, { bytes }) => sum + bytes, 0);

await main();
