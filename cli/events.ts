import { parseArgs } from 'node:util';
import { toPlain } from '../core/errors.ts';
import { valueAt } from '../workers/engine/eventRows.ts';
import { eventCsv, eventList, identityOf, type ShownColumn, shownColumns } from '../workers/eventList.ts';
import { createNodeSession } from '../workers/nodeSession.ts';
import { nameOf } from '../workers/schedule/files.ts';
import { CACHE_OPTIONS, cacheOf, openAll } from './cache.ts';
import { readDocument, withFiles } from './documentFile.ts';
import { EXIT, Failure, failureOf, wrongOption } from './failure.ts';
import { write } from './resultFile.ts';

const FORMATS = { text: eventList, csv: eventCsv, json: eventJson };

interface EventsArguments {
  path: string;
  files: string[];
  tokenHosts: string[];
  values: string[];
  limit?: number;
  format: keyof typeof FORMATS;
  output?: string;
  cache: ReturnType<typeof cacheOf>;
}

/** `lumiscope events DOC.yaml`: the events that pass all cuts. */
export async function eventsCommand(args: string[]): Promise<void> {
  const { path, files, tokenHosts, values, limit, format, output, cache } = readArguments(args);
  const file = await readDocument(path);
  const session = createNodeSession({ cache });
  let asked: string[] = [];
  try {
    const { document, addresses } = await withFiles(file, files, session, tokenHosts);
    const opened = await openAll(session, addresses);
    const identity = identityOf(opened.map(({ columns }) => columns));
    asked = [...identity.map(({ column }) => column), ...values];
    const table = await session.events(document, addresses, {
      values: asked,
      ...(limit !== undefined && { limit }),
    });
    const columns = shownColumns(
      table,
      identity,
      addresses.map((set, k) => ({ name: document.datasets[k]!.name, files: set.map(nameOf) })),
    );
    const text = FORMATS[format](
      columns,
      Uint32Array.from({ length: table.rows }, (_, row) => row),
    );
    if (output === undefined) process.stdout.write(text);
    else await write(output, text);
    if (!table.complete) process.stderr.write(`the first ${table.rows} of ${table.passed} events that pass\n`);
  } catch (error) {
    throw wrongValue(error, asked) ?? failureOf(error, file) ?? error;
  } finally {
    session.close();
  }
}

/** An error of one of the values. */
function wrongValue(error: unknown, asked: readonly string[]): Failure | undefined {
  const { message, hint, place } = toPlain(error);
  const [where, k] = place.keys ?? [];
  if (where !== 'values') return undefined;
  return new Failure(EXIT.document, `--values ${asked[Number(k)]}: ${message}${hint ? `\n  ${hint}` : ''}`);
}

function readArguments(args: string[]): EventsArguments {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      file: { type: 'string', multiple: true, default: [] },
      values: { type: 'string', multiple: true, default: [] },
      'token-host': { type: 'string', multiple: true, default: [] },
      ...CACHE_OPTIONS,
      limit: { type: 'string' },
      format: { type: 'string', default: 'text' },
      output: { type: 'string', short: 'o' },
    },
  });
  const [path, ...rest] = positionals;
  const { limit, format } = values;
  if (path === undefined || rest.length > 0) throw wrongOption('events takes one document');
  if (!Object.hasOwn(FORMATS, format)) throw wrongOption(`--format is text, csv or json, not ${format}`);
  if (limit !== undefined && !/^[1-9]\d{0,8}$/.test(limit))
    throw wrongOption(`--limit is a number of events, not ${limit}`);
  return {
    path,
    files: values.file,
    tokenHosts: values['token-host'],
    values: values.values,
    format: format as keyof typeof FORMATS,
    ...(limit !== undefined && { limit: Number(limit) }),
    output: values.output,
    cache: cacheOf(values),
  };
}

/** A list with an object for each event. Integers that a double can't hold are strings; what is missing is null, what is no number too. */
function eventJson(columns: readonly ShownColumn[], order: Uint32Array): string {
  const cell = (value: ReturnType<typeof valueAt>) => {
    if (typeof value !== 'bigint') return value ?? null;
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  };
  const objects = [...order].map((row) =>
    JSON.stringify(Object.fromEntries(columns.map(({ label, column }) => [label, cell(valueAt(column, row))]))),
  );
  return `[\n${objects.join(',\n')}\n]\n`;
}
