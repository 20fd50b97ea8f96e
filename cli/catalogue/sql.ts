import { parseArgs } from 'node:util';
import { namePattern } from '../../core/catalogue/menu.ts';
import { LumiscopeError } from '../../core/errors.ts';
import type { OpenCatalogue } from '../../workers/catalogue/openCatalogue.ts';
import { type EventsChoice, provideEvents, provideTables } from '../../workers/sql/catalogueTables.ts';
import { openSql } from '../../workers/sql/nodeSql.ts';
import { csvOf, jsonOf, textOf, uniqueNames, valueAt, writeParquet } from '../../workers/sql/resultText.ts';
import type { SqlDatabase, SqlResult } from '../../workers/sql/sqlDatabase.ts';
import { EXIT, Failure, wrongOption } from '../failure.ts';
import { OutputFile } from '../outputFile.ts';
import { CATALOGUE_OPTIONS, openForCommand } from './open.ts';
import { formatOf, printRows, put } from './rows.ts';

const HELP_AT = 'lumiscope catalogue sql --help';
const FAMILIES = ['provenance', 'l1', 'hlt'] as const;
/** Rows of an answer, where nothing is said. */
const ROWS = 1_000_000;

/** `lumiscope catalogue sql CATALOGUE 'SELECT …'`: a question to the tables of a catalogue, and to chosen event records. */
export async function sqlCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...CATALOGUE_OPTIONS,
      events: { type: 'string', multiple: true },
      families: { type: 'string', default: FAMILIES.join() },
      limit: { type: 'string', default: String(ROWS) },
    },
  });
  const format = formatOf(values);
  const limit = limitOf(values.limit);
  const families = familiesOf(values.families);
  const [address, text, ...more] = positionals;
  if (!text || more.length > 0) throw wrongOption('which question? One text of SQL, in quotes', HELP_AT);
  const answer = await openForCommand(address, values, async (catalogue) => {
    const sql = await openSql();
    try {
      await provideTables(sql, catalogue);
      if (values.events)
        await provideEvents(sql, catalogue, { members: membersOf(catalogue, values.events), families });
      return await asked(sql, text, limit);
    } finally {
      sql.close();
    }
  });
  if (answer.truncated) process.stderr.write(`lumiscope: the first ${limit} rows; --limit N for more\n`);
  const { columns, rows } = answer;
  if (values.output?.endsWith('.parquet')) {
    const file = await OutputFile.create(values.output);
    try {
      await writeParquet(file, columns, rows);
      await file.finish();
    } finally {
      await file.discard();
    }
  } else if (format === 'text' && !values.output?.endsWith('.csv')) await put(textTable(answer), values);
  else await put([...(format === 'json' ? jsonOf(columns, rows) : csvOf(columns, rows))].join(''), values);
}

/** An error shows the line of the text that it is about. */
async function asked(sql: SqlDatabase, text: string, limit: number): Promise<SqlResult> {
  try {
    return await sql.query(text, { limit });
  } catch (error) {
    const { line, col } = error instanceof LumiscopeError ? error.place : {};
    if (!(error instanceof LumiscopeError) || error.tag !== 'expression') throw error;
    const shown = line && col ? `\n  ${text.split('\n')[line - 1]}\n  ${' '.repeat(col - 1)}^` : '';
    throw new Failure(EXIT.option, `${error.message}${shown}${error.hint ? `\n  ${error.hint}` : ''}`);
  }
}

function textTable({ columns, rows }: SqlResult): string {
  const cells = Array.from({ length: rows }, (_, row) =>
    columns.map(({ data }) => {
      const value = valueAt(data, row);
      return Array.isArray(value) ? textOf(value) : value;
    }),
  );
  return printRows({ columns: uniqueNames(columns), rows: cells }, 'text');
}

/** Containers by their names; patterns with `*` and `?`. */
function membersOf({ tables }: OpenCatalogue, patterns: readonly string[]): EventsChoice['members'] {
  return patterns.flatMap((pattern) => {
    const matches = namePattern(pattern);
    const found = tables.containers.filter(({ name }) => matches(name));
    if (found.length === 0) throw wrongOption(`--events ${pattern}: no container has such a name`, HELP_AT);
    return found.map(({ dspid, dstypeid }) => ({ dspid, dstypeid }));
  });
}

function familiesOf(text: string): (typeof FAMILIES)[number][] {
  return text.split(',').flatMap((name) => {
    if (name === '' || name === 'location') return [];
    const family = FAMILIES.find((known) => known === name);
    if (!family) throw wrongOption(`--families ${name}: there are location, ${FAMILIES.join(', ')}`, HELP_AT);
    return [family];
  });
}

function limitOf(text: string): number {
  if (!/^\d+$/.test(text)) throw wrongOption(`--limit is a number of rows, not ${text}`, HELP_AT);
  return Number(text);
}
