/**
 * The language reference, `docs/language.md`, says nothing that isn't so: its examples are run by both engines over the
 * page's own events, its errors are those of the checker.
 *
 * In the page, a table whose header starts with `column` holds the events. Fenced blocks are `define` (`name: expression`,
 * for the rest of the page), `example` (`expression → result of each event`) and `error` (an expression, carets under
 * what is wrong, the message, and a hint after `hint:`).
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LumiscopeError } from '../../core/errors.ts';
import { checkExpression } from '../../core/expr/check.ts';
import { Context } from '../../core/expr/context.ts';
import { FUNCTIONS } from '../../core/expr/functions.ts';
import { VECTOR_METHODS, VECTOR_PROPERTIES } from '../../core/expr/vectors.ts';
import { buildSchema } from '../../core/schema/build.ts';
import type { ColumnData, ValueType } from '../../core/schema/column.ts';
import { flat, jagged, strings } from './testing/data.ts';
import { ENGINE_NAMES, testedEngine } from './testing/engines.ts';
import { type ProbeData, type ProbeValue, probe, probeList } from './testing/probe.ts';

const PAGE = readFileSync(new URL('../../docs/language.md', import.meta.url), 'utf8');

/** The page without its blocks. */
const PROSE = PAGE.replace(/```[\s\S]*?```/g, '');

/** A result as the page writes it: integers without a point, doubles with one, in as many digits as matter. */
type Written = string;

interface Block {
  kind: string;
  lines: string[];
  /** Number of the first line in the page. */
  line: number;
}

function blocks(page: string): Block[] {
  const found: Block[] = [];
  let open: Block | undefined;
  for (const [k, text] of page.split('\n').entries()) {
    if (!text.startsWith('```')) open?.lines.push(text);
    else if (open) {
      found.push(open);
      open = undefined;
    } else open = { kind: text.slice(3), lines: [], line: k + 2 };
  }
  return found;
}

const cells = (row: string): string[] =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('`', ''));

/** `[1, 2]` → `['1', '2']`. */
function listed(cell: string): string[] {
  const inner = cell.slice(1, -1).trim();
  return inner === '' ? [] : inner.split(',').map((item) => item.trim());
}

function plain(cell: string): number | bigint | boolean | undefined {
  if (cell === 'missing') return undefined;
  if (cell === 'true' || cell === 'false') return cell === 'true';
  return /^\d{10,}$/.test(cell) ? BigInt(cell) : Number(cell.replace('−', '-'));
}

/** The columns of the page's table of events. */
function columnsOf(page: string): Record<string, ColumnData> {
  const rows = page.split('\n').filter((line) => line.startsWith('|'));
  const header = rows.findIndex((row) => cells(row)[0] === 'column');
  const columns: Record<string, ColumnData> = {};
  for (const row of rows.slice(header + 2)) {
    const [name, type, ...values] = cells(row) as [string, Exclude<ValueType, 'string'> | 'string', ...string[]];
    if (!/^(u?int|float|bool|string)/.test(type)) break;
    if (type === 'string') columns[name] = strings(values.map((value) => value.slice(1, -1)));
    else if (values[0]!.startsWith('['))
      columns[name] = jagged(
        type,
        values.map((value) => listed(value).map(plain)),
      );
    else columns[name] = flat(type, values.map(plain));
  }
  return columns;
}

const columns = columnsOf(PAGE);
const schema = buildSchema(
  Object.entries(columns).map(([name, { type, offsets, valid }]) => ({
    name,
    type,
    depth: offsets.length,
    nullable: valid !== undefined,
  })),
);
const data: ProbeData = {
  events: Object.values(columns)[0]!.length,
  columns,
  collections: [...schema.collections.values()].map(({ name, fields }) => ({
    name,
    columns: fields.map((field) => field.column.name),
  })),
};

/** Definitions stay for the rest of the page. */
const context = new Context(schema);

/** What an expression is worth in each event: single values, or lists of them. */
async function valuesOf(engine: (typeof ENGINE_NAMES)[number], text: string): Promise<(ProbeValue | ProbeValue[])[]> {
  const value = checkExpression(context, text);
  const tested = await testedEngine(engine);
  if (value.kind === 'one') return (await probe(tested, data, [value.expr]))[0]!;
  const list = context.listOf({ value, ast: { kind: 'none', span: [0, text.length] } }, 'an example');
  return probeList(tested, data, list, (item) => item);
}

function show(value: ProbeValue | ProbeValue[], as: Written): Written {
  if (Array.isArray(value)) {
    const parts = as.startsWith('[') ? listed(as) : [];
    return `[${value.map((one, k) => show(one, parts[k] ?? '')).join(', ')}]`;
  }
  if (value === undefined) return 'missing';
  if (typeof value !== 'number') return String(value).replace('-', '−');
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  const digits = /\.(\d+)$/.exec(as)?.[1]?.length;
  const shown = digits ? value.toFixed(digits) : String(Math.round(value * 1000) / 1000);
  return (/\.|e/.test(shown) ? shown : `${shown}.0`).replace('-', '−');
}

const page = blocks(PAGE);

for (const { kind, lines, line } of page) {
  for (const [k, text] of lines.entries()) {
    const where = `line ${line + k}`;
    if (kind === 'define') {
      const [, name, expression] = /^(\w+): (.*)$/.exec(text) ?? [];
      if (!name || !expression) throw new Error(`${where} is no definition: ${text}`);
      const value = checkExpression(context, expression);
      context.definitions.set(name, value);
      if (value.kind === 'array' && value.body.op === 'var') context.nameList(value.list, name);
    }
    if (kind === 'example' && text.trim() !== '') {
      it(`${where}: ${text.trim()}`, async () => {
        const [expression, result] = text.split('→');
        expect(result, 'an example has a result').toBeTruthy();
        const written = result!.split(' | ').map((part) => part.trim());
        for (const engine of ENGINE_NAMES) {
          const values = await valuesOf(engine, expression!.trim());
          const shown = values.map((value, event) => show(value, written[event] ?? written[0]!));
          // One result stands for all events.
          expect(written.length === 1 ? [...new Set(shown)] : shown, engine).toEqual(written);
        }
      });
    }
  }
  if (kind === 'error') {
    for (const paragraph of lines.join('\n').split('\n\n')) {
      const [text, carets, message, ...rest] = paragraph.split('\n') as [string, string, string, ...string[]];
      it(`line ${line}: ${text} is an error`, () => {
        let caught: unknown;
        try {
          checkExpression(context, text);
        } catch (error) {
          caught = error;
        }
        const { message: said, hint, place } = caught as LumiscopeError;
        expect(caught).toBeInstanceOf(LumiscopeError);
        const [from, to] = place.span!;
        expect([' '.repeat(from) + '^'.repeat(to - from), said, ...(hint ? [`hint: ${hint}`] : [])]).toEqual([
          carets,
          message,
          ...rest,
        ]);
      });
    }
  }
}

it('has no block of another kind, and some of each', () => {
  expect(new Set(page.map((block) => block.kind))).toEqual(new Set(['define', 'example', 'error']));
});

it.each([
  ...FUNCTIONS.map(({ name }) => `${name}(`),
  ...[...VECTOR_PROPERTIES, ...VECTOR_METHODS].map((name) => `.${name}`),
])('tells of %s', (name) => expect(PROSE).toContain(name));

it.each(FUNCTIONS.map(({ name }) => name))('has an example of %s()', (name) => {
  const examples = page.filter((block) => block.kind !== 'error').flatMap((block) => block.lines);
  expect(examples.some((text) => new RegExp(`\\b${name}\\(`).test(text))).toBe(true);
});
