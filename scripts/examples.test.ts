import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileDocument } from '../core/analysis/compile.ts';
import { parseDocument } from '../core/analysis/yaml.ts';
import { buildSchema } from '../core/schema/build.ts';
import type { ColumnInfo, ValueType } from '../core/schema/column.ts';
import { COLUMNS } from './demo/columns.ts';
import { root } from './upToDate.ts';

interface Example {
  id: string;
  title: string;
  summary: string;
  file: string;
  /** A page in the same folder. */
  explanation?: string;
  simulated: boolean;
  data: 'own-origin' | 'external' | 'local';
  bytes?: number;
}

const folder = join(root, 'public/examples');
const examples = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Example[];
const ownOrigin = examples.filter(({ data }) => data === 'own-origin');
const written = examples.filter(({ file }) => existsSync(join(folder, file)));

const TYPES: Record<string, ValueType> = { BOOLEAN: 'bool', INT32: 'int32', INT64: 'uint64', FLOAT: 'float32' };
const demoSchema = buildSchema(
  COLUMNS.map(
    ({ name, schema }): ColumnInfo => ({
      name,
      type: TYPES[schema.at(-1)?.type ?? ''] ?? 'float64',
      depth: schema.length > 1 ? 1 : 0,
      nullable: false,
    }),
  ),
);

function read(file: string) {
  const { document, errors } = parseDocument(readFileSync(join(folder, file), 'utf8'));
  expect(errors).toEqual([]);
  if (!document) throw new Error(`${file} is no document`);
  return document;
}

describe('the examples', () => {
  it('are listed once each, and every listed file is there', () => {
    expect(new Set(examples.map(({ id }) => id)).size).toBe(examples.length);
    expect(examples.filter((example) => !written.includes(example)).map(({ file }) => file)).toEqual([]);
  });

  it.each(written)('$id is a document without errors', ({ file }) => {
    read(file);
  });

  it.each(ownOrigin)('$id compiles against the demo data, which are there', ({ file }) => {
    const document = read(file);
    const { errors } = compileDocument(document, demoSchema);
    expect(errors).toEqual([]);
    for (const { files } of document.datasets) {
      expect(files.length).toBeGreaterThan(0);
      for (const name of files) expect(existsSync(join(root, 'public', String(name))), String(name)).toBe(true);
    }
  });

  it.each(examples.filter(({ explanation }) => explanation))('$id has a page of explanation', (example) => {
    expect(read(example.file).explanation).toBe(`examples/${example.explanation}`);
    const text = readFileSync(join(folder, example.explanation!), 'utf8');
    const words = text.split(/\s+/).length;
    expect(words).toBeGreaterThan(300);
    expect(words).toBeLessThan(700);
    expect(text).toMatch(/simulated/);
    expect(text).toContain('## Sources');
  });

  it.each(examples.filter(({ simulated }) => simulated))('$id says that it is simulated', ({ file, title }) => {
    expect(title).toContain('simulated');
    expect(read(file).title).toContain('simulated');
  });
});
