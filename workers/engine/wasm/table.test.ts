import { expect, test } from 'vitest';
import { compileDocument } from '../../../core/analysis/compile.ts';
import type { AnalysisDocument } from '../../../core/analysis/document.ts';
import { buildSchema } from '../../../core/schema/build.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { flat, strings } from '../testing/data.ts';
import { testedEngine } from '../testing/engines.ts';
import { TABLE_BATCH } from './table.ts';
import { LIST_ITEMS } from './tableList.ts';

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

test('lists of a table, longer than their buffers, are the same from every engine', async () => {
  const counts = Array.from({ length: EVENTS }, (_, event) => event % 4);
  const offsets = new Uint32Array(EVENTS + 1);
  counts.forEach((count, event) => {
    offsets[event + 1] = offsets[event]! + count;
  });
  const pt = Float32Array.from({ length: offsets[EVENTS]! }, (_, item) => (item * 7) % 100);
  const column: ColumnData = { type: 'float32', length: EVENTS, offsets: [offsets], values: pt };
  const schema = buildSchema([{ name: 'Muon_pt', type: 'float32', depth: 1, nullable: false }]);
  const document: AnalysisDocument = {
    lumiscope: 1,
    datasets: [],
    define: [{ name: 'good', expression: 'Muon[Muon.pt > 30]' }],
    select: [{ name: 'one', expression: 'len(good) > 0', enabled: true }],
    histograms: [],
    defaults: {},
  };
  const lists = [
    'Muon.pt > 30',
    'good.pt / good[1].pt',
    '[a.pt + b.pt for a in good for b in good]',
    '[len(good) + 1 for a in good]',
    'good[5:].pt',
  ];
  const { program, errors } = compileDocument(document, schema, undefined, {
    values: ['len(good)'],
    limit: 25_000,
    lists,
  });
  expect(errors).toEqual([]);
  const [reference, wasm] = await Promise.all(
    (['reference', 'wasm'] as const).map(async (name) => {
      const run = (await (await testedEngine(name)).prepare(program!)).start([column]);
      run.run(0, EVENTS);
      const { table: rows } = run.result();
      run.release();
      return rows!;
    }),
  );
  expect(wasm!.lists!.map(({ type, values }) => [type, values.length > LIST_ITEMS])).toEqual([
    ['bool', true],
    ['float64', true],
    ['float64', true],
    ['int64', true],
    ['float64', false],
  ]);
  expect(wasm!.lists![1]!.valid).toContain(0);
  expect(wasm).toEqual(reference);
});
