import { printDatasetName, printDataType } from '../../../core/catalogue/datasetName.ts';
import type { Part } from '../../../core/catalogue/manifest.ts';
import type { ContainerRow, DatasetRow, DstypeRow, FileRow, MenuRow } from '../../../core/catalogue/tables.ts';
import type { Menu } from './menu.ts';
import type { DatasetPlan } from './plan.ts';
import type { FileCounts } from './recordStream.ts';

/** What came of a dataset of the plan. */
export interface DatasetResult {
  parts: Part[];
  /** In the order of their numbers. */
  files: FileCounts[];
  records: number;
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
export function datasetRows(plan: DatasetPlan, result: DatasetResult): DatasetRow[] {
  const files = declaredFiles(plan, result);
  const { family, dstypeid, dataType, smk, state, stateDetails, isOpen, inserted, indexed, parents } = plan;
  return plan.files.tids.map((tid) => {
    const declared = files.filter((file) => file.tid === tid);
    const events = declared.reduce((sum, file) => sum + file.declared, 0);
    return {
      dspid: family.dspid,
      dstypeid,
      tid,
      project: family.project,
      run_number: family.runNumber,
      stream_name: family.streamName,
      prod_step: family.prodStep,
      data_type: printDataType(dataType),
      ami_tag: family.amiTag,
      smk,
      events_rucio: events,
      files_rucio: declared.length,
      bytes: declared.reduce((sum, file) => sum + fileBytes(plan, file), 0),
      state,
      state_details: stateDetails,
      state_time: inserted + 5_400_000,
      inserted,
      source_path: `eventindex/${family.project}/${printDatasetName({ ...family, dataType })}`,
      is_open: isOpen,
      has_raw: parents.some((parent) => parent.dataType.format === 'RAW'),
      has_trigger: smk !== undefined && plan.families.includes('hlt'),
      prov_seen: indexed && plan.families.includes('provenance'),
    };
  });
}

/** The row of `containers`. */
export function containerRow(plan: DatasetPlan, result: DatasetResult): ContainerRow {
  const files = declaredFiles(plan, result);
  return {
    dspid: plan.family.dspid,
    dstypeid: plan.dstypeid,
    name: printDatasetName({ ...plan.family, dataType: plan.dataType }),
    datasets: plan.files.tids.length,
    events_rucio: files.reduce((sum, { declared }) => sum + declared, 0),
    files_rucio: files.length,
    bytes: files.reduce((sum, file) => sum + fileBytes(plan, file), 0),
  };
}

/** Rows of `dsguids`. */
export function fileRows(plan: DatasetPlan, result: DatasetResult): FileRow[] {
  return declaredFiles(plan, result).map((file, number) => ({
    dspid: plan.family.dspid,
    dstypeid: plan.dstypeid,
    file: number,
    tid: file.tid,
    guid_hi: file.guid.hi,
    guid_lo: file.guid.lo,
    events_rucio: file.declared,
    bytes: fileBytes(plan, file),
  }));
}

export function dstypeRows(plans: readonly DatasetPlan[]): DstypeRow[] {
  const types = new Map(plans.map(({ dstypeid, dataType }) => [dstypeid, dataType]));
  return [...types]
    .sort(([a], [b]) => a - b)
    .map(([dstypeid, { format, group = '' }]) => ({ dstypeid, format, group }));
}

/** Rows of `menus`, by level and bit. */
export function menuRows({ smk, kind, l1, hlt }: Menu): MenuRow[] {
  const row = (level: number, bit: number, chain: string, seed: string): MenuRow => ({ smk, level, bit, chain, seed });
  const byBit = <T extends { bit: number }>(chains: readonly T[]) => [...chains].sort((a, b) => a.bit - b.bit);
  return [
    ...byBit(l1).map(({ bit, name }) => row(1, bit, name, '')),
    ...byBit(hlt).map(({ bit, name, seed }) => row(2, bit, name, l1[seed]!.name)),
    ...(kind === 'run1'
      ? byBit(hlt).map(({ bit, name, seed }) => row(3, bit, name.replace(/^EF_/, 'L2_'), l1[seed]!.name))
      : []),
  ];
}

function declaredFiles({ undeclaredFiles }: DatasetPlan, { files }: DatasetResult): FileCounts[] {
  return files.slice(0, files.length - undeclaredFiles);
}

function fileBytes({ dataType }: DatasetPlan, { declared, guid }: FileCounts): number {
  const around = 0.9 + Number(guid.lo & 0xffn) / 1280;
  return Math.round(declared * EVENT_BYTES[dataType.format]! * around);
}
