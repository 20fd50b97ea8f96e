import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { parseDocument } from '../../core/analysis/yaml.ts';
import { toUhiFileJson } from '../../core/hist/uhi.ts';
import { createSession } from '../createSession.ts';
import { createEngine } from '../engine/createEngine.ts';
import type { LoopName } from '../engine/engine.ts';
import { Draw } from '../engine/testing/draw.ts';
import type { OpenEventFile } from '../formats/eventFile.ts';
import { openEventFile } from '../formats/open.ts';
import type { FileAddress } from '../io/byteSource.ts';
import { openSourceInNode } from '../io/nodeFile.ts';
import type { DataSession, RunResult } from '../session.ts';
import { localThreads } from '../testing/localThreads.ts';

/** Written by pyarrow: 12 row groups of 40 events, ordered by most columns (fixtures/make_pruning.py). */
const fixture = (name: string): FileAddress => ({
  kind: 'path',
  path: fileURLToPath(new URL(`fixtures/${name}.parquet`, import.meta.url)),
});
const [SORTED, NO_STATISTICS] = [fixture('sorted'), fixture('no_statistics')];

const withoutBounds: OpenEventFile = async (source, file, signal) => {
  const opened = await openEventFile(source, file, signal);
  return { summary: { ...opened.summary, chunkBounds: undefined }, readChunk: opened.readChunk.bind(opened) };
};

const sessions: DataSession[] = [];
afterAll(() => {
  for (const session of sessions.splice(0)) session.close();
});

function open(open: OpenEventFile = openEventFile): DataSession {
  const { spawn } = localThreads({ openSource: openSourceInNode, openEventFile: open, createEngine });
  const session = createSession(spawn, { workers: 2 });
  sessions.push(session);
  return session;
}

function documentOf(cuts: string[], weight?: string, lumis?: string) {
  const { document, errors } = parseDocument(
    [
      'lumiscope: 1',
      'datasets: [{ name: d, files: [f.parquet] }]',
      ...(lumis ? [`lumis: ${lumis}`] : []),
      ...(cuts.length > 0 ? ['select:', ...cuts.map((cut, k) => `  c${k}: ${JSON.stringify(cut)}`)] : []),
      ...(weight ? [`weight: ${JSON.stringify(weight)}`] : []),
      'histograms:',
      '  pt: { axes: [{ value: Muon.pt, bins: 8, range: [0, 80] }] }',
      '  noise: { axes: [{ value: noise, bins: 5, range: [0, 1] }, { value: some, boolean: true }], storage: weighted }',
    ].join('\n'),
  );
  if (!document) throw new Error(errors[0]!.message);
  return document;
}

const bits = ({ histograms, cutflow, eventsRead, eventsPassed }: RunResult) =>
  toUhiFileJson(histograms) + JSON.stringify([cutflow, eventsRead, eventsPassed]);

/** Row groups that are skipped, out of twelve. */
const skipped = async (cuts: string[], file = SORTED, weight?: string, lumis?: string) =>
  (await open().plan(documentOf(cuts, weight, lumis), [[file]])).skippedChunks;

describe('row groups in which no event can pass', () => {
  test.each<[string, number]>([
    ['run == 315002', 10],
    ['run < 315001', 10],
    ['run in [315000, 315005]', 8],
    ['run > 315005', 12],
    ['not (run >= 315001)', 10],
    ['event < 9223372036855175808', 10],
    ['big > 9007199254740992', 2],
    ['big == 9007199254740993', 11],
    ['wide >= 2147483648', 5],
    ['wide < 2147483648', 7],
    ['small + 1 > 5', 11],
    ['-small >= 6', 11],
    ['abs(small) > 4', 9],
    ['2 * x - 1 < 30', 7],
    ['x != x', 0],
    ['isnan(x)', 0],
    ['x > 20', 5],
    ['y > 300', 10],
    ['fill_none(y, 1000) > 300', 0],
    ['y is None', 0],
    ['flag', 8],
    ['not flag', 4],
    ['flag and x < 20', 10],
    ['flag or x < 20', 4],
    ['min(x, 3 * small) > 4', 8],
    ['len(Muon) >= 0', 0],
    ['name == "c"', 0],
    ['noise < 2', 0],
    ['1 > 2', 12],
  ])('%s: %i of 12 are skipped, and the numbers are the same', async (cut, count) => {
    expect(await skipped([cut])).toBe(count);
    for (const weight of [undefined, 'genWeight']) {
      const document = documentOf(['some', cut], weight);
      const [with_, without] = [open(), open(withoutBounds)];
      expect(bits(await with_.run(document, [[SORTED]]))).toBe(bits(await without.run(document, [[SORTED]])));
    }
  });

  test('are found by certified runs and their luminosity blocks', async () => {
    expect(await skipped([], SORTED, undefined, '{ 315001: [[0, 999]], 315003: [[36, 36]] }')).toBe(9);
  });

  test('are none without statistics', async () => {
    expect(await skipped(['run == 315002'], NO_STATISTICS)).toBe(0);
    const document = documentOf(['run == 315002']);
    const results = await Promise.all([SORTED, NO_STATISTICS].map((file) => open().run(document, [[file]])));
    expect(bits(results[0]!)).toBe(bits(results[1]!));
  });

  test('cost no byte, or only those of what comes before the cut', async () => {
    const cost = async (cuts: string[], weight?: string) => {
      const session = open();
      const plan = await session.plan(documentOf(cuts, weight), [[SORTED]]);
      const before = (await session.run(documentOf(cuts, weight), [[SORTED]])).requests;
      return { ...plan, requests: before };
    };
    const [none, all] = [await cost(['run > 315005']), await cost(['run >= 315000'])];
    expect(none).toMatchObject({ bytes: 0, requests: 0, totalBytes: all.totalBytes, skippedChunks: 12 });
    expect(all.bytes).toBe(all.totalBytes);
    const one = await cost(['run == 315000 and small == -6']);
    expect(one.bytes).toBeLessThan(all.bytes / 8);
    const late = await cost(['some', 'run > 315005']);
    expect(late.bytes).toBeGreaterThan(0);
    expect(late.bytes).toBeLessThan(all.bytes / 4);
    const weighted = await cost(['run > 315005'], 'genWeight');
    expect(weighted.bytes).toBeGreaterThan(0);
  });
});

