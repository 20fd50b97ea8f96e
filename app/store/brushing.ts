/**
 * What follows a brush while it moves: an index of the other plots, built when the pointer or the focus comes to a plot and nothing else
 * runs, from which every move is answered at once; where there can be none, runs at the pace at which they get done. Loaded with the first brush.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Brush, withBrush, withoutBrush } from '../../core/analysis/brush.ts';
import type { BrushScope } from '../../core/analysis/brushCondition.ts';
import { type BrushRow, brushedDocument, brushedResult } from '../../core/analysis/brushed.ts';
import { type CubeLevel, type CubePlan, cubePlan } from '../../core/analysis/cube.ts';
import { CubeIndex } from '../../core/analysis/cubeIndex.ts';
import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { LumiscopeError } from '../../core/errors.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import type { FileAddress } from '../../workers/io/byteSource.ts';
import { brushScope } from './brushRun.ts';
import type { Explorer } from './explorer.ts';
import { openFiles } from './openFiles.ts';
import { ASK_ABOVE_BYTES } from './runner.ts';

/** Milliseconds that the pointer has to stay, so that passing over plots starts nothing. */
const DWELL = 120;
/** Milliseconds without a run before an index is built for a plot that was entered before it: runs often follow one another. */
const QUIET = 400;
/** Milliseconds after which a move does not wait for the run of the one before. */
const PATIENCE = 400;
/** Below so many doubles a coarse index would not be there much sooner than the fine one. */
const COARSE_ABOVE = 4e5;
/** Bytes of the indexes that are kept. */
const KEPT_BYTES = 128e6;

export interface BrushingState {
  /** The plot that the pointer or the focus is on. */
  histogram?: string;
  /** `waiting`: for a run of the document. `run`: there is no index for it, moves are runs. */
  index: 'none' | 'waiting' | 'building' | 'coarse' | 'fine' | 'run';
  /** Of the index that is being built, 0 to 1. */
  progress?: number;
  /** While a brush moves: the rows of all brushes in the cutflow, by data set. */
  rows?: readonly (readonly Omit<BrushRow, 'name'>[])[];
}

export interface Brushing {
  state: StoreApi<BrushingState>;
  /** The pointer or the focus comes to a plot: its other plots get an index by the axes that are drawn, of which there are one or two. */
  enter(histogram: string, axes: readonly number[]): void;
  /** Shows the other plots under a brush that moves. @returns the brush that they show, or that they will as soon as they can */
  move(brush: Brush): Brush;
  /** The brush stands, or is gone: the store has it, and runs for it. */
  set(histogram: string, brush: Brush | undefined): void;
  /** The move is given up: plots show the result again. */
  cancel(): void;
  stop(): void;
}

/** What an index is of: as long as it is the same, the index stands. */
interface Subject {
  document: AnalysisDocument;
  files: string;
  histogram: string;
  axes: readonly number[];
  others: string;
}

interface Entry {
  subject: Subject;
  index: CubeIndex;
}

