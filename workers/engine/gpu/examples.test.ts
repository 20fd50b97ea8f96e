/** The documents that the app brings along, and the ADL benchmark queries, on the GPU: the counts of the other engines, and little in doubt. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileDocument } from '../../../core/analysis/compile.ts';
import type { AnalysisDocument } from '../../../core/analysis/document.ts';
import { parseDocument } from '../../../core/analysis/yaml.ts';
import type { Program } from '../../../core/expr/typedForm.ts';
import { buildSchema } from '../../../core/schema/build.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import type { ColumnShape } from '../../../gpu-kernels/types.ts';
import { openEventFile } from '../../formats/open.ts';
import { openSourceInNode } from '../../io/nodeFile.ts';
import { sharedData } from '../../testing/sharedData.ts';
import { expectSameResult, FIXED_POINT } from '../testing/compare.ts';
import { testedEngine } from '../testing/engines.ts';
import { type GpuUnderTest, testGpu } from '../testing/gpu.ts';
import { runOnGpu } from '../testing/runOnGpu.ts';
import { gatherEvents } from './gatherEvents.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../public');
const EVENTS = 1000;
/** Their code is compiled within a second or two; `LUMISCOPE_CASES` has all documents run. */
const QUICK = ['adl-q1', 'adl-q2', 'adl-q4', 'adl-q5', 'adl-q7', 'trigger'];
const ALL = process.env.LUMISCOPE_CASES !== undefined;
/** Of simulated and of real events, single-precision columns throughout. */
const MOST_IN_DOUBT = 0.01;

function read(id: string): AnalysisDocument {
  const { document, errors } = parseDocument(readFileSync(join(folder, 'examples', `${id}.yaml`), 'utf8'));
  expect(errors).toEqual([]);
  return document!;
}

async function firstEvents(path: string, document: AnalysisDocument) {
  const { source, file } = await openSourceInNode({ kind: 'path', path }, { counter: { requests: 0, bytes: 0 } });
  const opened = await openEventFile(source, file);
  const { summary } = opened;
  const { program, errors } = compileDocument(document, buildSchema(summary.columns));
  expect(errors).toEqual([]);
  const columns = await opened.readChunk(0, program!.columns);
  const rows = Uint32Array.from({ length: Math.min(EVENTS, columns[0]!.length) }, (_, k) => k);
  const shapes = new Map(summary.columns.map((column): [string, ColumnShape] => [column.name, column]));
  return { program: program!, columns: gatherEvents(columns, rows), shapes };
}

describe('on the GPU', () => {
  let gpu: GpuUnderTest | undefined;
  beforeAll(async () => {
    gpu = await testGpu();
  });

  /** Share of the events that are in doubt. */
  async function compare(program: Program, columns: ColumnData[], shapes: Map<string, ColumnShape>): Promise<number> {
    const lowered = gpu!.lower(program, shapes);
    if ('reason' in lowered) throw new Error(lowered.reason);
    const exact = await (await testedEngine('wasm')).prepare(program);
    const chunk = new Map(program.columns.map((name, k) => [name, columns[k]!]));
    const { result, doubtful } = await runOnGpu(gpu!.host, lowered, program, exact, [chunk]);
    const run = exact.start(columns);
    run.run(0, columns[0]!.length);
    expectSameResult(result, run.result(), FIXED_POINT);
    run.release();
    return doubtful.reduce((sum, { rows }) => sum + rows.length, 0) / columns[0]!.length;
  }

  const cases = readdirSync(join(folder, 'examples'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .filter((id) => ALL || QUICK.includes(id))
    .map((id) => ({ id, paths: read(id).datasets.map(({ files }) => pathOf(String(files[0]))) }))
    .filter(({ paths }) => paths.every((path) => path !== undefined));

  it.each(cases)(
    '$id gives the same as with WebAssembly',
    async ({ id, paths }) => {
      if (!gpu) return;
      for (const path of paths) {
        const { program, columns, shapes } = await firstEvents(path!, read(id));
        const share = await compare(program, columns, shapes);
        process.stdout.write(`${id}: ${(100 * share).toFixed(2)} % in doubt\n`);
        expect(share).toBeLessThan(MOST_IN_DOUBT);
      }
    },
    600_000,
  );
});

/** Data that lie on this machine: the app's own, and the sample of the benchmark where it is there. */
function pathOf(file: string): string | undefined {
  return file.startsWith('demo/') ? join(folder, file) : file.includes('://') ? undefined : sharedData(file);
}