/** A condition on flat columns, with what can go wrong in it. */
function condition(draw: Draw, depth: number): string {
  if (depth > 0 && draw.chance(45)) {
    const [a, b] = [condition(draw, depth - 1), condition(draw, depth - 1)];
    return draw.pick([`(${a} and ${b})`, `(${a} or ${b})`, `(not ${a})`, `(${a} if ${b} else some)`, `(${a} != ${b})`]);
  }
  if (draw.chance(20)) return draw.pick(['flag', 'some', 'isnan(x)', '(y is None)', '(name == "c")']);
  return `(${number(draw, 2)} ${draw.pick(['<', '<=', '>', '>=', '==', '!='])} ${number(draw, 1)})`;
}

function number(draw: Draw, depth: number): string {
  if (depth > 0 && draw.chance(50)) {
    const [a, b] = [number(draw, depth - 1), number(draw, depth - 1)];
    return draw.pick([
      `(${a} + ${b})`,
      `(${a} - ${b})`,
      `(${a} * ${b})`,
      `(${a} / ${b})`,
      `(-${a})`,
      `abs(${a})`,
      `min(${a}, ${b})`,
      `max(${a}, ${b})`,
      `fill_none(${a}, 3)`,
      `sqrt(${a})`,
      `floor(${a})`,
      `(${a} % 7)`,
      `(${a} if some else ${b})`,
    ]);
  }
  return draw.pick([
    'x',
    'y',
    'small',
    'run',
    'wide',
    'big',
    'event',
    'luminosityBlock',
    constantNear(draw),
    'x',
    'small',
  ]);
}

const constantNear = (draw: Draw): string =>
  draw.pick(['0', '2.5', '20', '-3', '315002', '2147483700', '9007199254740993', '9223372036855175808', '1e300']);

test('random selections give the same bits with and without pruning, with both engines', async () => {
  let pruned = 0;
  const [with_, without] = [open(), open(withoutBounds)];
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (gen) => {
      const draw = new Draw(gen);
      const cuts = draw.times(draw.int(1, 3), () => condition(draw, 2));
      const lumis = draw.chance(15) ? '{ 315001: [[0, 999]], 315003: [[36, 36], [40, 41]] }' : undefined;
      const document = documentOf(cuts, draw.chance(40) ? 'genWeight' : undefined, lumis);
      const engine: LoopName = draw.chance(30) ? 'reference' : 'wasm';
      pruned += (await with_.plan(document, [[SORTED]])).skippedChunks;
      const [a, b] = [
        await with_.run(document, [[SORTED]], { engine }),
        await without.run(document, [[SORTED]], { engine }),
      ];
      if (bits(a) !== bits(b)) throw new Error(`${JSON.stringify(document.select)}\n${bits(a)}\n${bits(b)}`);
    }),
    { numRuns: Number(process.env.LUMISCOPE_CASES ?? 150) },
  );
  expect(pruned).toBeGreaterThan(200);
}, 600_000);

describe('pieces of a row group that is too long to be read at once', () => {
  const PAGES = fixture('pages');
  const document = (cut: string) =>
    parseDocument(
      `lumiscope: 1\ndatasets: [{ name: d, files: [f] }]\nselect: { c: ${JSON.stringify(cut)} }\n` +
        'histograms: { step: { axes: [{ value: step, bins: 31, range: [0, 31] }] } }',
    ).document!;

  test.each<[string, number]>([
    ['run == 1', 2],
    ['run == 4', 2],
    ['run == 6', 1],
    ['run > 6', 3],
    ['step < 10', 0],
    // A page of NaN alone has no bounds: pyarrow writes no index for such a column.
    ['step > 28', 0],
    ['step > 29', 3],
    ['some', 0],
    ['some is None', 0],
  ])('%s: %i of 3 are skipped by the index of their pages, and the numbers are the same', async (cut, count) => {
    const [with_, without] = [open(), open(withoutBounds)];
    expect((await with_.plan(document(cut), [[PAGES]])).skippedChunks).toBe(count);
    const [a, b] = [await with_.run(document(cut), [[PAGES]]), await without.run(document(cut), [[PAGES]])];
    expect(bits(a)).toBe(bits(b));
    expect(a.eventsRead).toBe(300_000);
  });
});
