/**
 * One event and a thousand out of a catalogue of 100 M records, over HTTP with 50 ms of latency: requests, bytes, seconds. Beside it DuckDB on the same Parquet
 * objects: on the local files, and over the same HTTP through Python's fsspec, since its own httpfs is an extension that has to be downloaded.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dstypeidOf } from '../core/catalogue/eventKey.ts';
import type { Manifest } from '../core/catalogue/manifest.ts';
import type { PickOptions } from '../core/catalogue/pickChoice.ts';
import { eventSet } from '../core/catalogue/stream.ts';
import { Collisions } from '../workers/catalogue/generate/collisions.ts';
import { hash32 } from '../workers/catalogue/generate/hash.ts';
import { planCatalogue } from '../workers/catalogue/generate/plan.ts';
import { nodeCatalogueThreads } from '../workers/catalogue/nodeCatalogue.ts';
import { openCatalogue } from '../workers/catalogue/openCatalogue.ts';
import { pickEvents } from '../workers/catalogue/pick/pickEvents.ts';
import { startFaultyServer } from '../workers/testing/faultyServer.ts';
import { type BenchCatalogue, benchCatalogue, benchDerivations } from './catalogueData.ts';
import { absences, label, runPeers } from './peers.ts';
import { figure, median, print } from './report.ts';

const LATENCY = 50;
const RECORDS = 100e6;
const DERIVATIONS = 10;
/** Of the catalogue whose records are whole. */
const WHOLE_EVENTS = 250_000;
const SINGLE = 15;
const MANY = 1000;
const REPEATS = 3;

interface Measured {
  seconds: number[];
  requests: number[];
  bytes: number[];
  hits: number[];
}

/** What is picked from first, on this machine, so that the thread has loaded what it needs: no part that the pick needs. */
const OTHER: PickOptions = { dataType: 'DAOD_EGAM7' };

/** Numbers of events that are in the run, in no order. */
function someEvents({ options }: BenchCatalogue, count: number, seed: number): bigint[] {
  const run = planCatalogue(options).datasets[0]!.stream.run;
  const collisions = new Collisions(options.seed, run);
  return Array.from(
    { length: count },
    (_, k) => run.firstEvent + BigInt(collisions.numberOffset(hash32(seed, k) % run.events)),
  );
}

