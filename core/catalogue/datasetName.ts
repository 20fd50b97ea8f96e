/**
 * Names of ATLAS datasets: `Project.runNumber.streamName.prodStep.dataType.AMITag[_tidNNNNNN_SS]`; of simulation
 * `Project.datasetNumber.physicsShort.prodStep.dataType.AMITag[_tid…]`. A container has the name without `_tid…`. Raw data as they come from the
 * detector have no AMI tag: `data18_13TeV.00358031.physics_Main.daq.RAW`.
 * @see https://cds.cern.ch/record/1070318 (ATLAS Dataset Nomenclature, ATL-GEN-INT-2007-001)
 */
import { LumiscopeError } from '../errors.ts';

/** What data are: a format, and for derivations the group that they are made for: `AOD`, `DAOD_EGAM7`. */
export interface DataType {
  /** `RAW`, `ESD`, `AOD`, `EVNT`, `HITS`, `DAOD`, … */
  format: string;
  /** `EGAM7`, `PHYS`, …; absent where there is none. */
  group?: string;
}

export interface DatasetName {
  /** `data18_13TeV`, `mc16_13TeV`. */
  project: string;
  /** Run number; of simulation, the dataset number (DSID). */
  runNumber: number;
  /** `physics_Main`; of simulation, the physics short name. */
  streamName: string;
  /** `daq`, `merge`, `recon`, `deriv`, `evgen`, … */
  prodStep: string;
  dataType: DataType;
  /** The AMI tag, that is the versions of what made it: `r13286_p4910`; empty for raw data that nothing has processed. */
  amiTag: string;
  /** The task's `_tidNNNNNN_SS`; absent in the name of a container. */
  tid?: { task: number; sub: number };
}

const FIELD = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
/** A letter and a number for each step; private ones have more letters (`pUM999999`). */
const TAG = /^[a-z][A-Za-z]{0,3}\d+(?:_[a-z][A-Za-z]{0,3}\d+)*$/;
const RUN = /^\d{1,10}$/;

/**
 * Takes a name apart; Rucio's scope in front of it (`data18_13TeV:`) and the slash behind old containers are left out.
 * @throws LumiscopeError `document`, saying which part is wrong
 */
export function parseDatasetName(text: string): DatasetName {
  const wrong = (what: string) =>
    new LumiscopeError('document', `the dataset name ${text} ${what}`, {
      hint: 'a name is Project.runNumber.streamName.prodStep.dataType.AMITag, of a dataset with _tidNNNNNN_SS behind',
    });
  const parts = text
    .trim()
    .replace(/^[^:]*:/, '')
    .replace(/\/$/, '')
    .split('.');
  // Nothing has processed what the detector wrote.
  const isRaw = parts.length === 5 && parts[4]!.startsWith('RAW');
  if (isRaw) parts.push('');
  if (parts.length !== 6) throw wrong(`has ${parts.length} parts, not 6`);
  const [project, run, streamName, prodStep, type, version] = parts as [string, string, string, string, string, string];
  for (const [name, part] of Object.entries({ project, streamName, prodStep })) {
    if (!FIELD.test(part)) throw wrong(`has no good ${name}: ${part || 'nothing'}`);
  }
  if (/^period/.test(run)) throw wrong('is that of the runs of a period, whose containers have a name for each run');
  if (!RUN.test(run) || Number(run) > 0xffff_ffff) throw wrong(`has no good run number: ${run || 'nothing'}`);
  const [, amiTag = '', task, sub] = /^(.*?)(?:_tid(\d{6,10})(?:_(\d{2}))?)?$/.exec(version)!;
  if (!isRaw && !TAG.test(amiTag)) throw wrong(`has no good AMI tag: ${version || 'nothing'}`);
  const dataType = parseDataType(type);
  if (!dataType) throw wrong(`has no good data type: ${type || 'nothing'}`);
  return {
    project,
    runNumber: Number(run),
    streamName,
    prodStep,
    dataType,
    amiTag,
    ...(task !== undefined && { tid: { task: Number(task), sub: Number(sub ?? 0) } }),
  };
}

/** `DAOD_EGAM7` → format and group; undefined where it is neither. */
export function parseDataType(text: string): DataType | undefined {
  const [, format, group] = /^([A-Z][A-Z0-9]*)(?:_([A-Za-z0-9_]+))?$/.exec(text) ?? [];
  return format === undefined ? undefined : { format, ...(group !== undefined && { group }) };
}

export function printDataType({ format, group }: DataType): string {
  return group === undefined ? format : `${format}_${group}`;
}

/** The name as text: run numbers have eight digits for data, at least six for simulation, as ATLAS writes them. */
export function printDatasetName(name: DatasetName): string {
  const { project, runNumber, streamName, prodStep, dataType, amiTag, tid } = name;
  const run = String(runNumber).padStart(project.startsWith('data') ? 8 : 6, '0');
  const task = tid ? `_tid${String(tid.task).padStart(8, '0')}_${String(tid.sub).padStart(2, '0')}` : '';
  const parts = [project, run, streamName, prodStep, printDataType(dataType)];
  return (amiTag === '' ? parts : [...parts, amiTag + task]).join('.');
}

/** The name of the container that holds a dataset. */
export function containerName({ tid, ...name }: DatasetName): string {
  return printDatasetName(name);
}

/** The name of a dataset, with its task where it has one. @param tid `task` × 100 + `sub`, as tables hold it; 0 for none */
export function datasetNameOf(parts: Omit<DatasetName, 'dataType' | 'tid'>, dataType: string, tid: number): string {
  const { project, runNumber, streamName, prodStep, amiTag } = parts;
  return printDatasetName({
    project,
    runNumber,
    streamName,
    prodStep,
    dataType: parseDataType(dataType) ?? { format: dataType },
    amiTag,
    ...(tid > 0 && { tid: { task: Math.floor(tid / 100), sub: tid % 100 } }),
  });
}
