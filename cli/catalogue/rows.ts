import { type CsvCell, tableCsv } from '../../core/csv.ts';
import { wrongOption } from '../failure.ts';
import { write } from '../resultFile.ts';
import { table } from '../text.ts';
import type { CatalogueValues } from './open.ts';

/** What a cell may hold; undefined and null are missing. */
export type Cell = CsvCell;

/** Rows with named columns, for people and for programs. */
export interface Rows {
  columns: readonly string[];
  rows: Iterable<readonly Cell[]>;
}

export const FORMATS = ['text', 'json', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** What `--format` says. @throws Failure where it is none */
export function formatOf({ format }: Pick<CatalogueValues, 'format'>): Format {
  if ((FORMATS as readonly string[]).includes(format)) return format as Format;
  throw wrongOption(`--format is text, json or csv, not ${format}`);
}

/** Rows as aligned text, as a JSON list of objects, or as CSV (RFC 4180). */
export function printRows(rows: Rows, format: Format): string {
  if (format === 'json') return rowsJson(rows);
  return format === 'csv' ? tableCsv(rows.columns, rows.rows) : rowsText(rows);
}

/** Writes an answer where the person wants it. @throws Failure where the file can't be written */
export async function put(text: string, { output }: Pick<CatalogueValues, 'output'>): Promise<void> {
  if (output === undefined) process.stdout.write(text);
  else await write(output, text);
}

function rowsText({ columns, rows }: Rows): string {
  const cells = [...rows];
  const right = columns.flatMap((_, i) => (cells.length > 0 && cells.every((row) => isNumber(row[i])) ? [i] : []));
  return table([columns, ...cells.map((row) => row.map((cell) => (cell ?? '–').toString()))], right);
}

const isNumber = (cell: Cell) =>
  cell === null || cell === undefined || typeof cell === 'number' || typeof cell === 'bigint';

/** Integers that a double can't hold are strings. */
function rowsJson({ columns, rows }: Rows): string {
  const objects = [...rows].map((row) =>
    JSON.stringify(Object.fromEntries(columns.map((name, i) => [name, jsonCell(row[i])]))),
  );
  return objects.length === 0 ? '[]\n' : `[\n${objects.join(',\n')}\n]\n`;
}

export function jsonCell(cell: Cell): string | number | boolean | null {
  if (typeof cell !== 'bigint') return cell ?? null;
  return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
}
