/**
 * Finding datasets and containers: by any field, with wildcards, ranges and free text (`query.ts` has the language).
 *
 * ```ts
 * findDatasets(catalogue, 'physics_Main type:DAOD_* run:358000-359000 -state:obsolete');
 * findContainers(catalogue, { run_number: 358031, format: 'DAOD' });
 * ```
 */
import { LumiscopeError } from '../errors.ts';
import { datasetNameOf, parseDatasetName, parseDataType } from './datasetName.ts';
import type { Manifest } from './manifest.ts';
import { type FieldValue, parseField, parseQuery, type Term } from './query.ts';
import type { ContainerRow, DatasetRow } from './tables.ts';

/** Of a catalogue, what is searched: an `OpenCatalogue` is one. */
export interface Searchable {
  readonly manifest: Pick<Manifest, 'families'>;
  readonly tables: { readonly datasets: readonly DatasetRow[]; readonly containers: readonly ContainerRow[] };
}

/** A text in the language of searches, terms of it, or what is asked of each field, as a form has it; `text` are words of the name. */
export type Query = string | readonly Term[] | Readonly<Record<string, string | number | boolean | undefined>>;

/** The datasets for which all terms hold, in the order of the table. @throws LumiscopeError `expression` where the query is wrong */
export function findDatasets(catalogue: Searchable, query: Query): DatasetRow[] {
  const terms = termsOf(query);
  return catalogue.tables.datasets.filter((row) =>
    terms.every((term) => term.matches(fieldValue(row, term.field?.name ?? 'name')) !== term.negated),
  );
}

/**
 * The containers for which all terms hold. What is asked of tasks (`tid`, `state`, times, flags, …) holds where it does for any of its datasets.
 * @throws LumiscopeError `expression` where the query is wrong
 */
export function findContainers(catalogue: Searchable, query: Query): ContainerRow[] {
  const terms = termsOf(query);
  return catalogue.tables.containers.filter((row) =>
    terms.every((term) => {
      const values = fieldValues(catalogue, row, term.field?.name ?? 'name');
      return values.some((value) => term.matches(value)) !== term.negated;
    }),
  );
}

/**
 * The canonical datasets of what a query finds: of each project, run, stream, step and data type, those of the newest version (`compareAmiTags`) that has
 * any which can be used. These are its validated ones or, where it has none, those that are imported: never failed or obsolete ones, nor those
 * that are still on their way. A container may have several of them, each with a part of its events.
 * @throws LumiscopeError `expression` where the query is wrong
 */
export function findCanonical(catalogue: Searchable, query: Query): DatasetRow[] {
  const groups = new Map<string, Map<string, DatasetRow[]>>();
  for (const row of findDatasets(catalogue, query)) {
    if (row.state !== 'validated' && row.state !== 'imported') continue;
    const { project, run_number, stream_name, prod_step, data_type } = row;
    const key = [project, run_number, stream_name, prod_step, data_type].join('.');
    const versions = groups.get(key) ?? new Map<string, DatasetRow[]>();
    groups.set(key, versions.set(row.ami_tag, [...(versions.get(row.ami_tag) ?? []), row]));
  }
  return [...groups.values()].flatMap((versions) => {
    const newest = [...versions.keys()].sort(compareAmiTags).at(-1)!;
    const rows = versions.get(newest)!;
    const validated = rows.filter(({ state }) => state === 'validated');
    return validated.length > 0 ? validated : rows;
  });
}

/** Of letters of AMI tags, those that come first: express stream, calibration, first processing at Tier-0, reprocessing. */
const LETTERS = ['x', 'c', 'f', 'r'];

/**
 * Which of two versions is newer: step by step from the first one, a reprocessing (`r13286`) after the first processing (`f1002`), larger numbers after smaller
 * ones, further steps after none. Negative where `a` is older.
 */
