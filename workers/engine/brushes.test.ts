/** Brushes as cuts: what an event fills into a histogram says whether it lies in a brush on it. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Brush, withBrush } from '../../core/analysis/brush.ts';
import { brushExpression } from '../../core/analysis/brushCondition.ts';
import { brushedDocument, brushedResult, withCuts } from '../../core/analysis/brushed.ts';
import { cubePlan } from '../../core/analysis/cube.ts';
import { CubeIndex } from '../../core/analysis/cubeIndex.ts';
import type { AxisSpec } from '../../core/analysis/document.ts';
import { axisExtent, hasUnderflow } from '../../core/hist/axis.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import type { Engine } from './engine.ts';
import { instantiateLibm, type Libm } from './libm/libm.ts';
import { type BrushCase, drawBrushCase, runOver, sameBins } from './testing/brushCases.ts';
import { Draw } from './testing/draw.ts';
import { testedEngine } from './testing/engines.ts';
import { drawPlainCase } from './testing/plainCases.ts';

const CASES = Number(process.env.LUMISCOPE_CASES ?? 16);

let engine: Engine;
let libm: Libm;
beforeAll(async () => {
  engine = await testedEngine('wasm');
  libm = await instantiateLibm(new WebAssembly.Memory({ initial: 1 }));
});

/** Documents as people write them, and such as no one would. */
const KINDS = [
  ['plain', drawPlainCase],
  ['random', drawBrushCase],
] as const;

/** Runs a property of cases; a failure shows the document and its brushes. */
async function forCases(
  draws: typeof drawBrushCase,
  check: (one: BrushCase, draw: Draw) => Promise<void>,
): Promise<void> {
  const property = fc.asyncProperty(fc.gen(), async (g) => {
    const draw = new Draw(g);
    const one = draws(draw, libm);
    try {
      await check(one, draw);
    } catch (error) {
      const { document, brushes } = one;
      throw new Error(`${JSON.stringify({ document, brushes }, null, 1)}\n${(error as Error).message}`, {
        cause: error,
      });
    }
  });
  await fc.assert(property, {
    numRuns: draws === drawPlainCase ? CASES : Math.ceil(CASES / 2),
    interruptAfterTimeLimit: 120_000,
    endOnFailure: true,
  });
}

/** Whether any bin of a histogram holds something where each range says, of its own bins. */
function holdsIn({ axes, values }: Histogram, ranges: readonly { axis: number; from: number; to: number }[]): boolean {
  return values.some((n, at) => {
    if (n === 0) return false;
    let rest = at;
    const place = axes.map(() => 0);
    for (let k = axes.length - 1; k >= 0; k--) {
      const extent = axisExtent(axes[k]!);
      place[k] = rest % extent;
      rest = Math.floor(rest / extent);
    }
    return ranges.every(({ axis, from, to }) => {
      const bin = place[axis]! - (hasUnderflow(axes[axis]!) ? 1 : 0);
      return bin >= from && bin < to;
    });
  });
}

describe.each(KINDS)('in %s documents, a brush', (_, draws) => {
  it('is passed by the events that fill something into its bins', async () => {
    let compared = 0;
    await forCases(draws, async (one, draw) => {
      const { document, scope } = one;
      const spec = draw.pick(document.histograms.length > 0 ? document.histograms : [undefined!]);
      if (!spec || spec.axes.length === 0) return;
      const axes = [...spec.axes.keys()].slice(0, draw.int(1, 2));
      const bins = axes.map((axis) => {
        const count = ownBins(spec.axes[axis]!);
        const from = draw.int(0, count - 1);
        return { axis, from, to: draw.int(from + 1, count) };
      });
      const brush: Brush = {
        histogram: spec.name,
        ranges: bins.map(({ axis, from, to }) => {
          const { bounds } = scope.fineAxis(spec.axes[axis]!, bins.length > 1);
          const factor = (bounds.length - 1) / ownBins(spec.axes[axis]!);
          return { axis, from: bounds[from * factor]!, to: bounds[to * factor]! };
        }),
      };
      const { weight: _, ...plain } = document;
      const counted = { ...plain, histograms: [{ ...spec, storage: 'count' as const }] };
      const cut = {
        ...plain,
        histograms: [],
        select: [...plain.select, { name: 'b', expression: brushExpression(scope, brush), enabled: true }],
      };
      for (let event = 0; event < one.chunk.events; event++) {
        const filled = await runOver(engine, counted, one, event, event + 1);
        const passed = await runOver(engine, cut, one, event, event + 1);
        if (!filled || !passed) return;
        compared++;
        expect(passed.eventsPassed, `event ${event}, ${brushExpression(scope, brush)}`).toBe(
          holdsIn(filled.histograms[0]!.histogram, bins) ? 1 : 0,
        );
      }
    });
    expect(compared).toBeGreaterThan(CASES / 2);
  }, 200_000);

  it('is in every plot but its own, and in the cutflow', async () => {
    await forCases(draws, async (one) => {
      const { document, scope, brushes } = one;
      const run = await runOver(engine, brushedDocument(scope, brushes), one);
      if (!run) return;
      const result = brushedResult(scope, brushes, run);
      expect(result.histograms.map(({ name }) => name)).toEqual(document.histograms.map(({ name }) => name));
      for (const [k, spec] of document.histograms.entries()) {
        const others = brushes.filter(({ histogram }) => histogram !== spec.name);
        const fresh = await runOver(engine, { ...withCuts(scope, others), histograms: [spec] }, one);
        if (!fresh) return;
        const [actual, wanted] = [result.histograms[k]!.histogram, fresh.histograms[0]!.histogram];
        expect(actual.entries).toBe(wanted.entries);
        expect(sameBins(actual, wanted), spec.name).toBe(true);
      }
      const plain = await runOver(engine, document, one);
      for (const { name, histogram } of result.unbrushed ?? [])
        expect(sameBins(histogram, plain!.histograms.find((h) => h.name === name)!.histogram), name).toBe(true);
      expect(result.unbrushed?.length ?? 0).toBe(brushes.length > 0 ? document.histograms.length : 0);
      const all = await runOver(engine, { ...withCuts(scope, brushes), histograms: [] }, one);
      if (!all) return;
      const rows = result.cutflow[0]!.rows;
      expect(rows.map(({ name }) => name)).toEqual(all.cutflow[0]!.rows.map(({ name }) => name));
      for (const [k, row] of all.cutflow[0]!.rows.entries()) {
        if (run.cutflow[0]!.missingWeight > 0) continue;
        expect(rows[k]!.events).toBe(row.events);
        expect(near(rows[k]!.sumw, row.sumw, Math.sqrt(row.sumw2 * row.events))).toBe(true);
        expect(near(rows[k]!.sumw2, row.sumw2, row.sumw2)).toBe(true);
      }
    });
  }, 200_000);
});

