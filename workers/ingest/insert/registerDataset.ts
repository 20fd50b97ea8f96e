import {
  containerName,
  type DatasetName,
  parseDatasetName,
  printDataType,
} from '../../../core/catalogue/datasetName.ts';
import { parseGuid, printGuid } from '../../../core/catalogue/eventKey.ts';
import type { DatasetFamily, Ingested, Manifest } from '../../../core/catalogue/manifest.ts';
import type { DatasetRow, FileRow } from '../../../core/catalogue/tables.ts';
import type { Validation } from '../../../core/ingest/validation.ts';
import type { CatalogueStore } from '../../catalogue/write/catalogueStore.ts';
import {
  type CatalogueVersion,
  type ChangeOptions,
  type Changes,
  changeCatalogue,
} from '../../catalogue/write/changeCatalogue.ts';
import { containerOf } from './containerRow.ts';
import { withDataTypes } from './dataTypes.ts';
import { InsertionError } from './insertionError.ts';

/** A dataset's place in the catalogue. */
export interface Place {
  dspid: number;
  dstypeid: number;
  tid: number;
}

/**
 * Where a dataset stands after it was registered. `published`: the catalogue holds this generation. `superseded`: it holds a newer one, or one is under way: what is left of this one is not wanted
 * any more.
 */
export type Registration =
  | {
      state: 'registered';
      place: Place;
      /** Of each reference of the validation. */
      fileNumbers: Int32Array;
    }
  | { state: 'published' | 'superseded'; place: Place };

/**
 * Enters a dataset in the catalogue, as `importing`: its family and data type, its row with what is declared, the sums of its container, and its files, each with a number of the container's. What is there already
 * stays: numbers never change. Readers see no record of it.
 * @param bytesOf of each file of events, by GUID, where that is known
 * @throws LumiscopeError as `changeCatalogue`; InsertionError
 */
export async function registerDataset(
  catalogue: CatalogueStore,
  validation: Validation,
  options: ChangeOptions,
  bytesOf: ReadonlyMap<string, number> = new Map(),
): Promise<Registration> {
  let registration: Registration | undefined;
  await changeCatalogue(catalogue, options, async (version) => {
    const now = (options.now?.() ?? new Date()).getTime();
    const { changes, ...found } = await register(version, validation, now, bytesOf);
    registration = found.registration;
    return changes;
  });
  return registration!;
}

async function register(
  version: CatalogueVersion,
  validation: Validation,
  now: number,
  bytesOf: ReadonlyMap<string, number>,
): Promise<{ registration: Registration; changes?: Changes }> {
  const { manifest } = version;
  const name = parseDatasetName(validation.dataset);
  const { families, dspid } = withFamily(manifest.families, name);
  const dataType = printDataType(name.dataType);
  const dstypes = await version.rows('dstypes');
  const { rows: withType, numbers } = withDataTypes(dstypes, [dataType]);
  const dstypeid = numbers.get(dataType)!;
  const place: Place = { dspid, dstypeid, tid: tidOf(name) };
  const ingested = ingestedAt(manifest, place);
  const { generation } = validation;
  if (ingested && ingested.generation > generation) return { registration: { state: 'superseded', place } };
  if (ingested?.generation === generation && ingested.isPublished)
    return { registration: { state: 'published', place } };
  const datasets = await version.rows('datasets');
  const known = datasets.find((row) => isAt(row, place));
  if (known && !ingested) refuseForeignRecords(manifest, place, validation.dataset);

  const files = await version.files(dspid, dstypeid);
  const { rows: declared, numbers: fileNumbers } = withFiles(files, place, validation, bytesOf);
  const registration: Registration = { state: 'registered', place, fileNumbers };
  const isDone =
    ingested?.generation === generation && known?.state === 'importing' && declared.length === files.length;
  if (isDone) return { registration };

  const row = datasetRow(name, place, validation, declared, known, now);
  const rows = [...datasets.filter((one) => one !== known), row].sort(byPlace);
  return {
    registration,
    changes: {
      families,
      ...(withType.length > dstypes.length && { dstypes: withType }),
      datasets: rows,
      containers: await containersWith(version, rows, place, containerName(name)),
      files: { dspid, dstypeid, rows: declared },
      ingested: withIngested(manifest, { ...place, generation, isPublished: false }),
    },
  };
}

/** Marks a dataset as `failed`, with the reason; one that is published, or of which a newer generation is under way, is left as it is. */
export async function failDataset(
  catalogue: CatalogueStore,
  validation: Validation,
  details: string,
  options: ChangeOptions,
): Promise<void> {
  const registration = await registerDataset(catalogue, validation, options);
  if (registration.state !== 'registered') return;
  const { place } = registration;
  await changeCatalogue(catalogue, options, async (version) => {
    const ingested = ingestedAt(version.manifest, place);
    if (ingested?.generation !== validation.generation || ingested.isPublished) return undefined;
    const now = (options.now?.() ?? new Date()).getTime();
    const failed = { state: 'failed', state_details: details, state_time: now } as const;
    const datasets = await version.rows('datasets');
    return { datasets: datasets.map((row) => (isAt(row, place) ? { ...row, ...failed } : row)) };
  });
}

