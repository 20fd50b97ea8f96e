/**
 * Keys of derivations of one run, as many records as are asked for: what counting reads of a catalogue, in its own format, written once to a folder and used again. Streams
 * come in groups of five that like the same events; one record in five hundred is there twice; events are spread over two thousand files.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from '../core/catalogue/manifest.ts';
import { RECORDS_OF_PART } from '../core/catalogue/tables.ts';
import { keyManifest, type PartKeys } from '../workers/catalogue/overlap/testing/keyCatalogue.ts';

/** Records of all streams together, and how many event numbers of the run are in some stream. */
const EVENTS_OF_GROUP = 0.35;
const STREAMS_OF_GROUP = 5;
const DUPLICATES = 1 / 500;
const FILES = 2000;
const TID = 12_345_678_00n;
/** Changes with what is written. */
const VERSION = 1;

export interface BenchKeys {
  /** With a slash at its end. */
  folder: string;
  manifest: Manifest;
  records: number;
}

/** @param share of the run's events that a stream has, on average */
export async function benchKeys(streams: number, records: number, share: number): Promise<BenchKeys> {
  const name = `lumiscope-bench-keys-${VERSION}-${streams}x${Math.round(records / 1e6)}M-${share}`;
  const folder = `${join(process.env.LUMISCOPE_BENCH_DATA ?? tmpdir(), name)}/`;
  const path = `${folder}manifest.json`;
  if (!existsSync(path)) {
    const work = `${folder.slice(0, -1)}.part/`;
    mkdirSync(work, { recursive: true });
    process.stderr.write(`writing ${records / 1e6} M keys of ${streams} streams to ${folder}\n`);
    const manifest = await writeAll(streams, records, share, work);
    writeFileSync(`${work}manifest.json`, JSON.stringify(manifest));
    renameSync(work, folder);
  }
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  return { folder, manifest, records: manifest.parts.reduce((sum, { rows }) => sum + rows, 0) };
}

async function writeAll(streams: number, records: number, share: number, folder: string): Promise<Manifest> {
  const events = Math.round(records / streams / share / (1 + DUPLICATES));
  let manifest: Manifest | undefined;
  for (let stream = 0; stream < streams; stream++) {
    for (const part of partsOf(stream, events, share)) {
      const own = await keyManifest([{ dspid: 1, dstypeid: stream, runNumber: 358_031, parts: [part] }], (_, bytes) =>
        writeFileSync(`${folder}keys-${stream}-${manifest?.parts.length ?? 0}.parquet`, bytes),
      );
      const place = `keys-${stream}-${manifest?.parts.length ?? 0}.parquet`;
      const parts = own.parts.map((one) => ({ ...one, keys: { ...one.keys, path: place } }));
      manifest = { ...own, parts: [...(manifest?.parts ?? []), ...parts] };
    }
  }
  return manifest!;
}

/** Events of a run have numbers that rise by one to nine. */
function* partsOf(stream: number, events: number, share: number): Generator<PartKeys> {
  const group = Math.floor(stream / STREAMS_OF_GROUP);
  const own = Math.min(1, share / EVENTS_OF_GROUP) * 2 ** 32;
  const ofGroup = Math.min(1, Math.max(EVENTS_OF_GROUP, share)) * 2 ** 32;
  const room = RECORDS_OF_PART;
  let part = roomFor(room);
  let rows = 0;
  let low = 1;
  let high = 0;
  for (let event = 0; event < events; event++) {
    const step = 1 + (mixed(event, 77) % 9);
    low += step;
    if (low >= 2 ** 32) {
      low -= 2 ** 32;
      high++;
    }
    if (mixed(event, 1000 + group) >= ofGroup || mixed(event, stream) >= own) continue;
    const copies = mixed(event, 5000 + stream) < DUPLICATES * 2 ** 32 ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      part.words[2 * rows] = low;
      part.words[2 * rows + 1] = high;
      part.keys.seq![rows] = mixed(event, 9000 + copy) >>> 17;
      part.keys.file![rows] = mixed(event >>> 4, 300 + copy) % FILES;
      if (++rows < room) continue;
      yield part.keys;
      part = roomFor(room);
      rows = 0;
    }
  }
  const { eventno, seq, file, tid } = part.keys;
  yield {
    eventno: eventno.subarray(0, rows),
    seq: seq!.subarray(0, rows),
    file: file!.subarray(0, rows),
    tid: tid!.subarray(0, rows),
  };
}

function roomFor(rows: number) {
  const eventno = new BigUint64Array(rows);
  const keys: PartKeys = {
    eventno,
    seq: new Int16Array(rows),
    file: new Int32Array(rows),
    tid: new BigInt64Array(rows).fill(TID),
  };
  return { keys, words: new Uint32Array(eventno.buffer) };
}

/** 32 bits of two numbers: murmur3's finalizer. */
function mixed(a: number, b: number): number {
  let hash = Math.imul(a + 1, 0x9e37_79b1) ^ Math.imul(b + 1, 0x85eb_ca77);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
