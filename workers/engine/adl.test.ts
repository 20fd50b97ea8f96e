/** The eight ADL benchmark queries, as the example documents state them, against plain Python loops. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileDocument } from '../../core/analysis/compile.ts';
import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { parseDocument } from '../../core/analysis/yaml.ts';
import { buildSchema } from '../../core/schema/build.ts';
import type { EventFile } from '../formats/eventFile.ts';
import { openEventFile } from '../formats/open.ts';
import { openSourceInNode } from '../io/nodeFile.ts';
import { sharedData } from '../testing/sharedData.ts';
import { ENGINE_NAMES, testedEngine } from './testing/engines.ts';

interface Answer {
  passed: number;
  histograms: { bins: number; range: [number, number]; counts: number[] }[];
}

const answers: Record<string, Answer> = JSON.parse(
  readFileSync(new URL('fixtures/adl_reference.json', import.meta.url), 'utf8'),
);
const path = sharedData('Run2012B_SingleMu-1000.parquet');

async function openFile(): Promise<EventFile> {
  const counter = { requests: 0, bytes: 0 };
  const { source, file } = await openSourceInNode({ kind: 'path', path: path! }, { counter });
  return openEventFile(source, file);
}

function example(query: string): AnalysisDocument {
  const text = readFileSync(new URL(`../../public/examples/adl-${query}.yaml`, import.meta.url), 'utf8');
  const { document, errors } = parseDocument(text);
  expect(errors).toEqual([]);
  return document!;
}

describe.skipIf(!path).each(ENGINE_NAMES)('ADL benchmark queries with the %s engine', (name) => {
  it.each(Object.entries(answers))('%s has the counts of a Python loop', async (query, answer) => {
    const file = await openFile();
    const { program, errors } = compileDocument(example(query), buildSchema(file.summary.columns));
    expect(errors).toEqual([]);
    const prepared = await (await testedEngine(name)).prepare(program!);
    const totals = answer.histograms.map(({ counts }) => counts.map(() => 0));
    let passed = 0;
    for (const chunk of file.summary.chunks.keys()) {
      const columns = await file.readChunk(chunk, program!.columns);
      const run = prepared.start(columns);
      run.run(0, columns[0]!.length);
      const { cutflow, histograms } = run.result();
      passed += cutflow.at(-3)!;
      histograms.forEach(({ values }, k) => {
        values.forEach((value, bin) => {
          totals[k]![bin]! += value;
        });
      });
    }
    expect(totals).toEqual(answer.histograms.map(({ counts }) => counts));
    expect(passed).toBe(answer.passed);
  });

  it.each(Object.entries(answers))('%s has the axes of the benchmark', (query, { histograms }) => {
    const axes = example(query).histograms.map(({ axes: [axis] }) => ({ bins: axis!.bins, range: axis!.range }));
    expect(axes).toEqual(histograms.map(({ bins, range }) => ({ bins, range })));
  });
});
