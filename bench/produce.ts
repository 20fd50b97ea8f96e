/**
 * Producing: event headers of a NanoAOD-like Parquet file into a staged object. Its columns of triggers are those of a real file, and fire in each event as often as in that file's 40, chosen one by one.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDatasetTemplate } from '../core/ingest/datasetTemplate.ts';
import type { ColumnData, ColumnInfo, ValueType } from '../core/schema/column.ts';
import { catalogueWriter, joined } from '../workers/catalogue/write/tableWriter.ts';
import { openEventFile } from '../workers/formats/open.ts';
import { encodeGroup } from '../workers/formats/parquet/write/rowGroup.ts';
import { openEvents } from '../workers/ingest/produce/eventSource.ts';
import { readStaged } from '../workers/ingest/produce/stagedObject.ts';
import { stageJob } from '../workers/ingest/produce/stageJob.ts';
import { openSourceInNode } from '../workers/io/nodeFile.ts';
import { sharedData } from '../workers/testing/sharedData.ts';
import { figure, median, print } from './report.ts';

const EVENTS = 200_000;
const ROWS_OF_GROUP = 50_000;
const REPEATS = 3;
/** How often a column is taken to fire that did not in the real file. */
const RARE = 0.0005;

const real = sharedData('nano_dimuon.parquet');
if (!real) {
  process.stdout.write('producing: skipped, ../shared/data/nano_dimuon.parquet is not here\n');
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), 'lumiscope-bench-produce-'));
try {
  const path = join(folder, 'nano.parquet');
  writeFileSync(path, await nanoFile(await chainsOf(real)));
  const template = parseDatasetTemplate('data18_13TeV.315267.DoubleMuon.merge.NTUP_NANO.f1');
  const inputs = { address: { kind: 'path', path } as const };
  const produced: number[] = [];
  const read: number[] = [];
  let bytes = 0;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    let began = performance.now();
    const opened = await openEvents(inputs);
    const [job] = await stageJob([opened], template);
    produced.push((performance.now() - began) / 1000);
    bytes = job!.bytes.length;
    began = performance.now();
    for await (const _ of (await readStaged(job!.bytes)).read(0));
    read.push((performance.now() - began) / 1000);
  }
  print(
    'Producing: event headers of NanoAOD, one core',
    ['', 'events/s', 'bytes an event'],
    [
      ['file to staged object', figure(EVENTS / median(produced)), figure(bytes / EVENTS)],
      ['staged object, read and checked', figure(EVENTS / median(read)), ''],
    ],
    [
      `${figure(EVENTS)} events with 664 columns HLT_* and 524 L1_*; published of the EventIndex: about 120 B staged an event`,
    ],
  );
} finally {
  rmSync(folder, { recursive: true });
}

/** Columns of triggers of a file, with the share of events in which each fires. */
async function chainsOf(path: string): Promise<Map<string, number>> {
  const address = { kind: 'path', path } as const;
  const { source, file } = await openSourceInNode(address, { counter: { bytes: 0, requests: 0 } });
  const opened = await openEventFile(source, file);
  const names = opened.summary.columns.flatMap(({ name, type }) =>
    type === 'bool' && /^(HLT|L1)_/.test(name) ? [name] : [],
  );
  const columns = await opened.readChunk(0, names);
  return new Map(
    names.map((name, k) => {
      const values = columns[k]!.values as Uint8Array;
      return [name, Math.max(RARE, values.reduce((sum, value) => sum + value, 0) / values.length)];
    }),
  );
}

/** Events in the order in which they were taken, about, a luminosity block for each 2,000. */
async function nanoFile(chains: ReadonlyMap<string, number>): Promise<Uint8Array> {
  const infos: ColumnInfo[] = [];
  const column = (name: string, type: ValueType, values: ColumnData['values']): ColumnData => {
    if (!infos.some((info) => info.name === name)) infos.push({ name, type, depth: 0, nullable: false });
    return { type, length: values.length, offsets: [], values };
  };
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const parts: Uint8Array[] = [];
  const groups = [];
  for (let from = 0; from < EVENTS; from += ROWS_OF_GROUP) {
    const rows = Math.min(ROWS_OF_GROUP, EVENTS - from);
    const index = Array.from({ length: rows }, (_, i) => from + i);
    const columns = [
      column('run', 'uint32', new Uint32Array(rows).fill(315_267)),
      column(
        'luminosityBlock',
        'uint32',
        Uint32Array.from(index, (i) => 1 + Math.floor(i / 2000)),
      ),
      column(
        'event',
        'uint64',
        BigUint64Array.from(index, (i) => BigInt(200_000_000 + 7 * i + Math.floor(random() * 20_000))),
      ),
      ...[...chains].map(([name, share]) =>
        column(
          name,
          'bool',
          Uint8Array.from(index, () => Number(random() < share)),
        ),
      ),
    ];
    groups.push(await encodeGroup(infos, columns, 'SNAPPY'));
  }
  const writer = catalogueWriter(parts, infos, 'SNAPPY');
  for (const group of groups) await writer.group(group);
  await writer.finish();
  return joined(parts);
}
