/**
 * Ingestion: from staged objects to a published dataset, of records of three kinds; one consumer, two at once, and one with little memory. Beside DuckDB, which sorts the same objects and
 * writes them as Parquet on one thread. `LUMISCOPE_BENCH_EVENTS` are the records of whole datasets (2 M); of the others there are a quarter.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderObjects } from '../workers/objects/folderObjects.ts';
import type { ConsumerResult, ConsumerTask, StagedDataset } from './ingestConsumer.ts';
import { KINDS, type Kind, stageForBench } from './ingestData.ts';
import { absences, label, runPeers } from './peers.ts';
import { figure, print, ratio } from './report.ts';

const EVENTS = Number(process.env.LUMISCOPE_BENCH_EVENTS ?? 2_000_000);
const WARM_UP = 100_000;
const MEMORY = 1 << 30;
const LITTLE = 128 << 20;
/** Of the dataset whose traversal was published. */
const LARGE = 21_000_000;

const folder = mkdtempSync(join(process.env.LUMISCOPE_BENCH_DATA ?? tmpdir(), 'lumiscope-ingest-'));
const CONSUMER = fileURLToPath(new URL('ingestConsumer.ts', import.meta.url));

interface Staged extends StagedDataset {
  stagedBytes: number;
  records: number;
  /** It took one producer. */
  seconds: number;
}

/** Stages a dataset. @param number of it @param name of the folder: what the peer reads is there alone */
async function stage(kind: Kind, records: number, number: number, name: string): Promise<Staged> {
  const store = join(folder, name);
  const { validation, ...about } = await stageForBench(folderObjects(store), kind, records, number);
  const path = join(store, `validation-${number}.json`);
  writeFileSync(path, JSON.stringify(validation));
  return {
    ...about,
    store,
    validation: path,
    records: validation.references.reduce((sum, { events }) => sum + events, 0),
  };
}

function consume(task: ConsumerTask): Promise<ConsumerResult> {
  const child = spawn(process.execPath, ['--import', 'tsx', CONSUMER, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`the consumer ended with ${code}`)),
    );
  });
}

const perSecond = (events: number, seconds: number) => `${figure(events / seconds)}/s`;
const megabytes = (bytes: number) => `${figure(bytes / 2 ** 20)} MiB`;

const rows: string[][] = [];
const notes: string[] = [];
const peerKinds: Record<string, { folder: string }> = {};
const ours = new Map<Kind, ConsumerResult>();
try {
  for (const kind of KINDS) {
    const events = kind === 'whole' ? EVENTS : EVENTS / 4;
    const dataset = await stage(kind, events, 0, kind);
    const [warmUp, half, otherHalf] = [
      await stage(kind, WARM_UP, 1, `${kind}-others`),
      await stage(kind, events / 2, 2, `${kind}-others`),
      await stage(kind, events / 2, 3, `${kind}-others`),
    ];
    const { records, stagedBytes } = dataset;
    peerKinds[kind] = { folder: dataset.store };
    const insert = (own: StagedDataset, memoryBytes: number, catalogue: string) =>
      consume({ dataset: own, catalogue: join(folder, catalogue), memoryBytes, warmUp });
    const one = await insert(dataset, MEMORY, `one-${kind}`);
    ours.set(kind, one);
    const little = await insert(dataset, LITTLE, `little-${kind}`);
    const two = await Promise.all([insert(half!, MEMORY, `two-${kind}`), insert(otherHalf!, MEMORY, `two-${kind}`)]);
    const twoSeconds = (Math.max(...two.map(({ ended }) => ended)) - Math.min(...two.map(({ began }) => began))) / 1000;
    const wall = (one.ended - one.began) / 1000;
    rows.push([
      kind,
      figure(records),
      figure(stagedBytes / records),
      figure(one.bytes / records),
      perSecond(records, one.cpuSeconds),
      perSecond(records, wall),
      perSecond(half!.records + otherHalf!.records, twoSeconds),
      perSecond(records, little.cpuSeconds),
      megabytes(little.spilled),
      megabytes(little.rssBytes),
    ]);
    if (kind === 'whole') {
      const { seconds } = dataset;
      const traversal = seconds + wall;
      notes.push(
        `traversal of ${figure(records)} whole records, staged by one producer: ${figure(traversal)} s (staging ${figure(seconds)} s, inserting ${figure(wall)} s); of ${figure(LARGE)}, extrapolated: ${figure((traversal * LARGE) / records / 60)} min`,
      );
    }
  }
  const peers = await runPeers('ingest_duckdb.py', ['DuckDB'], { kinds: peerKinds, memory: MEMORY, temp: folder });
  for (const peer of peers) {
    if ('absent' in peer) continue;
    for (const kind of KINDS) {
      const { seconds, counts } = peer.runs[kind]!;
      const own = ours.get(kind)!;
      const [events, bytes] = counts[0] as [number, number];
      if (events !== own.events) throw new Error(`${peer.name} wrote ${events} records, ours are ${own.events}`);
      notes.push(
        `${label(peer)} on one thread sorts and writes the ${kind} records in ${figure(seconds[1]!)} s of the processor, ${ratio(seconds[1], own.cpuSeconds)} of ours, ${figure(bytes / events)} bytes an event`,
      );
    }
  }
  print(
    'Ingestion, from staged objects to a published dataset',
    [
      'records',
      'events',
      'bytes staged',
      'bytes stored',
      'a core',
      'wall',
      'two consumers',
      `a core, ${LITTLE >> 20} MiB`,
      'on disk',
      'resident',
    ],
    rows,
    [
      ...notes,
      ...absences(peers),
      'bytes are those of an event; published (doi:10.1155/2023/6900908): about 120 staged, 310 stored; 10,344 events/s for a dataset with 6 consumers, 117,000/s on a cluster',
      `a core: events by seconds of the processor, with ${MEMORY >> 30} GiB for sorting`,
    ],
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
