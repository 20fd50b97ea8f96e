/**
 * Writes the demo's data, `public/demo/lumiscope-demo.parquet`: 300,000 simulated collisions with NanoAOD's names, from
 * a fixed seed. Nothing in it was measured; its metadata says so.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, type ColumnSource, ParquetWriter } from 'hyparquet-writer';
import { COLUMNS, type NumberedEvent } from './demo/columns.ts';
import { record } from './demo/detector.ts';
import { collide } from './demo/processes.ts';
import { Random } from './demo/random.ts';

const OUT = new URL('../public/demo/lumiscope-demo.parquet', import.meta.url);
const SEED = 20120704;
/** A run for each row group, so that a cut on the run number prunes row groups. */
const RUNS = 6;
const EVENTS_PER_RUN = 50_000;
const EVENTS_PER_BLOCK = 500;

const random = new Random(SEED);
const schema: SchemaElement[] = [{ name: 'schema', num_children: COLUMNS.length }, ...COLUMNS.flatMap((c) => c.schema)];
const writer = new ByteWriter();
const file = new ParquetWriter({
  writer,
  schema,
  codec: 'SNAPPY',
  createdBy: 'Lumiscope demo simulation',
  kvMetadata: [
    { key: 'lumiscope.simulated', value: 'true' },
    { key: 'title', value: 'Simulated dimuon demo' },
    {
      key: 'description',
      value:
        'Simulated collisions for the Lumiscope demo: muon pairs of J/ψ, ψ(2S), Υ and Z over a continuum, W, top pairs. ' +
        'Made by scripts/demo-data.ts from a fixed seed; not measured, and in no detector’s proportions.',
    },
  ],
});

for (let run = 1; run <= RUNS; run++) {
  const events = simulateRun(run);
  const columnData = COLUMNS.map(
    ({ name, of }): ColumnSource => ({
      name,
      data: events.map(of),
      // Angles have few thousand values; the writer's own rule asks for a dictionary to save a little more than it does.
      encoding: /^(Muon|Jet|MET)_(eta|phi)$/.test(name) ? 'RLE_DICTIONARY' : undefined,
      columnIndex: true,
      offsetIndex: true,
    }),
  );
  // Small pages, so that each column has several and the page index is of use.
  await file.write({ columnData, rowGroupSize: EVENTS_PER_RUN, pageSize: 1 << 15 });
}
await file.finish();

await mkdir(new URL('.', OUT), { recursive: true });
// In one move: a build that is stopped half-way must not leave half a file that looks up to date.
const temporary = new URL(`${OUT.href}.part`);
await writeFile(temporary, writer.getBytes());
await rename(temporary, OUT);
process.stdout.write(`demo data: ${RUNS * EVENTS_PER_RUN} events, ${(writer.offset / 1e6).toFixed(1)} MB\n`);

/** Event numbers ascend with gaps, as after a trigger, and pass 2^32 in the later runs. */
function simulateRun(run: number): NumberedEvent[] {
  let number = BigInt(run) * 1_000_000_000n;
  return Array.from({ length: EVENTS_PER_RUN }, (_, index) => {
    number += BigInt(1 + Math.floor(random.exponential(40)));
    return {
      ...record(collide(random), random),
      run,
      luminosityBlock: 1 + Math.floor(index / EVENTS_PER_BLOCK),
      event: number,
    };
  });
}
