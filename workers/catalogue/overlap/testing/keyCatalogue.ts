import type { Manifest, Part } from '../../../../core/catalogue/manifest.ts';
import { KEY_COLUMNS } from '../../../../core/catalogue/tables.ts';
import { type ColumnData, VALUE_ARRAYS } from '../../../../core/schema/column.ts';
import { ParquetWriter } from '../../../formats/parquet/write/parquetWriter.ts';
import { encodeGroup } from '../../../formats/parquet/write/rowGroup.ts';

/** Columns of the keys of a part; those left out are zeros. */
export interface PartKeys {
  /** Ascending. */
  eventno: BigUint64Array;
  seq?: Int16Array;
  tid?: BigInt64Array;
  file?: Int32Array;
}

/** One data type of a dataset. */
export interface KeysOf {
  dspid: number;
  dstypeid: number;
  runNumber: number;
  parts: PartKeys[];
}

/** The `keys` object of a part, in row groups of so many. */
export async function writeKeys(keys: PartKeys, groupRows: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const sink = { write: async (bytes: Uint8Array) => void pieces.push(bytes) };
  const writer = new ParquetWriter(sink, KEY_COLUMNS, { codec: 'UNCOMPRESSED', createdBy: 'test', metadata: {} });
  const rows = keys.eventno.length;
  for (let from = 0; from < rows; from += groupRows) {
    const to = Math.min(rows, from + groupRows);
    const columns = KEY_COLUMNS.map(({ name, type }): ColumnData => {
      const all = keys[name as keyof PartKeys] ?? new VALUE_ARRAYS[type](rows);
      return { type, length: to - from, offsets: [], values: all.subarray(from, to) as ColumnData['values'] };
    });
    await writer.group(await encodeGroup(KEY_COLUMNS, columns, 'UNCOMPRESSED', { checksums: true }));
  }
  await writer.finish();
  return Buffer.concat(pieces);
}

/** A manifest over keys alone. @param put keeps an object */
export async function keyManifest(
  datasets: readonly KeysOf[],
  put: (path: string, bytes: Uint8Array) => Promise<void> | void,
  groupRows = 65_536,
): Promise<Manifest> {
  const parts: Part[] = [];
  const none = { path: 'none', bytes: 0, sha256: '' };
  for (const { dspid, dstypeid, parts: own } of datasets) {
    for (const keys of own) {
      const { eventno } = keys;
      const rows = eventno.length;
      if (rows === 0) continue;
      const path = `keys-${parts.length}.parquet`;
      const bytes = await writeKeys(keys, groupRows);
      await put(path, bytes);
      parts.push({
        dspid,
        dstypeid,
        rows,
        first: String(eventno[0]),
        last: String(eventno[rows - 1]),
        keys: { path, bytes: bytes.length, sha256: '' },
        records: none,
        index: none,
      });
    }
  }
  const about = { project: 'data18_13TeV', streamName: 'physics_Main', prodStep: 'merge', amiTag: 'f1' };
  const families = new Map(datasets.map(({ dspid, runNumber }) => [dspid, { dspid, runNumber, ...about }]));
  return {
    format: 'lumiscope-catalogue',
    version: 1,
    serial: 1,
    title: 'keys',
    changed: '2026-11-21T00:00:00Z',
    families: [...families.values()],
    parts,
    tables: { datasets: none, containers: none, dstypes: none, dsguids: none, menus: none },
  };
}
