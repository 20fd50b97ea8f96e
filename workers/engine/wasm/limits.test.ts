/** What a document and an event may ask of the engine at most. */
import { describe, expect, it } from 'vitest';
import { compileDocument } from '../../../core/analysis/compile.ts';
import type { AnalysisDocument } from '../../../core/analysis/document.ts';
import { buildSchema } from '../../../core/schema/build.ts';
import { jagged } from '../testing/data.ts';
import { testedEngine } from '../testing/engines.ts';

const PT = { name: 'Track_pt', type: 'float32', depth: 1, nullable: false } as const;

/** Runs over one event with so many tracks. @returns how many events pass all cuts */
async function run(tracks: number, { define = [], select = [] }: Partial<AnalysisDocument>): Promise<number> {
  const document: AnalysisDocument = { lumiscope: 1, datasets: [], define, select, histograms: [], defaults: {} };
  const { program, errors } = compileDocument(document, buildSchema([PT]));
  expect(errors).toEqual([]);
  const prepared = await (await testedEngine('wasm')).prepare(program!);
  const chunk = prepared.start([jagged('float32', [Array<number>(tracks).fill(1)])]);
  try {
    chunk.run(0, 1);
    return chunk.result().cutflow.at(-3)!;
  } finally {
    chunk.release();
  }
}

const cut = (expression: string, name = 'cut') => ({ name, expression, enabled: true });

/** A sum of so many terms that no other sum has. */
const sumOf = (terms: number, from: number) =>
  Array.from({ length: terms }, (_, index) => `sqrt(len(Track) + ${from + index})`).join(' + ');

describe('lists of an event', () => {
  it.each([
    ['more than fit', 3000, '[c for c in combinations(Track, 3) if c.a.pt > 0]'],
    ['as many bytes as pass for less than none in 64 bits', 2600, '[c for c in combinations(Track, 6) if c.a.pt > 0]'],
    ['2⁶⁴, which is 0 in 64 bits', 65_536, '[c for c in cartesian(Track, Track, Track, Track) if c.a.pt > 0]'],
  ])('%s are refused', async (_, tracks, list) => {
    const document = { define: [{ name: 'many', expression: list }], select: [cut('len(many) + len(many[1:]) > 0')] };
    await expect(run(tracks, document)).rejects.toMatchObject({
      tag: 'limit',
      message: expect.stringMatching(/the lists of one event would take [\d,]+ MB/),
    });
  });
});

describe('code', () => {
  it('of many long cuts fits the function', async () => {
    const select = Array.from({ length: 300 }, (_, k) => cut(`${sumOf(60, 60 * k)} > 0`, `cut ${k}`));
    expect(await run(1, { select })).toBe(1);
  }, 60_000);

  it('that is too large for the browser is told as a limit', async () => {
    const define = Array.from({ length: 200 }, (_, k) => ({ name: `d${k}`, expression: sumOf(100, 100 * k) }));
    const all = (operator: string) => define.map(({ name }) => `(${name} ${operator} 1)`).join(' and ');
    await expect(run(1, { define, select: [cut(all('>')), cut(all('!='), 'again')] })).rejects.toMatchObject({
      tag: 'limit',
      message: expect.stringContaining('too large'),
    });
  }, 60_000);
});
