/** Lists of files that a dataset is declared to have, as people and data management systems write them. */
import * as z from 'zod';
import { LumiscopeError } from '../errors.ts';
import { type Declaration, type DeclaredFile, declarationSchema } from './declaration.ts';

const files = declarationSchema.shape.files;

/**
 * Files with their GUID and events: a JSON list of objects, or CSV whose first line names the columns. GUIDs may be in lower case, or without hyphens, as Rucio prints them.
 * @param name of the list, for errors
 * @throws LumiscopeError `document` with the line or place
 */
export function parseFileList(text: string, name: string): Declaration['files'] {
  const rows = /^\s*[[{]/.test(text) ? fromJson(text, name) : fromCsv(text, name);
  const { success, data, error } = files.safeParse(rows);
  if (success) return data;
  throw wrong(name, z.prettifyError(error).replace(/\s*\n\s*/g, ' '));
}

function fromJson(text: string, name: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value)
      ? value.map((row) => (typeof row?.guid === 'string' ? { ...row, guid: printed(row.guid) } : row))
      : value;
  } catch (error) {
    throw wrong(name, `is no JSON: ${(error as Error).message}`);
  }
}

function fromCsv(text: string, name: string): DeclaredFile[] {
  const lines = text.split(/\r?\n/);
  const columns = cellsOf(lines[0] ?? '').map((column) => column.toLowerCase());
  for (const column of ['guid', 'events'])
    if (!columns.includes(column))
      throw wrong(
        name,
        `its first line has to name the columns guid and events, and may name bytes and name: ${lines[0]!.slice(0, 200)}`,
      );
  return lines.slice(1).flatMap((line, k) => {
    if (line.trim() === '') return [];
    const cells = cellsOf(line);
    const cell = (column: string) => cells[columns.indexOf(column)] || undefined;
    const count = (column: string) => {
      const said = cell(column);
      if (said !== undefined && !/^\d+$/.test(said))
        throw wrong(name, `line ${k + 2}: ${said} is no number of ${column}`);
      return Number(said);
    };
    const [guid, bytes, file] = [cell('guid'), cell('bytes'), cell('name')];
    if (!guid || cell('events') === undefined) throw wrong(name, `line ${k + 2} lacks a GUID or a number of events`);
    return [
      {
        guid: printed(guid),
        events: count('events'),
        ...(bytes !== undefined && { bytes: count('bytes') }),
        ...(file !== undefined && { name: file }),
      },
    ];
  });
}

/** Cells of a line; quotes around one are left out. */
function cellsOf(line: string): string[] {
  return line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

function printed(guid: string): string {
  const hex = guid.trim().toUpperCase();
  return /^[0-9A-F]{32}$/.test(hex) ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : hex;
}

function wrong(name: string, what: string): LumiscopeError {
  return new LumiscopeError('document', `${name}: ${what}`, { place: { file: name } });
}
