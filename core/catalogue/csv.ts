/** A value of a table; undefined is an empty cell. */
export type CsvCell = string | number | bigint | undefined;

/** Rows as CSV (RFC 4180), with the names of the columns first. */
export function tableCsv(columns: readonly string[], rows: Iterable<readonly CsvCell[]>): string {
  const line = (cells: readonly CsvCell[]) => `${cells.map(field).join(',')}\r\n`;
  const lines = [line(columns)];
  for (const row of rows) lines.push(line(row));
  return lines.join('');
}

function field(cell: CsvCell): string {
  const text = cell === undefined ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