/** What brushes of an explorer do while they move. */
export function createBrushing({ store, session, actions, live }: Explorer): Brushing {
  const state = createStore<BrushingState>()(() => ({ index: 'none' }));
  /** Least recently used first. */
  let entries: Entry[] = [];
  let entered: { histogram: string; axes: readonly number[] } | undefined;
  let current: CubeIndex | undefined;
  let scope: BrushScope | undefined;
  let building = new AbortController();
  let dwell: ReturnType<typeof setTimeout> | undefined;
  /** The brush that moves now. */
  let moving: Brush | undefined;
  /** Set, and not in a result yet. */
  let isSettling = false;
  /** Whether plots show what was published here. */
  let isShown = false;

  const isIdle = () => {
    const { phase, resultVersion, version } = store.getState();
    return phase === 'done' && resultVersion === version;
  };

  function subjectOf(histogram: string, axes: readonly number[]): Subject | undefined {
    const { document, files, brushes } = store.getState();
    if (!document) return undefined;
    const others = JSON.stringify(withoutBrush(brushes, histogram));
    // Where the brush stands among them says which rows of the cutflow hang on it.
    const place = brushes.findIndex((brush) => brush.histogram === histogram) + 1 || brushes.length + 1;
    const keys = JSON.stringify(files.map((set) => set.map(({ key }) => key)));
    return { document, files: keys, histogram, axes, others: `${place} ${others}` };
  }

  function isSame(a: Subject, b: Subject): boolean {
    const { histogram, files, others, document } = a;
    const isOne = histogram === b.histogram && files === b.files && others === b.others && document === b.document;
    return isOne && a.axes.length === b.axes.length && a.axes.every((axis, k) => axis === b.axes[k]);
  }

  function keep(entry: Entry): void {
    const others = entries.filter(
      ({ subject }) => !isSame(subject, entry.subject) && subject.document === entry.subject.document,
    );
    entries = [...others, entry];
    const bytes = () => entries.reduce((sum, { index }) => sum + 8 * index.plan.size, 0);
    while (entries.length > 1 && bytes() > KEPT_BYTES) entries.shift();
  }

  function abort(): void {
    clearTimeout(dwell);
    building.abort();
  }

  /** Starts over with what the plot that was entered needs now. */
  function refresh(wait = 0): void {
    abort();
    current = undefined;
    const { schema } = store.getState();
    const subject = entered && subjectOf(entered.histogram, entered.axes);
    if (!subject || !schema) return state.setState({ index: 'none', progress: undefined });
    const known = entries.find((entry) => isSame(entry.subject, subject));
    if (known) {
      keep(known);
      use(known.index);
      if (known.index.plan.level === 'fine') return;
    } else state.setState({ index: isIdle() ? 'building' : 'waiting', progress: undefined });
    if (!isIdle()) return;
    building = new AbortController();
    const { signal } = building;
    dwell = setTimeout(() => {
      build(subject, signal).catch((error) => {
        if (signal.aborted) return;
        // Runs say what is wrong with the data; an expression that grew too long leaves runs.
        const isOver = error instanceof LumiscopeError && error.tag === 'cancelled';
        state.setState({ index: isOver ? 'none' : 'run', progress: undefined });
        if (moving) pump();
      });
    }, wait);
  }

  async function build(subject: Subject, signal: AbortSignal): Promise<void> {
    const { schema, brushes } = store.getState();
    const files = openFiles(store.getState());
    if (!schema || !files) return;
    scope = await brushScope(subject.document, schema);
    if (signal.aborted) return;
    const { histogram, axes } = subject;
    const plan = (level: CubeLevel) => cubePlan(scope as BrushScope, histogram, axes, brushes, level);
    const fine = plan('fine');
    if (!fine || (await isDear(fine, files, signal))) {
      if (!signal.aborted) state.setState({ index: 'run', progress: undefined });
      if (!signal.aborted && moving) pump();
      return;
    }
    const isCoarseFirst = fine.size > COARSE_ABOVE && current === undefined;
    const coarse = isCoarseFirst ? plan('coarse') : undefined;
    for (const one of coarse ? [coarse, fine] : [fine]) {
      const index = await filled(one, files, signal);
      if (signal.aborted || !index) return;
      keep({ subject, index });
      use(index);
    }
  }

  /** Whether an index would fetch much again from other hosts: what runs read may have left the memory. */
  async function isDear({ document }: CubePlan, files: FileAddress[][], signal: AbortSignal): Promise<boolean> {
    if (!store.getState().files.some((set) => set.some(({ hosts }) => hosts !== undefined))) return false;
    const { bytes } = await session.plan(document, files, signal);
    return bytes > ASK_ABOVE_BYTES;
  }

  async function filled(plan: CubePlan, files: FileAddress[][], signal: AbortSignal): Promise<CubeIndex | undefined> {
    const tell = (progress: number) => {
      if (!signal.aborted) state.setState({ progress });
    };
    tell(0);
    const { histograms } = await session.run(plan.document, files, {
      engine: store.getState().engine.choice,
      signal,
      once: true,
      onProgress: ({ events, totalEvents }) => tell(totalEvents > 0 ? events / totalEvents : 0),
    });
    const parts = CubeIndex.parts(plan, histograms);
    for (;;) {
      const { done, value } = parts.next();
      if (done) return value;
      await new Promise((resolve) => setTimeout(resolve));
      if (signal.aborted) return undefined;
    }
  }

  function use(index: CubeIndex): void {
    current = index;
    state.setState({ index: index.plan.level, progress: undefined });
    if (moving) answer(moving);
  }

  /** Shows the other plots under a brush. @returns the brush, at the bounds that the index has */
  function answer(brush: Brush): Brush | undefined {
    if (current?.plan.active !== brush.histogram || current.plan.axes.length !== brush.ranges.length) return undefined;
    if (brush.ranges.some(({ axis }) => !current?.plan.axes.includes(axis))) return undefined;
    const nearest = current.nearest(brush);
    const { plots, rows } = current.slice(nearest);
    publish(plots);
    state.setState({ rows });
    return nearest;
  }

  function publish(plots: ReadonlyMap<string, Histogram>): void {
    isShown = true;
    live.publish(plots);
  }

  let run: AbortController | undefined;
  let begun = Number.NEGATIVE_INFINITY;
  let waiting: Brush | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Runs for the latest move, as soon as the run of the one before is done or takes too long. */
  function pump(): void {
    clearTimeout(timer);
    if (!waiting || !isIdle()) return;
    const left = run ? begun + PATIENCE - performance.now() : 0;
    if (left > 0) {
      timer = setTimeout(pump, left);
      return;
    }
    const brush = waiting;
    waiting = undefined;
    begun = performance.now();
    run?.abort();
    const own = new AbortController();
    run = own;
    runFor(brush, own.signal)
      .catch(() => undefined)
      .finally(() => {
        if (run === own) run = undefined;
        if (!own.signal.aborted) pump();
      });
  }

  async function runFor(brush: Brush, signal: AbortSignal): Promise<void> {
    const { document, schema, brushes, engine } = store.getState();
    const files = openFiles(store.getState());
    if (!document || !schema || !files) return;
    const at = await brushScope(document, schema);
    const all = at.settle(withBrush(brushes, brush));
    if (signal.aborted) return;
    const made = await session.run(brushedDocument(at, all), files, { engine: engine.choice, signal, once: true });
    if (signal.aborted || !moving) return;
    const { histograms, cutflow } = brushedResult(at, all, made);
    const others = histograms.filter(({ name }) => name !== brush.histogram);
    publish(new Map(others.map(({ name, histogram }): [string, Histogram] => [name, histogram])));
    state.setState({ rows: cutflow.map(({ rows }) => rows.slice(-all.length)) });
  }

  function endMove(): void {
    moving = undefined;
    waiting = undefined;
    clearTimeout(timer);
    run?.abort();
    run = undefined;
  }

  /** Plots show the result again. */
  function showResult(): void {
    isSettling = false;
    if (!isShown) return;
    isShown = false;
    live.publish(new Map());
    state.setState({ rows: undefined });
  }

  const unsubscribe = store.subscribe((now, before) => {
    const { phase, document, brushes } = now;
    if (phase !== before.phase && phase !== 'done') {
      run?.abort();
      run = undefined;
    }
    if (document !== before.document) {
      endMove();
      showResult();
    }
    const isOver =
      phase !== before.phase && (phase === 'done' || phase === 'failed' || phase === 'wrong' || phase === 'cancelled');
    if (isOver && isSettling) showResult();
    const isOther = phase !== before.phase || document !== before.document || brushes !== before.brushes;
    if (isOther && entered) refresh(moving ? 0 : QUIET);
    if (isOver && moving) pump();
  });

  return {
    state,
    enter(histogram, drawn) {
      const axes = [...drawn].sort((a, b) => a - b);
      const isSamePlot = entered?.histogram === histogram && String(entered.axes) === String(axes);
      if (isSamePlot || moving) return;
      entered = { histogram, axes };
      state.setState({ histogram });
      refresh(DWELL);
    },
    move(brush) {
      moving = brush;
      isSettling = false;
      const axes = brush.ranges.map(({ axis }) => axis).sort((a, b) => a - b);
      if (entered?.histogram !== brush.histogram || String(entered.axes) !== String(axes)) {
        entered = { histogram: brush.histogram, axes };
        state.setState({ histogram: brush.histogram });
        refresh();
      }
      const shown = answer(brush);
      if (shown) return shown;
      waiting = brush;
      if (state.getState().index === 'run') pump();
      return brush;
    },
    set(histogram, brush) {
      endMove();
      const before = store.getState().brushes.find((one) => one.histogram === histogram);
      if (JSON.stringify(before) === JSON.stringify(brush)) return showResult();
      isSettling = true;
      if (brush) actions.setBrush(brush);
      else actions.removeBrush(histogram);
      // Where nothing runs for it, nothing will end.
      if (store.getState().phase === 'done')
        setTimeout(() => store.getState().phase === 'done' && isSettling && showResult());
    },
    cancel() {
      endMove();
      showResult();
    },
    stop() {
      abort();
      endMove();
      unsubscribe();
      showResult();
      entries = [];
    },
  };
}
