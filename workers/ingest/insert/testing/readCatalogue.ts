import { printGuid } from '../../../../core/catalogue/eventKey.ts';
import type { Manifest } from '../../../../core/catalogue/manifest.ts';
import { parseManifest } from '../../../../core/catalogue/manifestSchema.ts';
import { rowsOf } from '../../../../core/catalogue/rows.ts';
import type { MenuRow } from '../../../../core/catalogue/tables.ts';
import type { ColumnData } from '../../../../core/schema/column.ts';
import { MemoryStore } from '../../../catalogue/testing/memoryCatalogue.ts';
import { openParquet } from '../../../formats/parquet/openParquet.ts';
import { bytesSource } from '../../../io/bytesSource.ts';
import type { PlainRecord } from './stagedDataset.ts';

/** What a store in memory holds of a catalogue, in the folder `catalogue`. */
export function catalogueOf(contents: ReadonlyMap<string, Uint8Array>): { store: MemoryStore; manifest: Manifest } {
  const store = new MemoryStore();
  for (const [path, bytes] of contents)
    if (path.startsWith('catalogue/')) store.objects.set(path.slice('catalogue/'.length), bytes);
  const text = new TextDecoder().decode(store.objects.get('manifest.json'));
  return { store, manifest: parseManifest(text, 'manifest.json') };
}

/** All columns of an object, as rows. */
export async function rowsOfObject<T>(store: MemoryStore, path: string): Promise<T[]> {
  return rowsOf<T>(await columnsOfObject(store, path));
}

async function columnsOfObject(store: MemoryStore, path: string): Promise<Map<string, ColumnData>> {
  const source = bytesSource(path, store.objects.get(path)!);
  const address = { kind: 'url', url: path } as const;
  const file = await openParquet(source, { address, size: source.size, etag: undefined });
  const names = file.summary.columns.map(({ name }) => name);
  const chunks = await Promise.all(file.summary.chunks.map((_, chunk) => file.readChunk(chunk, names)));
  return new Map(names.map((name, k) => [name, joined(chunks.map((columns) => columns[k]!))]));
}

/** For tests alone: values of any type one after the other. */
function joined(chunks: readonly ColumnData[]): ColumnData {
  const [first] = chunks;
  if (!first || chunks.length === 1)
    return first ?? { type: 'int32', length: 0, offsets: [], values: new Int32Array() };
  const rows = chunks.flatMap((chunk) => Array.from({ length: chunk.length }, (_, row) => cellsOf(chunk, row)));
  const values = rows.flat();
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach((cells, row) => {
    offsets[row + 1] = offsets[row]! + cells.length;
  });
  const { type } = first;
  return {
    type,
    length: rows.length,
    offsets: first.offsets.length > 0 ? [offsets] : [],
    values: values.map((cell) => cell ?? 0) as never,
    valid: Uint8Array.from(values, (cell) => Number(cell !== undefined)),
  };
}

function cellsOf({ offsets, values, valid }: ColumnData, row: number): unknown[] {
  const [from, to] = offsets[0] ? [offsets[0][row]!, offsets[0][row + 1]!] : [row, row + 1];
  return Array.from({ length: to - from }, (_, k) => (valid?.[from + k] === 0 ? undefined : values[from + k]));
}

/** The records of all parts, in their order, with names for the numbers that the catalogue gave: as `stageDataset` makes them. */
export async function recordsOfCatalogue(
  contents: ReadonlyMap<string, Uint8Array>,
  smkIsGiven: boolean,
): Promise<PlainRecord[]> {
  const { store, manifest } = catalogueOf(contents);
  const dstypes = await rowsOfObject<{ dstypeid: number; format: string; group: string }>(
    store,
    manifest.tables.dstypes.path,
  );
  const types = new Map(
    dstypes.map(({ dstypeid, format, group }) => [dstypeid, group ? `${format}_${group}` : format]),
  );
  const menus = await rowsOfObject<MenuRow>(store, manifest.tables.menus.path);
  const chains = new Map(menus.map(({ level, bit, chain }) => [`${level}/${bit}`, chain]));
  const nameOf = (name: string, value: unknown) => {
    if (name === 'prov_dstypeid') return types.get(value as number);
    const level = /^(tbp|tap|tav)$/.test(name) ? 1 : /^l?(ph|pt|rs)$/.test(name) ? 2 : undefined;
    return level === undefined || smkIsGiven ? value : chains.get(`${level}/${value}`);
  };
  const records: PlainRecord[] = [];
  for (const part of manifest.parts) {
    const columns = await columnsOfObject(store, part.records.path);
    for (let row = 0; row < part.rows; row++) {
      const record: PlainRecord = {};
      for (const [name, column] of columns) {
        const cells = cellsOf(column, row).map((value) => (value === undefined ? value : nameOf(name, value)));
        record[name === 'prov_dstypeid' ? 'prov_type' : name] = column.offsets[0] ? cells : cells[0];
      }
      record.guid = printGuid({ hi: record.guid_hi as bigint, lo: record.guid_lo as bigint });
      for (const name of ['guid_hi', 'guid_lo', 'tid', 'file']) delete record[name];
      records.push(record);
    }
  }
  return records;
}
