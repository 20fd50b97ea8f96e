/**
 * Names of ATLAS datasets: `Project.runNumber.streamName.prodStep.dataType.AMITag[_tidNNNNNN_SS]`; of simulation
 * `Project.datasetNumber.physicsShort.prodStep.dataType.AMITag[_tid…]`. A container has the name without `_tid…`.
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
  /** The AMI tag, that is the versions of what made it: `r13286_p4910`. */
  amiTag: string;
  /** The task's `_tidNNNNNN_SS`; absent in the name of a container. */
  tid?: { task: number; sub: number };
}

const FIELD = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
const TAG = /^[a-z]\d+(?:_[a-z]\d+)*$/;
const RUN = /^\d{1,10}$/;

/** Takes a name apart. @throws LumiscopeError `document`, saying which part is wrong */
export function parseDatasetName(text: string): DatasetName {
  const wrong = (what: string) =>
    new LumiscopeError('document', `the dataset name ${text} ${what}`, {
      hint: 'a name is Project.runNumber.streamName.prodStep.dataType.AMITag, of a dataset with _tidNNNNNN_SS behind',
    });
  const parts = text.split('.');
  if (parts.length !== 6) throw wrong(`has ${parts.length} parts, not 6`);
  const [project, run, streamName, prodStep, type, version] = parts as [string, string, string, string, string, string];
  for (const [name, part] of Object.entries({ project, streamName, prodStep })) {
    if (!FIELD.test(part)) throw wrong(`has no good ${name}: ${part || 'nothing'}`);
  }
  if (!RUN.test(run) || Number(run) > 0xffff_ffff) throw wrong(`has no good run number: ${run || 'nothing'}`);
  const [, amiTag = '', task, sub] = /^(.*?)(?:_tid(\d{6,10})_(\d{2}))?$/.exec(version)!;
  if (!TAG.test(amiTag)) throw wrong(`has no good AMI tag: ${version || 'nothing'}`);
  const dataType = parseDataType(type);
  if (!dataType) throw wrong(`has no good data type: ${type || 'nothing'}`);
  return {
    project,
    runNumber: Number(run),
    streamName,
    prodStep,
    dataType,
    amiTag,
    ...(task !== undefined && { tid: { task: Number(task), sub: Number(sub) } }),
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

/** The name as text: run numbers have eight digits for data, six for simulation, as ATLAS writes them. */
export function printDatasetName(name: DatasetName): string {
  const { project, runNumber, streamName, prodStep, dataType, amiTag, tid } = name;
  const run = String(runNumber).padStart(project.startsWith('mc') ? 6 : 8, '0');
  const task = tid ? `_tid${String(tid.task).padStart(8, '0')}_${String(tid.sub).padStart(2, '0')}` : '';
  return [project, run, streamName, prodStep, printDataType(dataType), amiTag + task].join('.');
}

/** The name of the container that holds a dataset. */
export function containerName({ tid, ...name }: DatasetName): string {
  return printDatasetName(name);
}
