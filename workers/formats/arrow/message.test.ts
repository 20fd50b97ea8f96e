import { expect, it } from 'vitest';
import { Table } from './flatbuffer.ts';
import { readBatch } from './message.ts';

/** A record batch that says nothing but its length. */
function headerOf(length: bigint): Table {
  const view = new DataView(new ArrayBuffer(24));
  view.setUint32(0, 12, true);
  for (const [k, entry] of [6, 12, 4].entries()) view.setUint16(4 + 2 * k, entry, true);
  view.setInt32(12, 8, true);
  view.setBigInt64(16, length, true);
  return Table.root(new Uint8Array(view.buffer));
}

it('a batch has no more events than an array can', () => {
  expect(readBatch(headerOf(1000n), 0, 0).length).toBe(1000);
  expect(() => readBatch(headerOf(2n ** 52n), 0, 0)).toThrow(/claims to have 4503599627370496 events/);
});
