import { afterEach, expect, test, vi } from 'vitest';
import type { Brush } from '../../core/analysis/brush.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import { createSession } from '../../workers/createSession.ts';
import type { DataSession, RunOptions } from '../../workers/session.ts';
import { FakeFiles } from '../../workers/testing/fakeFiles.ts';
import { localThreads } from '../../workers/testing/localThreads.ts';
import { type Brushing, createBrushing } from './brushing.ts';
import { brushScope } from './brushRun.ts';
import { createExplorer, type Explorer } from './explorer.ts';

const TEXT = `
lumiscope: 1
datasets:
  - { name: a, files: [http://localhost/a.parquet] }
  - { name: b, files: [http://localhost/b.parquet] }
define: { hard: "Muon[Muon.pt > 5]" }
select: { some: "x > 0.05" }
weight: w
histograms:
  x: { axes: [{ value: x, bins: 20, range: [0, 1] }] }
  pt: { axes: [{ value: hard.pt, bins: 25, range: [0, 100] }] }
  n: { axes: [{ value: len(hard), bins: 5, range: [0, 5] }], storage: count }
  xpt: { axes: [{ value: x, bins: 4, range: [0, 1] }, { value: hard.pt, bins: 4, range: [0, 100] }] }
  spread: { axes: [{ value: x, bins: 3, range: [0, 1] }], storage: mean, sample: x }
`;

const closed: (() => void)[] = [];
afterEach(() => {
  for (const close of closed.splice(0)) close();
});

/** Names of the histograms that were run, and whether each run had the session for itself: others were done or cancelled. */
type Ran = { names: string[]; alone: boolean }[];