/** Rows of `containers`, with that of a dataset made anew. */
export async function containersWith(
  version: CatalogueVersion,
  datasets: readonly DatasetRow[],
  { dspid, dstypeid }: Place,
  name: string,
) {
  const own = containerOf(
    name,
    datasets.filter((row) => row.dspid === dspid && row.dstypeid === dstypeid),
  );
  const others = (await version.rows('containers')).filter((row) => row.dspid !== dspid || row.dstypeid !== dstypeid);
  return [...others, own].sort((a, b) => a.dspid - b.dspid || a.dstypeid - b.dstypeid);
}

export function ingestedAt({ ingested = [] }: Manifest, place: Place): Ingested | undefined {
  return ingested.find((one) => isAt(one, place));
}

export function withIngested({ ingested = [] }: Manifest, own: Ingested): Ingested[] {
  return [...ingested.filter((one) => !isAt(one, own)), own].sort(byPlace);
}

export const isAt = (a: Place, b: Place) => a.dspid === b.dspid && a.dstypeid === b.dstypeid && a.tid === b.tid;
const byPlace = (a: Place, b: Place) => a.dspid - b.dspid || a.dstypeid - b.dstypeid || a.tid - b.tid;

function tidOf({ tid }: DatasetName): number {
  return tid ? tid.task * 100 + tid.sub : 0;
}

function withFamily(
  known: readonly DatasetFamily[],
  { project, runNumber, streamName, prodStep, amiTag }: DatasetName,
): { families: DatasetFamily[]; dspid: number } {
  const own = known.find(
    (family) =>
      family.project === project &&
      family.runNumber === runNumber &&
      family.streamName === streamName &&
      family.prodStep === prodStep &&
      family.amiTag === amiTag,
  );
  if (own) return { families: [...known], dspid: own.dspid };
  const dspid = 1 + known.reduce((most, family) => Math.max(most, family.dspid), 0);
  return { families: [...known, { dspid, project, runNumber, streamName, prodStep, amiTag }], dspid };
}

/** Records of a dataset that came into the catalogue in another way can't be told from those of other datasets of its container. */
function refuseForeignRecords({ parts }: Manifest, { dspid, dstypeid }: Place, dataset: string): void {
  if (parts.some((part) => part.dspid === dspid && part.dstypeid === dstypeid && part.tid === undefined))
    throw new InsertionError(undefined, `${dataset} is in the catalogue already, and was not ingested`, {
      hint: 'ingest it into another catalogue',
    });
}

/** The files of the container, with those of the dataset. */
function withFiles(
  known: readonly FileRow[],
  { dspid, dstypeid, tid }: Place,
  { references }: Validation,
  bytesOf: ReadonlyMap<string, number>,
): { rows: FileRow[]; numbers: Int32Array } {
  const rows = new Map(known.map((row) => [row.file, row]));
  const own = new Map(
    known
      .filter((row) => row.tid === tid)
      .map((row) => [printGuid({ hi: row.guid_hi, lo: row.guid_lo }), row.file] as const),
  );
  let next = known.reduce((most, { file }) => Math.max(most, file + 1), 0);
  const numbers = Int32Array.from(references, ({ guid, events }) => {
    const file = own.get(guid) ?? next++;
    const { hi, lo } = parseGuid(guid)!;
    const bytes = bytesOf.get(guid) ?? rows.get(file)?.bytes ?? 0;
    rows.set(file, { dspid, dstypeid, file, tid, guid_hi: hi, guid_lo: lo, events_rucio: events, bytes });
    return file;
  });
  return { rows: [...rows.values()].sort((a, b) => a.file - b.file), numbers };
}

function datasetRow(
  name: DatasetName,
  place: Place,
  { references, open, sourcePath }: Validation,
  files: readonly FileRow[],
  known: DatasetRow | undefined,
  now: number,
): DatasetRow {
  const declared = new Set(references.map(({ guid }) => guid));
  const own = files.filter(
    (row) => row.tid === place.tid && declared.has(printGuid({ hi: row.guid_hi, lo: row.guid_lo })),
  );
  return {
    // What a generation before it was found to hold stands until this one is published.
    has_raw: false,
    has_trigger: false,
    prov_seen: false,
    ...known,
    ...place,
    project: name.project,
    run_number: name.runNumber,
    stream_name: name.streamName,
    prod_step: name.prodStep,
    data_type: printDataType(name.dataType),
    ami_tag: name.amiTag,
    events_rucio: references.reduce((sum, { events }) => sum + events, 0),
    files_rucio: references.length,
    bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
    state: 'importing',
    state_details: '',
    state_time: now,
    inserted: known?.inserted ?? now,
    source_path: sourcePath,
    is_open: open,
  };
}