/** Picks in a catalogue on a server, each time other events; threads are up, and the manifest is there. */
async function measure(
  catalogue: BenchCatalogue,
  options: PickOptions,
  warm: PickOptions,
  sets: readonly bigint[][],
): Promise<Measured & { opening: { requests: number; bytes: number; seconds: number } }> {
  const server = await startFaultyServer(catalogue.folder, { latency: LATENCY });
  const measured: Measured = { seconds: [], requests: [], bytes: [], hits: [] };
  const sent = (from: number) => server.requests.slice(from).reduce((sum, request) => sum + request.sent, 0);
  let opening = { requests: 0, bytes: 0, seconds: 0 };
  for (const events of sets) {
    const threads = nodeCatalogueThreads({ workers: 1 });
    await openCatalogue(catalogue.folder, threads);
    const from = server.requests.length;
    let begin = performance.now();
    const open = await openCatalogue(server.origin, threads);
    opening = {
      requests: server.requests.length - from,
      bytes: sent(from),
      seconds: (performance.now() - begin) / 1000,
    };
    const request = (numbers: readonly bigint[], where: PickOptions) => ({
      events: eventSet(catalogue.options.runNumbers[0]!, BigUint64Array.from(numbers)),
      ...where,
    });
    await pickEvents({ ...open, folder: `${catalogue.folder}/` }, request(events.slice(0, 1), warm));
    const before = server.requests.length;
    begin = performance.now();
    const { hitEvent, missing } = await pickEvents(open, request(events, options));
    measured.seconds.push((performance.now() - begin) / 1000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    measured.requests.push(server.requests.length - before);
    measured.bytes.push(sent(before));
    measured.hits.push(hitEvent.length);
    if (missing.length > 0) throw new Error(`${missing.length} events that are in the run were not found`);
    open.close();
  }
  await server.close();
  return { ...measured, opening };
}

interface PeerInput {
  /** Of `records`, on this machine. */
  local: string[];
  /** Of the same, on the server. */
  remote: string[];
  /** The one object of them that holds the event. */
  only: string;
  event: string;
  many: string[];
  repeats: number;
}

/** What DuckDB takes for the records of the same data. */
async function peer(catalogue: BenchCatalogue, dstypeid: number, one: bigint, many: readonly bigint[]) {
  const manifest = JSON.parse(readFileSync(join(catalogue.folder, 'manifest.json'), 'utf8')) as Manifest;
  const parts = manifest.parts.filter((part) => part.dstypeid === dstypeid);
  const server = await startFaultyServer(catalogue.folder, { latency: LATENCY });
  const holding = parts.find(({ first, last }) => BigInt(first) <= one && one <= BigInt(last))!;
  const input: PeerInput = {
    local: parts.map(({ records }) => join(catalogue.folder, records.path)),
    remote: parts.map(({ records }) => `${server.origin}${records.path}`),
    only: `${server.origin}${holding.records.path}`,
    event: String(one),
    many: many.map(String),
    repeats: REPEATS,
  };
  const [duckdb] = await runPeers('catalogue_pick.py', ['DuckDB'], input);
  await server.close();
  return { duckdb: duckdb!, parts: parts.length };
}

const row = (what: string, how: string, { seconds, requests, bytes, hits }: Measured): string[] => [
  what,
  how,
  figure(median(hits)),
  `${figure(median(requests))} (${figure(Math.max(...requests))})`,
  `${figure(median(bytes) / 1e3)} kB (${figure(Math.max(...bytes) / 1e3)})`,
  `${figure(median(seconds) * 1e3)} ms (${figure(Math.max(...seconds) * 1e3)})`,
];

const light = await benchDerivations(RECORDS, DERIVATIONS);
const whole = await benchCatalogue({ events: WHOLE_EVENTS, derivations: 1, runNumbers: [348_885] });
try {
  const singles = someEvents(light, SINGLE, 1).map((event) => [event]);
  const many = Array.from({ length: REPEATS }, (_, repeat) => someEvents(light, MANY, 10 + repeat));
  const phys = await measure(light, { dataType: 'DAOD_PHYS' }, OTHER, singles);
  const all = await measure(light, { dataType: 'any' }, OTHER, singles);
  const thousand = await measure(light, { dataType: 'DAOD_PHYS' }, OTHER, many);
  const aod = await measure(
    whole,
    { dataType: 'AOD', version: 'f937_m1972' },
    { dataType: 'RAW' },
    someEvents(whole, SINGLE, 2).map((event) => [event]),
  );
  const { duckdb, parts } = await peer(light, dstypeidOf(4, 1), singles[0]![0]!, many[0]!);
  const rows = [
    row('1 event, one of 10 data types', 'Lumiscope, HTTP', phys),
    row('1 event, all 10 data types', 'Lumiscope, HTTP', all),
    row('1,000 events, one of 10 data types', 'Lumiscope, HTTP', thousand),
    row('1 event, AOD with triggers and provenance', 'Lumiscope, HTTP', aod),
  ];
  if (!('absent' in duckdb)) {
    for (const [task, { seconds, counts }] of Object.entries(duckdb.runs)) {
      const [what, how] = task.split(': ') as [string, string];
      const [hits, requests, bytes] = counts[0]!;
      const http = how.includes('HTTP');
      rows.push([
        what,
        `${label(duckdb)}, ${how}`,
        figure(hits!),
        http ? figure(requests!) : '–',
        http ? `${figure(bytes! / 1e3)} kB` : '–',
        `${figure(median(seconds) * 1e3)} ms`,
      ]);
    }
  }
  const { opening } = phys;
  print(
    `Picking out of ${figure(RECORDS / 1e6)} M records, ${LATENCY} ms of latency`,
    ['', '', 'records found', 'requests (most)', 'bytes (most)', 'time (longest)'],
    rows,
    [
      `median (worst) of ${SINGLE} events, of ${REPEATS} lists of ${MANY}; nothing kept from one to the next but the manifest`,
      `opening before that: ${opening.requests} requests, ${figure(opening.bytes / 1e3)} kB, ${figure(opening.seconds * 1e3)} ms`,
      `of the data type: ${figure(parts)} parts; records hold where the event lies, those of the AOD (${figure(WHOLE_EVENTS)} events) all there is`,
      'DuckDB: rows with all columns, as Python objects; over HTTP by Python’s fsspec with one request a read, since httpfs can’t be had offline',
      ...absences([duckdb]),
    ],
  );
} finally {
  light.remove();
  whole.remove();
}
