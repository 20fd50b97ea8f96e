import { parseArgs } from 'node:util';
import {
  countBy,
  fieldValues,
  findCanonical,
  findContainers,
  findDatasets,
  type Searchable,
} from '../../core/catalogue/find.ts';
import { type FieldValue, parseQuery, type Term } from '../../core/catalogue/query.ts';
import { fieldOf, QUERY_FIELDS } from '../../core/catalogue/queryFields.ts';
import type { ContainerRow, DatasetRow } from '../../core/catalogue/tables.ts';
import { toPlain } from '../../core/errors.ts';
import { EXIT, Failure, wrongOption } from '../failure.ts';
import { CATALOGUE_OPTIONS, openForCommand } from './open.ts';
import { type Cell, formatOf, printRows, put, type Rows } from './rows.ts';

const COUNTS = ['events_rucio', 'events', 'events_uniq', 'events_dup', 'files_rucio', 'files', 'files_dup'];

/** `lumiscope catalogue datasets CATALOGUE [QUERY]`: the datasets that a search finds. */
export function datasetsCommand(args: string[]): Promise<void> {
  return findCommand(args, 'datasets', ['name', 'state', ...COUNTS]);
}

/** `lumiscope catalogue containers CATALOGUE [QUERY]`: the containers that a search finds. */
export function containersCommand(args: string[]): Promise<void> {
  return findCommand(args, 'containers', ['name', 'datasets', ...COUNTS]);
}

async function findCommand(args: string[], kind: 'datasets' | 'containers', usual: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...CATALOGUE_OPTIONS,
      columns: { type: 'string' },
      'count-by': { type: 'string' },
      canonical: { type: 'boolean', default: false },
    },
  });
  const [address, ...words] = positionals;
  const format = formatOf(values);
  const terms = termsOf(words.join(' '));
  const columns = values.columns?.split(',').map(nameOf) ?? usual;
  const counted = values['count-by'] === undefined ? undefined : nameOf(values['count-by']);
  if (values.canonical && kind === 'containers') throw wrongOption('--canonical is of datasets', HELP);
  const text = await openForCommand(address, values, async (catalogue) => {
    const find = kind === 'containers' ? findContainers : values.canonical ? findCanonical : findDatasets;
    const found = find(catalogue, terms);
    const rows = counted === undefined ? rowsOf(catalogue, found, columns) : countsOf(catalogue, found, counted, kind);
    return printRows(rows, format);
  });
  await put(text, values);
}

const HELP = 'lumiscope catalogue --help';

function nameOf(text: string): string {
  const field = fieldOf(text.trim());
  if (field) return field.name;
  throw wrongOption(`there is no field ${text}; fields are ${QUERY_FIELDS.map(({ name }) => name).join(', ')}`, HELP);
}

/** @throws Failure that points at the place of the query */
export function termsOf(query: string): Term[] {
  try {
    return parseQuery(query);
  } catch (error) {
    const { message, hint, place } = toPlain(error);
    const mark = place.col === undefined ? '' : `\n  ${query}\n  ${' '.repeat(place.col - 1)}^`;
    throw new Failure(EXIT.option, `${message}${mark}${hint ? `\n  ${hint}` : ''}`);
  }
}

function rowsOf(catalogue: Searchable, found: readonly (DatasetRow | ContainerRow)[], columns: string[]): Rows {
  const cell = (row: DatasetRow | ContainerRow, name: string) => cellOf(name, fieldValues(catalogue, row, name));
  return { columns, rows: found.map((row) => columns.map((name) => cell(row, name))) };
}

/** Of a container whose datasets differ, all that they have; times in ISO 8601. */
export function cellOf(name: string, values: readonly FieldValue[]): Cell {
  const isTime = fieldOf(name)?.kind === 'time';
  const different = [...new Set(values)].map((value) =>
    isTime && typeof value === 'number' ? new Date(value).toISOString() : value,
  );
  return different.length === 1 ? different[0] : different.join(' ');
}

function countsOf(
  catalogue: Searchable,
  found: readonly (DatasetRow | ContainerRow)[],
  field: string,
  kind: string,
): Rows {
  const counts = countBy(catalogue, found, field);
  return {
    columns: [field, kind, 'events_rucio'],
    rows: counts.map(({ value, rows, events }) => [value, rows, events]),
  };
}
