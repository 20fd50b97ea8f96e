import { printDataType } from '../../core/catalogue/datasetName.ts';
import type { DatasetFamily, Part } from '../../core/catalogue/manifest.ts';
import { type Family, RECORD_COLUMNS } from '../../core/catalogue/tables.ts';
import { type ColumnData, type ColumnInfo, VALUE_ARRAYS } from '../../core/schema/column.ts';
import type { OpenCatalogue } from '../catalogue/openCatalogue.ts';
import type { SqlDatabase } from './sqlDatabase.ts';
import { TABLE_COLUMNS, type TableName } from './tableColumnsTask.ts';
import type { Column } from './toArrow.ts';

/** Makes the tables of a catalogue known: each is read by the first query that names it. */
export async function provideTables(sql: SqlDatabase, { folder, manifest, threads }: OpenCatalogue): Promise<void> {
  const objects = { ...manifest.tables, stored_overlaps: manifest.overlaps };
  for (const table of Object.keys(TABLE_COLUMNS) as TableName[]) {
    const object = objects[table];
    if (!object) continue;
    const infos = TABLE_COLUMNS[table];
    await sql.provide(table, infos, async (add, signal) => {
      const columns = await threads.run('tableColumns', { folder, object, table }, signal);
      await add(infos.map((info, k) => ({ info, data: columns[k]! })));
    });
  }
}

/** Which event records the table `events` has. */
export interface EventsChoice {
  members: readonly { dspid: number; dstypeid: number }[];
  /** Families of columns beside the location. */
  families: readonly Exclude<Family, 'location'>[];
}

/** How far the table is loaded. */
export interface EventsProgress {
  records: number;
  total: number;
}

/** The columns that say which dataset a record is of. */
const OF_DATASET: readonly ColumnInfo[] = [
  { name: 'dspid', type: 'int32', depth: 0, nullable: false },
  { name: 'dstypeid', type: 'int16', depth: 0, nullable: false },
  { name: 'run_number', type: 'uint32', depth: 0, nullable: false },
  { name: 'stream_name', type: 'string', depth: 0, nullable: false },
  { name: 'data_type', type: 'string', depth: 0, nullable: false },
  { name: 'ami_tag', type: 'string', depth: 0, nullable: false },
];
/** Row groups that are read and handed on at once. */
const GROUPS_AT_ONCE = 48;

/** Records of a choice, and the bytes of all of their columns: the most that reading them fetches. */
export function eventsCost(catalogue: OpenCatalogue, choice: EventsChoice): { records: number; bytes: number } {
  const parts = partsOf(catalogue, choice);
  return {
    records: parts.reduce((sum, { rows }) => sum + rows, 0),
    bytes: parts.reduce((sum, { records, index }) => sum + records.bytes + index.bytes, 0),
  };
}

/** Makes the table `events` known: records of chosen data types of datasets, read by the first query that names it. */
export function provideEvents(
  sql: SqlDatabase,
  catalogue: OpenCatalogue,
  choice: EventsChoice,
  onProgress?: (progress: EventsProgress) => void,
): Promise<void> {
  const { folder, threads } = catalogue;
  const infos = RECORD_COLUMNS.filter(({ family }) => family === 'location' || choice.families.includes(family));
  const columns = infos.map(({ name }) => name);
  const parts = partsOf(catalogue, choice);
  const total = parts.reduce((sum, { rows }) => sum + rows, 0);
  return sql.provide('events', [...OF_DATASET, ...infos], async (add, signal) => {
    let records = 0;
    // The columns are there where there is no record.
    await add([...OF_DATASET, ...infos].map((info) => ({ info, data: noRows(info) })));
    onProgress?.({ records, total });
    for (const part of parts) {
      let groups = 1;
      for (let from = 0; from < groups; from += GROUPS_AT_ONCE) {
        const question = { folder, part, from, count: GROUPS_AT_ONCE, columns };
        const read = await threads.run('recordRows', question, signal);
        const rows = read.columns[0]!.length;
        await add([
          ...datasetColumns(catalogue, part, rows),
          ...infos.map((info, k) => ({ info, data: read.columns[k]! })),
        ]);
        ({ groups } = read);
        records += rows;
        onProgress?.({ records, total });
      }
    }
  });
}

function partsOf({ manifest }: OpenCatalogue, { members }: EventsChoice): Part[] {
  return members.flatMap(({ dspid, dstypeid }) =>
    manifest.parts.filter((part) => part.dspid === dspid && part.dstypeid === dstypeid),
  );
}

/** The same for all records of a part. */
function datasetColumns({ manifest, tables }: OpenCatalogue, { dspid, dstypeid }: Part, rows: number): Column[] {
  const { runNumber, streamName, amiTag } = manifest.families.find((family) => family.dspid === dspid) as DatasetFamily;
  const type = tables.dstypes.find((row) => row.dstypeid === dstypeid);
  const dataType = type ? printDataType({ format: type.format, ...(type.group && { group: type.group }) }) : '';
  const values = [dspid, dstypeid, runNumber, streamName, dataType, amiTag];
  return OF_DATASET.map((info, k) => ({ info, data: repeated(info, values[k]!, rows) }));
}

function repeated({ type }: ColumnInfo, value: string | number, rows: number): ColumnData {
  if (typeof value === 'string') {
    return { type: 'string', length: rows, offsets: [], values: new Uint32Array(rows), dictionary: [value] };
  }
  const values = new VALUE_ARRAYS[type](rows) as Int32Array;
  return { type, length: rows, offsets: [], values: values.fill(value) };
}

function noRows({ type, depth }: ColumnInfo): ColumnData {
  const offsets = Array.from({ length: depth }, () => new Uint32Array(1));
  return { type, length: 0, offsets, values: new VALUE_ARRAYS[type](0), ...(type === 'string' && { dictionary: [] }) };
}
