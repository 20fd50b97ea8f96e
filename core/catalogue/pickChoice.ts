/** Which data are looked into for an event: by the manifest alone. */
import { LumiscopeError } from '../errors.ts';
import { compareAmiTags } from './find.ts';
import type { DatasetFamily, Manifest, Part } from './manifest.ts';
import { namePattern } from './menu.ts';
import type { StreamMember } from './stream.ts';

/** What a person says of the data that are to be looked into. Names, or patterns with `*` and `?`; `any` for all there are. */
export interface PickOptions {
  /** `AOD`, `DAOD_PHYS`, `DAOD_*`. Without it: of each stream AOD, or what comes nearest to it; for what that lacks, what is nearest to RAW. */
  dataType?: string | undefined;
  /** AMI tag. Without it: of each stream and data type the newest one. */
  version?: string | undefined;
  stream?: string | undefined;
  prodStep?: string | undefined;
  project?: string | undefined;
}

/** A data type of a dataset, with its parts. */
export interface Searched extends StreamMember {
  family: DatasetFamily;
  dataType: string;
  rows: number;
  parts: Part[];
}

/** From what the detector or the generator wrote to what is made for an analysis. */
const FROM_RAW = ['RAW', 'EVNT', 'DRAW', 'HITS', 'RDO', 'ESD', 'DESD', 'AOD'];

/**
 * What a run's events are looked for in, in rounds: an event that one of them finds is no longer looked for in the next ones. Where the data type is left open, it is AOD first,
 * since its records tell of the trigger and of RAW, then what is nearest to RAW; stream by stream, those with many records first. Otherwise there is one round.
 */
export function chooseSearched(run: readonly Searched[], options: PickOptions): Searched[][] {
  const fitting = run.filter(optionMatcher(options));
  const streams = groups(fitting, ({ family }) => `${family.project}.${family.streamName}`);
  const versions = (type: Searched[]) => (options.version === undefined ? newest(type) : mostOfEach(type));
  if (options.dataType !== undefined) {
    const all = streams.flatMap((stream) => groups(stream, (one) => one.dataType).flatMap(versions));
    return all.length > 0 ? [all] : [];
  }
  const first = streams.flatMap((stream) => versions(nearest(stream, distanceFromAod)));
  const last = streams.flatMap((stream) => versions(nearest(stream, distanceFromRaw)));
  return [...roundsOf(first), ...roundsOf(last.filter((one) => !first.includes(one)))];
}

/** An event to try a pick with: the first one of what is looked into first in the run with most records; undefined where the catalogue has none. */
export function exampleEvent(runs: Iterable<readonly Searched[]>): { runNumber: number; event: bigint } | undefined {
  const records = (run: readonly Searched[]) => run.reduce((sum, { rows }) => sum + rows, 0);
  const [run] = [...runs].sort((a, b) => records(b) - records(a));
  const [first] = (run && chooseSearched(run, {})[0]) ?? [];
  return first && { runNumber: first.family.runNumber, event: BigInt(first.parts[0]!.first) };
}

/** A round for each stream. */
function roundsOf(all: readonly Searched[]): Searched[][] {
  const streams = groups(all, ({ family }) => `${family.project}.${family.streamName}`);
  const rows = (round: readonly Searched[]) => Math.max(...round.map((one) => one.rows));
  return streams.sort((a, b) => rows(b) - rows(a) || a[0]!.dspid - b[0]!.dspid);
}

function optionMatcher({ dataType, version, stream, prodStep, project }: PickOptions): (one: Searched) => boolean {
  const test = (pattern: string | undefined) =>
    pattern === undefined || pattern === 'any' ? () => true : namePattern(pattern);
  const [ofType, ofVersion, ofStream, ofStep, ofProject] = [dataType, version, stream, prodStep, project].map(test);
  return ({ family, dataType: name }) =>
    ofType!(name) &&
    ofVersion!(family.amiTag) &&
    ofStream!(family.streamName) &&
    ofStep!(family.prodStep) &&
    ofProject!(family.project);
}

function groups<T>(all: readonly T[], key: (one: T) => string): T[][] {
  const found = new Map<string, T[]>();
  for (const one of all) {
    const group = found.get(key(one));
    if (group) group.push(one);
    else found.set(key(one), [one]);
  }
  return [...found.values()];
}

/** How far a data type is from RAW: what is not known comes behind AOD, derivations at the end. */
export function distanceFromRaw(dataType: string): number {
  const format = dataType.replace(/_.*$/, '');
  const at = FROM_RAW.indexOf(format);
  if (at >= 0) return at;
  return format.startsWith('DAOD') ? FROM_RAW.length + 1 : FROM_RAW.length;
}

/** AOD, then what is made of it or lies before it: first what has the trigger and the way back to RAW, at the end what has neither. */
function distanceFromAod(dataType: string): number {
  const distance = distanceFromRaw(dataType);
  const aod = FROM_RAW.indexOf('AOD');
  const isBeforeReconstruction = distance < FROM_RAW.indexOf('ESD');
  return isBeforeReconstruction ? FROM_RAW.length + aod - distance : Math.abs(distance - aod);
}

function nearest(all: readonly Searched[], distance: (dataType: string) => number): Searched[] {
  const least = Math.min(...all.map(({ dataType }) => distance(dataType)));
  return all.filter(({ dataType }) => distance(dataType) === least);
}

/** The newest version, and in it the type with most records. */
function newest(all: readonly Searched[]): Searched[] {
  const best = all.reduce<Searched | undefined>(
    (best, one) =>
      !best ||
      compareAmiTags(one.family.amiTag, best.family.amiTag) > 0 ||
      (one.dspid === best.dspid && one.rows > best.rows)
        ? one
        : best,
    undefined,
  );
  return best ? [best] : [];
}

/** Of each dataset the type with most records. */
function mostOfEach(all: readonly Searched[]): Searched[] {
  return groups(all, ({ dspid }) => `${dspid}`).flatMap(newest);
}

/** By run number: what a catalogue holds. @param nameOf text of a data type */
export function searchedByRun(manifest: Manifest, nameOf: (dstypeid: number) => string): Map<number, Searched[]> {
  const families = new Map(manifest.families.map((family) => [family.dspid, family]));
  const members = new Map<string, Searched>();
  for (const part of manifest.parts) {
    const { dspid, dstypeid, rows } = part;
    const key = `${dspid}.${dstypeid}`;
    const member = members.get(key);
    if (member) {
      member.rows += rows;
      member.parts.push(part);
      continue;
    }
    const family = families.get(dspid);
    if (!family)
      throw new LumiscopeError('format', `the manifest names no dataset ${dspid}, and has parts of it`, {
        place: { file: part.records.path },
      });
    members.set(key, { dspid, dstypeid, family, dataType: nameOf(dstypeid), rows, parts: [part] });
  }
  const runs = new Map<number, Searched[]>();
  for (const member of members.values()) {
    if (member.rows === 0) continue;
    const { runNumber } = member.family;
    const run = runs.get(runNumber);
    if (run) run.push(member);
    else runs.set(runNumber, [member]);
  }
  return runs;
}
