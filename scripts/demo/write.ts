import { mkdir, rename, writeFile } from 'node:fs/promises';
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, type ColumnSource, ParquetWriter } from 'hyparquet-writer';
import type { DemoColumn, NumberedEvent } from './columns.ts';

/** A file of simulated events. */
export interface DemoFile {
  /** In `public/demo/`. */
  name: string;
  title: string;
  description: string;
  columns: DemoColumn[];
  /** One row group each. */
  groups: Iterable<NumberedEvent[]>;
}

const FOLDER = new URL('../../public/demo/', import.meta.url);

/** Writes a file as Parquet. Its metadata say that nothing in it was measured. */
export async function writeEvents({ name, title, description, columns, groups }: DemoFile): Promise<void> {
  const schema: SchemaElement[] = [
    { name: 'schema', num_children: columns.length },
    ...columns.flatMap((c) => c.schema),
  ];
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    schema,
    codec: 'SNAPPY',
    createdBy: 'Lumiscope demo simulation',
    kvMetadata: [
      { key: 'lumiscope.simulated', value: 'true' },
      { key: 'title', value: title },
      { key: 'description', value: description },
    ],
  });
  let count = 0;
  for (const events of groups) {
    count += events.length;
    const columnData = columns.map(
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
    await file.write({ columnData, rowGroupSize: events.length, pageSize: 1 << 15 });
  }
  await file.finish();

  await mkdir(FOLDER, { recursive: true });
  // In one move: a build that is stopped half-way must not leave half a file that looks up to date.
  const temporary = new URL(`${name}.part`, FOLDER);
  await writeFile(temporary, writer.getBytes());
  await rename(temporary, new URL(name, FOLDER));
  process.stdout.write(`demo data: ${name}, ${count} events, ${(writer.offset / 1e6).toFixed(1)} MB\n`);
}
