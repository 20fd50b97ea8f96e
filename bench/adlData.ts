/** The real events of the ADL benchmark's sample, repeated in memory: what both engine and peers are timed on. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet';
import type { ColumnData, ColumnInfo, Values, ValueType } from '../core/schema/column.ts';
import { root } from '../scripts/upToDate.ts';

/** 1,000 events; not part of the repository. */
const FILE = join(root, '../shared/data/Run2012B_SingleMu-1000.parquet');

/** Where the sample is, or undefined: a benchmark without data says so and ends well. */
export const adlFile = (): string | undefined => {
  const path = process.env.LUMISCOPE_ADL_FILE ?? FILE;
  return existsSync(path) ? path : undefined;
};

const TYPES: Record<string, ValueType> = { BOOLEAN: 'bool', INT32: 'int32', INT64: 'int64', FLOAT: 'float32' };

const ARRAYS: Record<string, (length: number) => Values> = {
  bool: (length) => new Uint8Array(length),
  int32: (length) => new Int32Array(length),
  int64: (length) => new BigInt64Array(length),
  float32: (length) => new Float32Array(length),
};

/** All columns of the sample. With hyparquet: the benchmark times the engine, not our reader. */
export async function adlColumns(path: string): Promise<ColumnInfo[]> {
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(path));
  return parquetSchema(metadata).children.map((child): ColumnInfo => {
    let leaf = child;
    while (leaf.children[0]) leaf = leaf.children[0];
    return {
      name: child.element.name,
      type: TYPES[leaf.element.type ?? ''] ?? 'float64',
      depth: child.children.length > 0 ? 1 : 0,
      nullable: false,
    };
  });
}

/** Reads columns, `tiles` times one after the other. */
export async function adlTiles(path: string, infos: ColumnInfo[], tiles: number): Promise<Map<string, ColumnData>> {
  const columns = new Map<string, ColumnData>();
  const file = await asyncBufferFromFile(path);
  await parquetRead({
    file,
    columns: infos.map(({ name }) => name),
    onComplete: (rows) => {
      for (const [index, info] of infos.entries()) {
        const cells = (rows as unknown[][]).map((row) => row[index]);
        columns.set(info.name, tile(info, cells, tiles));
      }
    },
  });
  return columns;
}

function tile(info: ColumnInfo, cells: unknown[], tiles: number): ColumnData {
  const flat = info.depth === 0 ? cells : (cells as unknown[][]).flat();
  const once = ARRAYS[info.type]!(flat.length);
  for (const [i, value] of flat.entries()) once[i] = info.type === 'bool' ? Number(value) : (value as number);
  const values = ARRAYS[info.type]!(flat.length * tiles);
  for (let t = 0; t < tiles; t++) values.set(once as never, t * flat.length);
  const length = cells.length * tiles;
  if (info.depth === 0) return { type: info.type, length, offsets: [], values };
  const offsets = new Uint32Array(length + 1);
  for (let i = 0; i < length; i++) offsets[i + 1] = offsets[i]! + (cells[i % cells.length] as unknown[]).length;
  return { type: info.type, length, offsets: [offsets], values };
}
