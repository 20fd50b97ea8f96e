import { parseArgs } from 'node:util';
import { buildSchema } from '../core/schema/build.ts';
import type { ColumnInfo } from '../core/schema/column.ts';
import type { FileSummary } from '../workers/formats/eventFile.ts';
import { createNodeSession } from '../workers/nodeSession.ts';
import { addressesOf } from './addresses.ts';
import { CACHE_OPTIONS, cacheOf, openAll } from './cache.ts';
import { failureOf, wrongOption } from './failure.ts';
import { formatBytes, table } from './text.ts';

/** `lumiscope inspect PATH_OR_URL`: what a file holds, and what each column costs. */
export async function inspectCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...CACHE_OPTIONS,
      json: { type: 'boolean', default: false },
      tree: { type: 'string' },
      'token-host': { type: 'string', multiple: true, default: [] },
    },
  });
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0) throw wrongOption('inspect takes one file or URL');
  const session = createNodeSession({ workers: 1, cache: cacheOf(values) });
  try {
    const named = { file: name, folder: process.cwd(), trusted: true };
    const [address, ...others] = (await addressesOf([[named]], session, values['token-host'])).flat();
    if (others.length > 0) throw wrongOption(`${name} matches ${others.length + 1} files: inspect takes one`);
    const { tree } = values;
    const [summary] = await openAll(session, [[{ ...address!, ...(tree !== undefined && { tree }) }]]);
    const contents = contentsOf(name, summary!);
    process.stdout.write(values.json ? `${JSON.stringify(contents, null, 2)}\n` : toText(contents));
  } catch (error) {
    throw failureOf(error) ?? error;
  } finally {
    session.close();
  }
}

interface Member {
  name: string;
  column: string;
  unit?: string;
}

interface Contents {
  file: string;
  format: string;
  /** Of a ROOT file: all in it, and which one the rest is about. */
  trees?: FileSummary['trees'];
  bytes: number;
  events: number;
  chunks: { begin: number; end: number; bytes: number }[];
  collections: { name: string; count?: string; fields: Member[]; references: (Member & { target: string })[] }[];
  records: { name: string; fields: Member[] }[];
  columns: (ColumnInfo & { bytes: number })[];
  unsupported: FileSummary['unsupported'];
  metadata: Record<string, string>;
}

function contentsOf(file: string, summary: FileSummary): Contents {
  const { columns, chunks, columnBytes } = summary;
  const schema = buildSchema(columns);
  const bytesOf = (wanted: (column: number, chunk: number) => boolean) =>
    columnBytes.reduce(
      (sum, bytes, at) => sum + (wanted(Math.floor(at / chunks.length), at % chunks.length) ? bytes : 0),
      0,
    );
  const member = ({ name, column, unit }: { name: string; column: ColumnInfo; unit?: string }) => ({
    name,
    column: column.name,
    unit,
  });
  return {
    file,
    format: summary.format,
    ...(summary.trees && { trees: summary.trees }),
    bytes: summary.file.size,
    events: summary.events,
    chunks: chunks.map((chunk, index) => ({ ...chunk, bytes: bytesOf((_, at) => at === index) })),
    collections: [...schema.collections.values()].map(({ name, count, fields, references }) => ({
      name,
      count: count?.name,
      fields: fields.map(member),
      references: references.map((reference) => ({ ...member(reference), target: reference.target })),
    })),
    records: [...schema.records.values()].map(({ name, fields }) => ({ name, fields: fields.map(member) })),
    columns: columns.map((column, index) => ({ ...column, bytes: bytesOf((at) => at === index) })),
    unsupported: summary.unsupported,
    metadata: summary.metadata,
  };
}

function toText(contents: Contents): string {
  const { file, format, trees, bytes, events, chunks, collections, records, columns, unsupported } = contents;
  const groups = [
    ...collections.map(({ name, fields, references }) => [
      `${name}[]`,
      [...fields, ...references].map((one) => one.name).join(' '),
    ]),
    ...records.map(({ name, fields }) => [name, fields.map((one) => one.name).join(' ')]),
  ];
  const rows = columns.map(({ name, type, depth, nullable, bytes: size }) => [
    name,
    `${type}${'[]'.repeat(depth)}${nullable ? '?' : ''}`,
    formatBytes(size),
  ]);
  const parts = [
    `${file}\n${format}, ${formatBytes(bytes)}, ${events.toLocaleString('en')} events in ${chunks.length} ${chunks.length === 1 ? 'chunk' : 'chunks'}\n`,
    trees && trees.all.length > 1
      ? `the tree ${trees.open} of ${trees.all.map(({ name }) => name).join(', ')}: another one by --tree\n`
      : '',
    groups.length > 0 ? `\nCollections and records\n${table(groups)}` : '',
    `\nColumns\n${table(rows, [2])}`,
    unsupported.length > 0 ? `\nNot readable\n${table(unsupported.map(({ name, reason }) => [name, reason]))}` : '',
  ];
  return parts.join('');
}