export function compareAmiTags(a: string, b: string): number {
  const [left, right] = [a.split('_'), b.split('_')];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = compareSteps(left[i], right[i]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareSteps(a = '', b = ''): number {
  if (a === '' || b === '') return a.length - b.length;
  const [, letterA = '', numberA] = /^(\D*)(\d*)$/.exec(a) ?? [];
  const [, letterB = '', numberB] = /^(\D*)(\d*)$/.exec(b) ?? [];
  if (letterA !== letterB) {
    const order = LETTERS.indexOf(letterA) - LETTERS.indexOf(letterB);
    return order !== 0 ? order : letterA < letterB ? -1 : 1;
  }
  return Number(numberA) - Number(numberB);
}

/** A value, and how many datasets or containers have it. */
export interface FacetCount {
  value: string;
  rows: number;
  /** Declared. */
  events: number;
}

/** Datasets or containers by the value of a field, the most frequent first. A container whose datasets differ counts for each value. */
export function countBy(
  catalogue: Searchable,
  rows: readonly (DatasetRow | ContainerRow)[],
  field: string,
): FacetCount[] {
  const counts = new Map<string, FacetCount>();
  for (const row of rows) {
    for (const value of new Set(fieldValues(catalogue, row, field).map((one) => String(one ?? '')))) {
      const count = counts.get(value) ?? { value, rows: 0, events: 0 };
      count.rows++;
      count.events += row.events_rucio;
      counts.set(value, count);
    }
  }
  return [...counts.values()].sort((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1));
}

/** What all data types of a family have in common, and one data type: which container a dataset is in. */
export function keyOf({ dspid, dstypeid }: { dspid: number; dstypeid: number }): string {
  return `${dspid}:${dstypeid}`;
}

/** The datasets of a container. */
export function datasetsOf(
  catalogue: Searchable,
  container: { dspid: number; dstypeid: number },
): readonly DatasetRow[] {
  return indexOf(catalogue).members.get(keyOf(container)) ?? [];
}

/** The container with a name, which may have Rucio's scope in front of it; or that of the dataset with it. */
export function containerOf(catalogue: Searchable, name: string): ContainerRow | undefined {
  const plain = name
    .trim()
    .replace(/^[^:]*:/, '')
    .replace(/(_tid\d+(_\d+)?)?\/?$/, '');
  return indexOf(catalogue).containers.get(plain);
}

/** The dataset with a name. */
export function datasetOf(catalogue: Searchable, name: string): DatasetRow | undefined {
  const plain = name.trim().replace(/^[^:]*:/, '');
  return catalogue.tables.datasets.find((row) => nameOfDataset(row) === plain);
}

const names = new WeakMap<DatasetRow, string>();

/** The name of a dataset, with its task. */
export function nameOfDataset(row: DatasetRow): string {
  let name = names.get(row);
  if (name === undefined) {
    name = datasetNameOf(
      {
        project: row.project,
        runNumber: row.run_number,
        streamName: row.stream_name,
        prodStep: row.prod_step,
        amiTag: row.ami_tag,
      },
      row.data_type,
      row.tid,
    );
    names.set(row, name);
  }
  return name;
}

/** What a dataset or a container has of a field of the language; of what differs between the datasets of a container, what each has. */
export function fieldValues(catalogue: Searchable, row: DatasetRow | ContainerRow, field: string): FieldValue[] {
  if ('tid' in row) return [fieldValue(row, field)];
  if (field in row || field === 'name' || IN_CONTAINER.has(field))
    return [(row as unknown as Record<string, FieldValue>)[field]];
  const datasets = datasetsOf(catalogue, row);
  if (datasets.length > 0) return datasets.map((dataset) => fieldValue(dataset, field));
  return [valueInName(row.name, field)];
}

function fieldValue(row: DatasetRow, field: string): FieldValue {
  if (field === 'name') return nameOfDataset(row);
  if (field === 'format') return parseDataType(row.data_type)?.format ?? row.data_type;
  if (field === 'group') return parseDataType(row.data_type)?.group ?? '';
  // A dataset counts for one.
  if (field === 'datasets') return 1;
  return (row as unknown as Record<string, FieldValue>)[field];
}

/** Counts, which a container has of its own, also where they are missing. */
const IN_CONTAINER = new Set(['files', 'events', 'events_uniq', 'events_dup', 'files_dup']);

function valueInName(name: string, field: string): FieldValue {
  try {
    const { project, runNumber, streamName, prodStep, dataType, amiTag } = parseDatasetName(name);
    const { format, group = '' } = dataType;
    const parts: Record<string, FieldValue> = {
      project,
      run_number: runNumber,
      stream_name: streamName,
      prod_step: prodStep,
      data_type: group ? `${format}_${group}` : format,
      format,
      group,
      ami_tag: amiTag,
    };
    return parts[field];
  } catch {
    return undefined;
  }
}

function termsOf(query: Query): readonly Term[] {
  if (typeof query === 'string') return parseQuery(query);
  if (Array.isArray(query)) return query;
  const asked = Object.entries(query as Exclude<Query, string | readonly Term[]>).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  return asked.flatMap(([name, value]) => {
    if (name === 'text') return parseQuery(String(value));
    try {
      return [parseField(name, String(value))];
    } catch (error) {
      const { tag, message, hint, place } = error as LumiscopeError;
      throw new LumiscopeError(tag, message, { ...(hint && { hint }), place: { ...place, path: name } });
    }
  });
}

interface Index {
  members: ReadonlyMap<string, DatasetRow[]>;
  containers: ReadonlyMap<string, ContainerRow>;
}

const indices = new WeakMap<object, Index>();

function indexOf({ tables }: Searchable): Index {
  let index = indices.get(tables);
  if (!index) {
    const members = new Map<string, DatasetRow[]>();
    for (const row of tables.datasets) {
      const key = keyOf(row);
      const rows = members.get(key);
      if (rows) rows.push(row);
      else members.set(key, [row]);
    }
    index = { members, containers: new Map(tables.containers.map((row) => [row.name, row])) };
    indices.set(tables, index);
  }
  return index;
}
