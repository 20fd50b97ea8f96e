/** Files with different branches: which of them a document can't be run over together, and why. */
import { compileDocument } from '../../core/analysis/compile.ts';
import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { roots } from '../../core/analysis/needed.ts';
import { LumiscopeError } from '../../core/errors.ts';
import { widened } from '../../core/expr/nodes.ts';
import { forEachNode } from '../../core/expr/walk.ts';
import { buildSchema } from '../../core/schema/build.ts';
import type { ColumnInfo } from '../../core/schema/column.ts';
import type { Schema } from '../../core/schema/schema.ts';
import type { SessionFile } from './files.ts';

/** What a column is, as far as files of one data set must agree: integers of any width are one kind. */
type Kind = 'true/false' | 'integer' | 'floating-point number' | 'text';

/**
 * What keeps a document from running over files whose columns differ: a column that it reads is of another kind in one of them, or
 * missing without a default. Undefined where that is not the trouble.
 */
export function branchTrouble(
  document: AnalysisDocument,
  datasets: readonly (readonly SessionFile[])[],
): LumiscopeError | undefined {
  const schemas = new Set(datasets.flat().map(({ schema }) => schema));
  if (schemas.size < 2) return undefined;
  const read = columnsRead(document, schemas);
  for (const files of datasets) {
    const trouble = disagreement(document, files, read);
    if (trouble) return trouble;
  }
  const missing = read.filter(({ name }) => !(name in document.defaults));
  for (const files of datasets) {
    const trouble = absence(files, missing);
    if (trouble) return trouble;
  }
  return undefined;
}

/**
 * Columns that expressions of the document name, were all columns of all files there. Not those of certified runs: each file has
 * its own names for them, and a data set may do without.
 */
function columnsRead({ lumis: _, ...document }: AnalysisDocument, schemas: ReadonlySet<Schema>): ColumnInfo[] {
  const all = new Map<string, ColumnInfo>();
  for (const { columns } of schemas) {
    for (const [name, column] of columns) if (!all.has(name)) all.set(name, column);
  }
  const { program } = compileDocument(document, buildSchema([...all.values()]));
  const read = new Map<string, ColumnInfo>();
  forEachNode(program ? roots(program) : [], (node) => {
    if (node.op === 'column' || node.op === 'field') read.set(node.column, all.get(node.column)!);
  });
  return [...read.values()].filter((column) => column !== undefined);
}

function disagreement(
  document: AnalysisDocument,
  files: readonly SessionFile[],
  read: readonly ColumnInfo[],
): LumiscopeError | undefined {
  for (const { name } of read) {
    let first: { file: SessionFile; column: ColumnInfo } | undefined;
    for (const [schema, file] of firstOfEach(files)) {
      const column = schema.columns.get(name);
      if (!column) continue;
      if (first && wordsOf(column) !== wordsOf(first.column)) {
        const message = `${name} is ${wordsOf(first.column)} in ${first.file.name}, but ${wordsOf(column)} in ${file.name}`;
        const hint = 'put the two into different data sets, or write one of them anew';
        return new LumiscopeError('document', message, { hint, place: { file: file.name, column: name } });
      }
      first ??= { file, column };
    }
    const standIn = document.defaults[name];
    const lacking = first && files.find(({ schema }) => !schema.columns.has(name));
    if (!first || !lacking || standIn === undefined || standsFor(standIn, first.column)) continue;
    const message = `the default of ${name} is ${JSON.stringify(standIn)}, but ${name} is ${wordsOf(first.column)} in ${first.file.name}`;
    return new LumiscopeError('document', message, {
      hint: `a default of the same kind stands in for it in ${lacking.name}, e.g. ${JSON.stringify(plainDefault(first.column))}`,
      place: { path: `defaults.${name}`, keys: ['defaults', name] },
    });
  }
  return undefined;
}

function absence(files: readonly SessionFile[], read: readonly ColumnInfo[]): LumiscopeError | undefined {
  const lacking = [...firstOfEach(files)].flatMap(([schema, file]) => {
    const columns = read.filter(({ name }) => !schema.columns.has(name));
    return columns.length > 0
      ? [{ file, columns, count: files.filter((other) => other.schema === schema).length }]
      : [];
  });
  const [first] = lacking;
  if (!first) return undefined;
  const columns = new Map(lacking.flatMap((one) => one.columns.map((column) => [column.name, column])));
  const count = lacking.reduce((sum, one) => sum + one.count, 0);
  const named = first.columns.map(({ name }) => name).join(', ');
  const others = count > 1 ? ` (${count} of ${files.length} files lack a branch that others have)` : '';
  const lists = [...columns.values()].filter(({ depth }) => depth > 0);
  const lines = [...columns.values()].map((column) => `${column.name}: ${JSON.stringify(plainDefault(column))}`);
  return new LumiscopeError('document', `${first.file.name} has no branch ${named}${others}`, {
    hint:
      lists.length > 0
        ? `lists have no default: leave the file out, or what reads ${lists.map(({ name }) => name).join(', ')}`
        : `a default can stand in for it: defaults: { ${lines.join(', ')} }`,
    place: {
      file: first.file.name,
      column: first.columns[0]!.name,
      ...(lists.length === 0 && {
        defaults: Object.fromEntries([...columns.values()].map((column) => [column.name, plainDefault(column)])),
      }),
    },
  });
}

/** One file of each kind. */
function firstOfEach(files: readonly SessionFile[]): Map<Schema, SessionFile> {
  const found = new Map<Schema, SessionFile>();
  for (const file of files) if (!found.has(file.schema)) found.set(file.schema, file);
  return found;
}

function kindOf({ type }: ColumnInfo): Kind {
  switch (widened(type)) {
    case 'bool':
      return 'true/false';
    case 'string':
      return 'text';
    case 'float':
      return 'floating-point number';
    default:
      return 'integer';
  }
}

function wordsOf(column: ColumnInfo): string {
  const kind = kindOf(column);
  if (column.depth > 1) return `lists of lists (${kind})`;
  if (column.depth === 1) return `a list (${kind})`;
  return kind === 'integer' ? 'an integer' : kind === 'floating-point number' ? 'a floating-point number' : kind;
}

function plainDefault(column: ColumnInfo): number | boolean | string {
  const kind = kindOf(column);
  return kind === 'true/false' ? false : kind === 'text' ? '' : 0;
}

/** Whether a default is of a column's kind; 0 is a floating-point number, too. */
function standsFor(value: number | boolean | string, column: ColumnInfo): boolean {
  if (column.depth > 0) return false;
  const kind = kindOf(column);
  if (typeof value === 'number')
    return kind === 'floating-point number' || (kind === 'integer' && Number.isInteger(value));
  return typeof value === 'boolean' ? kind === 'true/false' : kind === 'text';
}
