import { printDatasetName, printDataType } from '../../../core/catalogue/datasetName.ts';
import type { Part } from '../../../core/catalogue/manifest.ts';
import type { Column } from '../../../core/catalogue/tables.ts';
import { type ColumnData, VALUE_ARRAYS } from '../../../core/schema/column.ts';
import type { Menu } from './menu.ts';
import type { DatasetPlan } from './plan.ts';
import type { FileCounts } from './recordStream.ts';

/** One row of a table, by the names of its columns; what is undefined is missing. */
export type Row = Readonly<Record<string, number | bigint | string | boolean | undefined>>;

/** What came of a dataset of the plan. */
export interface DatasetResult {
  parts: Part[];
  /** In the order of their numbers. */
  files: FileCounts[];
  records: number;
  /** Distinct events; those with more than one record. */
  unique: number;
  duplicated: number;
}

/** Bytes of an event in a file, about. */
const EVENT_BYTES: Readonly<Record<string, number>> = {
  RAW: 1_100_000,
  ESD: 1_600_000,
  AOD: 330_000,
  DAOD: 74_000,
  NTUP: 91_000,
  EVNT: 48_000,
  HITS: 820_000,
};

/** Rows of `datasets`: one for each tid. */
export function datasetRows(plan: DatasetPlan, { files }: DatasetResult): Row[] {
  const { family, dstypeid, dataType, smk, state, stateDetails, isOpen, inserted, indexed, parents } = plan;
  return plan.files.tids.map((tid) => {
    const declared = files.filter((file) => file.tid === tid);
    const events = declared.reduce((sum, file) => sum + file.declared, 0);
    return {
      dspid: family.dspid,
      dstypeid,
      tid: BigInt(tid),
      project: family.project,
      run_number: family.runNumber,
      stream_name: family.streamName,
      prod_step: family.prodStep,
      data_type: printDataType(dataType),
      ami_tag: family.amiTag,
      smk,
      events_rucio: BigInt(events),
      files_rucio: BigInt(declared.length),
      bytes: BigInt(declared.reduce((sum, file) => sum + fileBytes(plan, file), 0)),
      state,
      state_details: stateDetails,
      state_time: BigInt(inserted + 5_400_000),
      inserted: BigInt(inserted),
      source_path: `/eos/atlas/atlascerngroupdisk/eventindex/${family.project}/${printDatasetName({ ...family, dataType })}`,
      is_open: isOpen,
      has_raw: parents.some((parent) => parent.dataType.format === 'RAW'),
      has_trigger: smk !== undefined && plan.families.includes('hlt'),
      prov_seen: indexed && plan.families.includes('provenance'),
    };
  });
}

/** The row of `containers`. */
export function containerRow(plan: DatasetPlan, { files }: DatasetResult): Row {
  return {
    dspid: plan.family.dspid,
    dstypeid: plan.dstypeid,
    name: printDatasetName({ ...plan.family, dataType: plan.dataType }),
    datasets: plan.files.tids.length,
    events_rucio: BigInt(files.reduce((sum, { declared }) => sum + declared, 0)),
    files_rucio: BigInt(files.length),
    bytes: BigInt(files.reduce((sum, file) => sum + fileBytes(plan, file), 0)),
  };
}

/** Rows of `dsguids`. */
export function fileRows(plan: DatasetPlan, { files }: DatasetResult): Row[] {
  return files.map((file, number) => ({
    dspid: plan.family.dspid,
    dstypeid: plan.dstypeid,
    file: number,
    tid: BigInt(file.tid),
    guid_hi: file.guid.hi,
    guid_lo: file.guid.lo,
    events_rucio: BigInt(file.declared),
    bytes: BigInt(fileBytes(plan, file)),
  }));
}

export function dstypeRows(plans: readonly DatasetPlan[]): Row[] {
  const types = new Map(plans.map(({ dstypeid, dataType }) => [dstypeid, dataType]));
  return [...types]
    .sort(([a], [b]) => a - b)
    .map(([dstypeid, { format, group = '' }]) => ({ dstypeid, format, group }));
}

/** Rows of `menus`, by level and bit. */
export function menuRows({ smk, kind, l1, hlt }: Menu): Row[] {
  const row = (level: number, bit: number, chain: string, seed: string): Row => ({ smk, level, bit, chain, seed });
  const byBit = <T extends { bit: number }>(chains: readonly T[]) => [...chains].sort((a, b) => a.bit - b.bit);
  return [
    ...byBit(l1).map(({ bit, name }) => row(1, bit, name, '')),
    ...byBit(hlt).map(({ bit, name, seed }) => row(2, bit, name, l1[seed]!.name)),
    ...(kind === 'run1' ? byBit(hlt).map(({ bit, name, seed }) => row(3, bit, name.replace(/^EF_/, 'L2_'), l1[seed]!.name)) : []),
  ];
}

function fileBytes({ dataType }: DatasetPlan, { declared, guid }: FileCounts): number {
  const around = 0.9 + Number(guid.lo & 0xffn) / 1280;
  return Math.round(declared * EVENT_BYTES[dataType.format]! * around);
}

/** Rows as the columns of a table. */
export function columnsOf(columns: readonly Column[], rows: readonly Row[]): Map<string, ColumnData> {
  return new Map(columns.map((column) => [column.name, columnOf(column, rows)]));
}

function columnOf({ name, type, nullable }: Column, rows: readonly Row[]): ColumnData {
  const { length } = rows;
  const values = new VALUE_ARRAYS[type](length);
  const codes = new Map<string, number>();
  rows.forEach((row, i) => {
    const value = row[name];
    if (value === undefined) return;
    if (typeof value === 'string') {
      if (!codes.has(value)) codes.set(value, codes.size);
      values[i] = codes.get(value)!;
    } else values[i] = (typeof value === 'boolean' ? Number(value) : value) as number;
  });
  return {
    type,
    length,
    offsets: [],
    values,
    ...(type === 'string' && { dictionary: [...codes.keys()] }),
    ...(nullable && { valid: Uint8Array.from(rows, (row) => (row[name] === undefined ? 0 : 1)) }),
  };
}
