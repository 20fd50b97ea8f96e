import { expect, it } from 'vitest';
import type { ByteSource } from '../../io/byteSource.ts';
import type { Layout } from './layout.ts';
import { readPageBounds } from './pageBounds.ts';

/** In Thrift's compact protocol: lists of null pages, smallest and largest values, and an order; a list of places. */
const NO_PAGES = Uint8Array.of(0x19, 0x01, 0x19, 0x08, 0x19, 0x08, 0x15, 0x00, 0x00, 0x19, 0x0c, 0x00);

it('an index that lists no page for events says nothing about them', async () => {
  const source: ByteSource = {
    url: 'x.parquet',
    size: NO_PAGES.length,
    read: async (offset, length) => NO_PAGES.slice(offset, offset + length),
  } as ByteSource;
  const columns = [{ columnIndex: { offset: 0, bytes: 9 }, offsetIndex: { offset: 9, bytes: 3 } }];
  const layout = {
    leaves: [{ name: 'x', index: 0, depth: 0 }],
    rowGroups: [{ events: 10, columns }],
    pieces: [{ begin: 0, end: 10, rowGroup: 0, from: 0, to: 10 }],
  } as unknown as Layout;
  const schema = [{ name: 'root' }, { name: 'x', type: 'DOUBLE' as const }];
  const known = Float64Array.of(1, 2);
  expect(await readPageBounds(source, schema, layout, 'x', known)).toEqual(known);
});