/** An explorer over two made-up files, what follows its brushes, and what it ran. */
async function open(text = TEXT): Promise<Explorer & { brushing: Brushing; ran: Ran }> {
  const files = new FakeFiles({ 'a.parquet': { chunks: 2 }, 'b.parquet': { chunks: 1 } });
  const { spawn } = localThreads({
    openEventFile: files.openEventFile,
    openSource: (address, options) => {
      const path = address.kind === 'url' ? address.url.replace(/.*\//, '') : undefined;
      return files.openSource(path === undefined ? address : { kind: 'path', path }, options);
    },
  });
  const real = createSession(spawn, { workers: 2 });
  const ran: Ran = [];
  const going = new Set<AbortSignal>();
  const run: DataSession['run'] = (document, addresses, options?: RunOptions) => {
    const alone = [...going].every(({ aborted }) => aborted);
    ran.push({ names: document.histograms.map(({ name }) => name), alone });
    going.add(options!.signal!);
    const running = real.run(document, addresses, { ...options, engine: 'reference' });
    return running.finally(() => going.delete(options!.signal!));
  };
  const session = new Proxy(real, {
    get: (target, key) => {
      if (key === 'run') return run;
      const value = target[key as keyof DataSession];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const explorer = createExplorer({ session, base: 'http://localhost/', remembers: false });
  explorer.actions.openText(text);
  const brushing = createBrushing(explorer);
  closed.push(() => {
    brushing.stop();
    real.close();
  });
  await done(explorer);
  return { ...explorer, brushing, ran };
}

/** Waits for what is soon so. */
const soon = (check: () => void) => vi.waitFor(check, { timeout: 8000 });
const done = ({ store }: Explorer) => soon(() => expect(store.getState().phase).toBe('done'));
/** Waits for the result under so many brushes. */
const brushed = (one: Explorer, count: number) =>
  soon(() => {
    const { phase, result } = one.store.getState();
    expect([phase, result?.cutflow[0]?.rows.length]).toEqual(['done', 2 + count]);
  });
const indexed = ({ brushing }: { brushing: Brushing }, index = 'fine') =>
  soon(() => expect(brushing.state.getState().index).toBe(index));

/** A brush at bounds near some numbers. */
async function brushOn({ store }: Explorer, histogram: string, ...ranges: [number, number][]): Promise<Brush> {
  const { document, schema } = store.getState();
  const scope = await brushScope(document!, schema!);
  return scope.settled({ histogram, ranges: ranges.map(([from, to], axis) => ({ axis, from, to })) })!;
}

/** What plots show of a drag, copied. */
function shown({ live }: Explorer, name: string): Histogram | undefined {
  const histogram = live.shown(name);
  return histogram && structuredClone(histogram);
}

function expectSame(actual: Histogram | undefined, wanted: Histogram | undefined): void {
  expect(actual?.axes).toEqual(wanted!.axes);
  for (const [bin, w] of wanted!.values.entries()) {
    const scale = Math.sqrt((wanted!.variances?.[bin] ?? 0) * 1000);
    expect(Math.abs(actual!.values[bin]! - w)).toBeLessThanOrEqual(1e-9 * scale);
    const [w2, wanted2] = [actual, wanted].map((one) => one!.variances?.[bin] ?? 0);
    expect(Math.abs(w2! - wanted2!)).toBeLessThanOrEqual(1e-9 * wanted2!);
  }
}

const resultOf = ({ store }: Explorer, name: string) =>
  store.getState().result!.histograms.find((one) => one.name === name)!.histogram;

test.each([
  ['x', [[0.2, 0.6]]],
  ['pt', [[20, 45]]],
] as [string, [number, number][]][])(
  'plots follow a brush on %s at once, and show the same when its run is done',
  async (name, ranges) => {
    const one = await open();
    const { brushing, actions, store, ran } = one;
    actions.setBrush(await brushOn(one, 'n', [1, 4]));
    await brushed(one, 1);
    brushing.enter(name, [0]);
    await indexed(one);
    const runs = ran.length;
    brushing.move(await brushOn(one, name, [1e-3, 1e-2]));
    const brush = brushing.move(await brushOn(one, name, ...ranges));
    expect(ran).toHaveLength(runs);
    const plots = ['x', 'pt', 'n', 'xpt'].filter((other) => other !== name);
    const seen = new Map(plots.map((other) => [other, shown(one, other)]));
    const { rows } = brushing.state.getState();
    expect(shown(one, name)).toBeUndefined();
    expect(shown(one, 'spread')).toBeUndefined();
    brushing.set(name, brush);
    expect(store.getState().brushes).toContainEqual(brush);
    await soon(() => expect(shown(one, 'n')).toBeUndefined());
    await brushed(one, 2);
    for (const other of plots) expectSame(seen.get(other), resultOf(one, other));
    const { cutflow, eventsPassed } = store.getState().result!;
    expect(eventsPassed).toBeGreaterThan(10);
    for (const [set, flow] of cutflow.entries())
      expect(rows![set]!.map(({ events }) => events)).toEqual(flow.rows.slice(-2).map(({ events }) => events));
    // The index stands: its own brush is no part of it.
    expect(brushing.state.getState().index).toBe('fine');
  },
);

test('where there is no index, moves run at their own pace, and the latest is shown', async () => {
  const one = await open();
  const { brushing, ran } = one;
  brushing.enter('xpt', [0, 1]);
  await indexed(one, 'run');
  const runs = ran.length;
  for (const to of [40, 50, 60, 70]) brushing.move(await brushOn(one, 'xpt', [0.2, 0.7], [20, to]));
  const brush = await brushOn(one, 'xpt', [0.2, 0.7], [20, 70]);
  await soon(() => expect(ran.length).toBe(runs + 2));
  await soon(() => expect(shown(one, 'pt')).toBeDefined());
  await new Promise((resolve) => setTimeout(resolve, 200));
  const seen = shown(one, 'pt');
  brushing.set('xpt', brush);
  await soon(() => expect(shown(one, 'pt')).toBeUndefined());
  await done(one);
  expectSame(seen, resultOf(one, 'pt'));
});

test('a large index comes in two steps, and brushes snap to what there is', async () => {
  const one = await open(TEXT.replace('bins: 25', 'bins: 900'));
  const { brushing } = one;
  const steps: { index: string; shown: Brush }[] = [];
  const wished = await brushOn(one, 'x', [0.2025, 0.6025]);
  brushing.state.subscribe(({ index }, before) => {
    if (index !== before.index && (index === 'coarse' || index === 'fine'))
      steps.push({ index, shown: brushing.move(wished) });
  });
  brushing.enter('x', [0]);
  await indexed(one);
  expect(steps.map(({ index }) => index)).toEqual(['coarse', 'fine']);
  const [coarse, fine] = steps.map(({ shown }) => shown.ranges[0]!);
  expect(fine).toEqual(wished.ranges[0]);
  expect(coarse).not.toEqual(fine);
  expect(Math.abs(coarse!.from - 0.2025)).toBeLessThan(0.04);
  brushing.cancel();
});

test('a move that is given up leaves everything as it was', async () => {
  const one = await open();
  const { brushing, store } = one;
  brushing.enter('x', [0]);
  await indexed(one);
  const { result, link } = store.getState();
  brushing.move(await brushOn(one, 'x', [0.2, 0.6]));
  expect(shown(one, 'pt')).toBeDefined();
  brushing.cancel();
  expect(shown(one, 'pt')).toBeUndefined();
  expect(store.getState()).toMatchObject({ link, brushes: [], phase: 'done' });
  expect(store.getState().result).toBe(result);
  expect(brushing.state.getState().rows).toBeUndefined();
});

test('an index makes way for what a person runs, and is built for what there is then', async () => {
  const one = await open();
  const { brushing, actions, ran } = one;
  brushing.enter('x', [0]);
  await soon(() => expect(ran.at(-1)!.names.some((name) => name.startsWith('brush cube'))).toBe(true));
  actions.edit([{ kind: 'setCut', name: 'some', expression: 'x > 0.5' }]);
  await done(one);
  await indexed(one);
  const brush = brushing.move(await brushOn(one, 'x', [0.2, 0.6]));
  const seen = shown(one, 'pt');
  brushing.set('x', brush);
  await soon(() => expect(shown(one, 'pt')).toBeUndefined());
  expectSame(seen, resultOf(one, 'pt'));
  expect(ran.every(({ alone }) => alone)).toBe(true);
});

test('a brush that becomes a cut leaves the same in all plots but its own', async () => {
  const one = await open();
  const { actions, store } = one;
  actions.setBrush(await brushOn(one, 'pt', [20, 45]));
  await brushed(one, 1);
  expect(store.getState().link).toContain('&brush=pt:20..');
  const before = resultOf(one, 'x');
  expect(await actions.makePermanent('pt')).toBeUndefined();
  expect(store.getState().brushes).toEqual([]);
  await soon(() => expect(store.getState().resultVersion).toBe(store.getState().version));
  await brushed(one, 1);
  expectSame(resultOf(one, 'x'), before);
  expect(store.getState().document!.select.at(-1)!.expression).toMatch(/^any\(\d+(\.\d+)? <= hard.pt < \d+(\.\d+)?\)$/);
});
