import { readFileSync } from 'node:fs';
import { type FileMetaData, parquetMetadata } from 'hyparquet';
import { expect, it } from 'vitest';
import { layOut } from './layout.ts';
import { flattenSchema } from './schema.ts';

const bytes = new Uint8Array(readFileSync(new URL('fixtures/pieces_index.parquet', import.meta.url)));

/** Lays out the metadata of a good file after a change. */
function changed(change: (metadata: FileMetaData) => void): () => void {
  const metadata = parquetMetadata(bytes);
  change(metadata);
  return () => layOut(metadata, flattenSchema(metadata.schema), bytes.length);
}

it('metadata that do not agree with themselves or with the file are damaged', () => {
  const column = (metadata: FileMetaData) => metadata.row_groups[0]!.columns[0]!.meta_data!;
  expect(changed(() => {})).not.toThrow();
  expect(changed((metadata) => column(metadata).num_values++)).toThrow('has 270001 values in a row group of 270000');
  expect(changed((metadata) => (metadata.num_rows = 1n))).toThrow('differ in their number of events');
  expect(changed((metadata) => metadata.row_groups[0]!.columns.pop())).toThrow('another number of columns');
  expect(changed((metadata) => (column(metadata).total_compressed_size = 10n ** 6n))).toThrow(
    'past the end of the file',
  );
  expect(changed((metadata) => (column(metadata).data_page_offset = -5n))).toThrow('a size of -5');
  expect(changed((metadata) => (metadata.row_groups[0]!.num_rows = 2n ** 52n))).toThrow(
    'a row group claims to have 4503599627370496 events',
  );
});

it('a column in another file is not supported', () => {
  const metadata = parquetMetadata(bytes);
  metadata.row_groups[0]!.columns[0]!.file_path = 'part2.parquet';
  const { unsupported, leaves } = layOut(metadata, flattenSchema(metadata.schema), bytes.length);
  expect(unsupported).toEqual([{ name: 'flat', reason: 'it is in another file, part2.parquet' }]);
  expect(leaves.map(({ name }) => name)).not.toContain('flat');
});
