import { expect, test } from 'vitest';
import { compileDocument } from '../../../core/analysis/compile.ts';
import type { AnalysisDocument } from '../../../core/analysis/document.ts';
import { buildSchema } from '../../../core/schema/build.ts';
import { flat, strings } from '../testing/data.ts';
import { testedEngine } from '../testing/engines.ts';
import { TABLE_BATCH } from './table.ts';

const EVENTS = 2 * TABLE_BATCH + 100;

test('a table of more events than its buffer has rows for is the same from every engine', async () => {
  const k = Array.from({ length: EVENTS }, (_, event) => event);
  const columns = [
    flat(
      'uint64',
      k.map((event) => 2n ** 60n + BigInt(event)),
    ),
    flat(
      'float64',
      k.map((event) => (event % 7 === 0 ? undefined : event / 3)),
    ),
    strings(k.map((event) => (event % 5 === 0 ? undefined : `s${event % 3}`))),
  ];
  const names = ['event', 'x', 's'];
  const schema = buildSchema(
    columns.map(({ type, valid }, at) => ({ name: names[at]!, type, depth: 0, nullable: valid !== undefined })),
  );
  const document: AnalysisDocument = {
    lumiscope: 1,
    datasets: [],
    define: [],
    select: [{ name: 'most', expression: 'event % 3 != 1', enabled: true }],
    histograms: [],
    defaults: {},
  };
  const limit = 20_000;
  const table = { values: ['event', 'x', 'event % 2 == 0', 's'], limit };
  const { program } = compileDocument(document, schema, undefined, table);
  const [reference, wasm] = await Promise.all(
    (['reference', 'wasm'] as const).map(async (name) => {
      const prepared = await (await testedEngine(name)).prepare(program!);
      const run = prepared.start(program!.columns.map((column) => columns[names.indexOf(column)]!));
      run.run(0, EVENTS);
      const { table: rows } = run.result();
      run.release();
      return rows!;
    }),
  );
  expect(wasm!.event).toHaveLength(limit);
  expect(wasm!.event.at(-1)).toBeGreaterThan(TABLE_BATCH);
  expect(wasm).toEqual(reference);
});
