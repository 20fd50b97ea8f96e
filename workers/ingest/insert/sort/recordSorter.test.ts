import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { seqOf } from '../../../../core/catalogue/eventKey.ts';
import type { RecordBatch } from '../../../../core/catalogue/tables.ts';
import type { ColumnData } from '../../../../core/schema/column.ts';
import { SeqColumn } from '../seqColumn.ts';
import { RecordSorter } from './recordSorter.ts';
import { rowOrder } from './rowOrder.ts';
import { withSpillFolder } from './spillFolder.ts';

const parent = mkdtempSync(join(tmpdir(), 'lumiscope-sorter-'));
afterAll(() => rmSync(parent, { recursive: true }));

const eventNumber = fc.oneof(
  fc.bigInt({ min: 0n, max: 3n }),
  fc.bigInt({ min: 2n ** 32n - 2n, max: 2n ** 32n + 2n }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
);
const keys = fc.array(fc.tuple(eventNumber, fc.integer({ min: -3, max: 3 })), { maxLength: 200 });

it('orders rows by event number, then seq, and leaves those alone that share both', () => {
  fc.assert(
    fc.property(keys, (rows) => {
      const eventno = BigUint64Array.from(rows, ([own]) => own);
      const seq = Int16Array.from(rows, ([, own]) => own);
      const expected = rows
        .map(([event, own], row) => ({ event, own, row }))
        .sort((a, b) => (a.event < b.event ? -1 : a.event > b.event ? 1 : a.own - b.own || a.row - b.row))
        .map(({ row }) => row);
      const isSorted = expected.every((row, k) => row === k);
      expect(rowOrder(eventno, seq)).toEqual(isSorted ? undefined : Uint32Array.from(expected));
    }),
  );
});

it('merges runs in as many passes as memory asks for, in the order in which records came', async () => {
  const rows = 2_000;
  const event = (row: number) => (row * 7919) % 50;
  const batch = (from: number): RecordBatch => {
    const place = Int32Array.from({ length: 40 }, (_, k) => from + k);
    const flat = (type: ColumnData['type'], values: ColumnData['values']): ColumnData => {
      return { type, length: 40, offsets: [], values };
    };
    return {
      rows: 40,
      columns: new Map([
        [
          'eventno',
          flat(
            'uint64',
            BigUint64Array.from(place, (row) => BigInt(event(row))),
          ),
        ],
        ['oid1', flat('uint64', new BigUint64Array(40))],
        ['oid2', flat('uint64', new BigUint64Array(40))],
        [
          'seq',
          flat(
            'int16',
            Int16Array.from(place, (row) => row % 3),
          ),
        ],
        ['source', flat('int32', place)],
      ]),
    };
  };
  const sorted = (memory: number) =>
    withSpillFolder(parent, async (folder) => {
      const sorter = new RecordSorter(folder, memory);
      for (let from = 0; from < rows; from += 40) await sorter.add(batch(from));
      const order: number[] = [];
      for await (const { columns } of sorter.sorted()) order.push(...(columns.get('source')!.values as Int32Array));
      return { order, spilled: sorter.spilled };
    });
  const inMemory = await sorted(1e9);
  const expected = Array.from({ length: rows }, (_, row) => row).sort(
    (a, b) => event(a) - event(b) || (a % 3) - (b % 3) || a - b,
  );
  expect(inMemory).toEqual({ order: expected, spilled: 0 });
  const little = await sorted(1);
  expect(little.order).toEqual(expected);
  // Fifty runs of forty records, two at a time: six passes.
  const one = (await sorted(120_000)).spilled;
  expect(one).toBeGreaterThan(0);
  expect(little.spilled).toBeGreaterThan(5 * one);
  expect(readdirSync(parent)).toEqual([]);
});

it('collects as many records for each run as memory holds, after the first run as well', async () => {
  const rows = 1000;
  const flat = (type: ColumnData['type'], values: ColumnData['values']): ColumnData => {
    return { type, length: rows, offsets: [], values };
  };
  const columns = new Map([
    ['eventno', flat('uint64', new BigUint64Array(rows))],
    ['seq', flat('int16', new Int16Array(rows))],
    ['source', flat('int32', new Int32Array(rows))],
  ]);
  await withSpillFolder(parent, async (folder) => {
    const sorter = new RecordSorter(folder, 1 << 20);
    // 14 bytes a record, of which 0.27 MiB are collected.
    for (let batch = 0; batch < 200; batch++) await sorter.add({ rows, columns });
    expect(readdirSync(folder).length).toBeGreaterThan(3);
    expect(readdirSync(folder).length).toBeLessThan(15);
  });
});

it('removes what killed programs left behind, also where this one has their number', async () => {
  const dead = spawnSync(process.execPath, ['-e', '0']).pid;
  for (const name of [`insert-${process.pid}-before`, `insert-${dead}-x`, `insert-${process.pid}-now`, 'other'])
    mkdirSync(join(parent, name));
  utimesSync(join(parent, `insert-${process.pid}-before`), 1000, 1000);
  const seen = await withSpillFolder(parent, async (own) => readdirSync(parent).filter((name) => !own.endsWith(name)));
  expect(seen).toEqual([`insert-${process.pid}-now`, 'other']);
  for (const name of seen) rmSync(join(parent, name), { recursive: true });
});

it('computes seq as the CRC of each reference', () => {
  const oid = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 33n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
  const guid = { hi: 0x0123456789abcdefn, lo: 0xfedcba9876543210n };
  fc.assert(
    fc.property(fc.array(fc.tuple(oid, oid), { maxLength: 20 }), (oids) => {
      const seq = new SeqColumn('01234567-89AB-CDEF-FEDC-BA9876543210').of(
        BigUint64Array.from(oids, ([oid1]) => oid1),
        BigUint64Array.from(oids, ([, oid2]) => oid2),
      );
      expect([...seq]).toEqual(oids.map(([oid1, oid2]) => seqOf({ guid, oid1, oid2 })));
    }),
  );
});