describe.each(KINDS)('in %s documents, an index', (kind, draws) => {
  it('answers as a run does', async () => {
    const seen = { plots: 0, pairs: 0, boxes: 0, filled: 0 };
    await forCases(draws, async (one, draw) => {
      const { document, scope } = one;
      if (document.histograms.length === 0) return;
      const { name: active, axes } = draw.pick(document.histograms);
      const marked = [...axes.keys()].slice(0, draw.int(1, 2));
      const level = draw.pick(['coarse', 'fine'] as const);
      const plan = cubePlan(scope, active, marked, one.brushes, level, 2e6);
      if (!plan) return;
      const run = await runOver(engine, plan.document, one);
      if (!run) return;
      const index = indexOf(plan, run.histograms);
      for (let k = 0; k < 4; k++) {
        const ranges = plan.bounds.map((bounds, at) => {
          const from = draw.int(0, bounds.length - 2);
          return { axis: marked[at]!, from: bounds[from]!, to: bounds[draw.int(from + 1, bounds.length - 1)]! };
        });
        const brush = { histogram: active, ranges };
        const brushes = withBrush(one.brushes, brush);
        expect(scope.settled(brush)).toEqual(brush);
        const fresh = await runOver(engine, brushedDocument(scope, brushes), one);
        if (!fresh) return;
        const wanted = brushedResult(scope, brushes, fresh);
        const { plots, rows } = index.slice(brush);
        for (const { plot, parts } of plan.answers) {
          if (!plot) continue;
          seen.plots++;
          if (parts.length > 1) seen.pairs++;
          if (plots.get(plot)!.values.some((n) => n !== 0)) seen.filled++;
          if (parts[0]!.kind === 'box') seen.boxes++;
          const { histogram } = wanted.histograms.find(({ name }) => name === plot)!;
          expect(plots.get(plot)!.axes).toEqual(histogram.axes);
          expect(sameBins(plots.get(plot)!, histogram), `${plot} under ${JSON.stringify(brush)}`).toBe(true);
          if (histogram.storage === 'count') expect(plots.get(plot)!.entries).toBe(histogram.entries);
        }
        const own = wanted.cutflow[0]!.rows.slice(-brushes.length);
        expect(rows).toHaveLength(1);
        for (const [row, { events, sumw, sumw2 }] of own.entries()) {
          expect(rows[0]![row]!.events).toBe(events);
          expect(near(rows[0]![row]!.sumw, sumw, Math.sqrt(sumw2 * events))).toBe(true);
          expect(near(rows[0]![row]!.sumw2, sumw2, sumw2)).toBe(true);
        }
      }
    });
    if (kind === 'plain') for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
  }, 200_000);
});

function indexOf(...of: Parameters<typeof CubeIndex.parts>): CubeIndex {
  const parts = CubeIndex.parts(...of);
  for (;;) {
    const { done, value } = parts.next();
    if (done) return value;
  }
}

function near(a: number, b: number, scale: number): boolean {
  return Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-9 * scale;
}

function ownBins(spec: AxisSpec): number {
  return spec.boolean ? 2 : (spec.categories?.length ?? (spec.edges ? spec.edges.length - 1 : spec.bins!));
}
