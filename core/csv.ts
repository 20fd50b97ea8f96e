/** A value of a table; undefined and null are an empty cell. */
export type CsvCell = string | number | bigint | boolean | null | undefined;

/** Rows as CSV (RFC 4180, lines end in CR LF), with the names of the columns first. */
export function tableCsv(columns: readonly string[], rows: Iterable<readonly CsvCell[]>): string {
  const lines = [csvLine(columns)];
  for (const row of rows) lines.push(csvLine(row));
  return lines.join('');
}

/** A row as a line, with its end. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** A value as a cell: in quotes where it has to be. */
export function csvCell(cell: CsvCell): string {
  const text = (cell ?? '').toString();
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
