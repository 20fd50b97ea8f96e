/**
 * From the text to results: parse, find files, open them, compile, plan, run. Each change of the text
 * starts over; what is under way for an older text is cancelled first, and its results are dropped.
 */
import { compileDocument } from '../../core/analysis/compile.ts';
import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { type DocumentEdit, editDocument, parseDocument } from '../../core/analysis/yaml.ts';
import { type PlainError, toPlain } from '../../core/errors.ts';
import { buildSchema } from '../../core/schema/build.ts';
import type { ColumnInfo } from '../../core/schema/column.ts';
import type { FileAddress } from '../../workers/io/byteSource.ts';
import { openingKey, resolveFiles, wantsLocating } from './addresses.ts';
import type { BrushRun } from './brushRun.ts';
import { columnRange } from './columnRange.ts';
import { openFiles } from './openFiles.ts';
import { documentProblem, isInDocument, textProblem, treeProblems } from './problems.ts';
import type { FileState } from './state.ts';
import { suggestFirst } from './suggest.ts';
import type { Workshop } from './types.ts';

/** Bytes from other hosts above which a run waits for a click. */
export const ASK_ABOVE_BYTES = 100e6;
/** Milliseconds without a keystroke before the text is taken. */
const PAUSE = 150;
/** The same where it is wrong, or names other files: it is likely to be half a word yet. */
const LONG_PAUSE = 400;

export interface Runner {
  /** Takes the present text after a pause, or at once. */
  take(pause?: boolean): void;
  /** Runs although the cost is high, or again. */
  run(): void;
  /** Runs the present document again where it has run, or is at it: with other brushes. */
  refill(): void;
  /** Opens files again that could not be opened. */
  retry(): void;
  cancel(): void;
  /** Has WebAssembly make the result anew where the GPU made it. @throws LumiscopeError as `DataSession.run` */
  exact(): Promise<void>;
}

/** What the runner tells. */
interface RunnerEvents {
  /** The text is a document. */
  onDocument(document: AnalysisDocument): void;
  /** The text is no document. */
  onWrong(): void;
  /** Another text goes in place of the present one. */
  onText(text: string): void;
}

/** The runner of an explorer. */
export function createRunner(shop: Workshop, { onDocument, onWrong, onText }: RunnerEvents): Runner {
  const { store, session } = shop;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort = new AbortController();
  /** Settles when the session is free for the next run. */
  let last: Promise<unknown> = Promise.resolve();
  /** What the result that is shown was made of. */
  let made: { brushed: BrushRun; addresses: FileAddress[][] } | undefined;
  let statsTimer: ReturnType<typeof setInterval> | undefined;

  const later = (milliseconds: number, work: () => void): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      work();
    }, milliseconds);
  };

  const begin = (): AbortSignal => {
    clearTimeout(timer);
    timer = undefined;
    abort.abort();
    abort = new AbortController();
    return abort.signal;
  };

  async function refreshStats(): Promise<void> {
    try {
      store.setState({ stats: await session.stats() });
    } catch {
      // The figures stay as they were; a pool that is gone shows in the run itself.
    }
  }

  /** Takes the text as far as it goes. `typed`: the person may be in the middle of a word. */
  function advance(force: boolean, typed = false): void {
    const signal = begin();
    const { text } = store.getState();
    step(signal, force, typed).catch((error) => {
      if (!signal.aborted) fail(text, toPlain(error));
    });
  }

  async function step(signal: AbortSignal, force: boolean, typed: boolean): Promise<void> {
    const { text, version } = store.getState();
    if (!store.getState().opened) return;
    const parsed = parseDocument(text);
    const wait = () => later(LONG_PAUSE - PAUSE, () => advance(false));
    if (!parsed.document) {
      if (typed) return wait();
      store.setState({ phase: 'wrong', problems: parsed.errors.map((e) => textProblem(text, e)) });
      onWrong();
      return;
    }
    const document = parsed.document;
    const located = document.datasets.some(({ files }) => files.some(wantsLocating));
    const remote = located ? await import('../../workers/io/locate.ts') : undefined;
    if (signal.aborted) return;
    const known = new Map(
      store
        .getState()
        .files.flat()
        .map((f) => [openingKey(f), f]),
    );
    const files = resolveFiles(document, {
      base: shop.base,
      locals: shop.locals,
      isAllowed: (host) => shop.allowed.has(host),
      ...(remote && { locate: remote.locate }),
    }).map((set) => set.map((file) => keepOpened(file, known.get(openingKey(file)))));
    if (typed && files.flat().some((file) => !known.has(openingKey(file)) && !shop.listings.has(file.key)))
      return wait();
    store.setState({ document, files, problems: [], error: undefined, plan: undefined, phase: 'opening' });
    onDocument(document);
    if (files.flat().some(({ listing, status }) => listing && status === 'opening')) {
      const { expandPatterns } = await import('./expandPatterns.ts');
      const expanded = await expandPatterns(shop, files, signal);
      if (signal.aborted) return;
      store.setState({
        files: expanded.map((set) => set.map((file) => keepOpened(file, known.get(openingKey(file))))),
      });
    }
    await openAll(shop, signal);
    if (signal.aborted) return;
    const opened = store.getState().files;
    // Which replicas failed while they were opened.
    if (opened.flat().some(({ address }) => address?.kind === 'url' && address.replicas)) await refreshStats();
    const schema = buildSchema(allColumns(opened));
    const states = opened.flat();
    if (states.length === 0 || states.some((f) => f.status !== 'open')) {
      const problems = opened.flatMap((set, i) => treeProblems(text, set, i));
      store.setState({ phase: 'waiting', problems, schema: states.some((f) => f.summary) ? schema : undefined });
      return;
    }
    if (shop.suggestFor === text) {
      shop.suggestFor = undefined;
      const edits = suggestFirst(schema, (column) => columnRange(opened, column)).map(
        ({ name, axis }): DocumentEdit => ({ kind: 'addHistogram', spec: { name, axes: [axis] } }),
      );
      if (edits.length > 0) return onText(editDocument(text, edits));
    }
    const compiled = compileDocument(
      document,
      schema,
      document.datasets.find((dataset) => dataset.lumis !== false) ?? document.datasets[0],
    );
    if (!compiled.program) {
      if (typed) return wait();
      store.setState({
        schema,
        definitions: compiled.definitions,
        phase: 'wrong',
        problems: compiled.errors.map((e) => documentProblem(text, e)),
      });
      return;
    }
    store.setState({ schema, program: compiled.program, definitions: compiled.definitions, phase: 'planning' });
    const addresses = opened.map((set) => set.map((f) => f.address as FileAddress));
    await last;
    if (signal.aborted) return;
    const plan = await session.plan(document, addresses, signal);
    if (signal.aborted) return;
    store.setState({ plan });
    if (!force && plan.bytes > ASK_ABOVE_BYTES && states.some((f) => f.hosts)) {
      store.setState({ phase: 'ready' });
      return;
    }
    await execute(document, addresses, version, signal);
  }

  /** What has to run for the document under its brushes, and how its result is read. */
  async function underBrushes(document: AnalysisDocument): Promise<BrushRun> {
    const { brushes, schema } = store.getState();
    if (brushes.length === 0 || !schema) return { document, result: (result) => result };
    const { brushRun } = await import('./brushRun.ts');
    const { brushes: settled, ...run } = await brushRun(document, schema, brushes);
    if (store.getState().brushes !== brushes) return run;
    const gone = brushes.filter(({ histogram }) => settled.every((brush) => brush.histogram !== histogram));
    const names = gone.map(({ histogram }) => histogram).join(', ');
    const note = `The brush on ${names} is gone: the analysis has no such axes any more`;
    store.setState({ brushes: settled, ...(gone.length > 0 && { arrival: { what: 'brushes', note } }) });
    return run;
  }

  async function execute(
    document: AnalysisDocument,
    addresses: FileAddress[][],
    version: number,
    signal: AbortSignal,
  ): Promise<void> {
    store.setState({ phase: 'running', progress: undefined });
    const brushed = await underBrushes(document);
    if (signal.aborted) return;
    statsTimer ??= setInterval(() => void refreshStats(), 1000);
    const running = session.run(brushed.document, addresses, {
      engine: store.getState().engine.choice,
      signal,
      onProgress: ({ partial, ...progress }) => {
        if (signal.aborted) return;
        // An empty first partial would blank the plots of the run before.
        const shown = progress.events > 0 && { result: brushed.result(partial), resultVersion: version };
        if (shown) made = { brushed, addresses };
        store.setState({ progress, ...shown });
      },
    });
    last = running.catch(() => undefined);
    try {
      const result = brushed.result(await running);
      if (signal.aborted) return;
      made = { brushed, addresses };
      store.setState({
        phase: 'done',
        result,
        resultVersion: version,
        progress: {
          events: result.eventsRead,
          totalEvents: result.eventsRead,
          bytes: result.bytes,
          requests: result.requests,
          cachedBytes: result.cachedBytes,
          seconds: result.seconds,
        },
      });
      const plan = store.getState().plan;
      if (plan) store.setState({ plan: { ...plan, bytes: 0 } });
    } finally {
      clearInterval(statsTimer);
      statsTimer = undefined;
      void refreshStats();
    }
  }

  async function exact(): Promise<void> {
    for (let before: unknown; before !== last; await before) before = last;
    const { result, phase } = store.getState();
    if (result?.engine !== 'gpu' || !made) return;
    const { signal } = abort;
    const { brushed, addresses } = made;
    store.setState({ phase: 'running' });
    const running = session.run(brushed.document, addresses, { engine: 'wasm', signal });
    last = running.catch(() => undefined);
    try {
      const remade = brushed.result(await running);
      // A run that was at its start when this one began may have shown its own by now.
      if (!signal.aborted && store.getState().result === result) store.setState({ result: remade });
    } finally {
      // What has become of the present text meanwhile, or was before, is as it is.
      if (!signal.aborted && store.getState().phase === 'running') store.setState({ phase });
    }
  }

  function fail(text: string, error: PlainError): void {
    if (error.tag === 'cancelled') store.setState({ phase: 'cancelled' });
    else if (isInDocument(error)) store.setState({ phase: 'wrong', problems: [documentProblem(text, error)] });
    else store.setState({ phase: 'failed', error });
  }

  return {
    take(pause = false) {
      if (pause) later(PAUSE, () => advance(false, true));
      else advance(false);
    },
    run: () => advance(true),
    exact,
    refill() {
      const { phase, document, program, version, text } = store.getState();
      const addresses = openFiles(store.getState());
      // A text that is yet to be taken, or to be run, takes the brushes along.
      const hasRun = phase === 'done' || phase === 'running' || phase === 'cancelled' || phase === 'failed';
      if (timer !== undefined || !hasRun || !document || !program || !addresses) return;
      const signal = begin();
      last
        .then(() => (signal.aborted ? undefined : execute(document, addresses, version, signal)))
        .catch((error) => {
          if (!signal.aborted) fail(text, toPlain(error));
        });
    },
    retry() {
      const again = (f: FileState): FileState => (f.status === 'failed' ? { ...f, status: 'opening' } : f);
      store.setState((s) => ({ files: s.files.map((set) => set.map(again)) }));
      advance(false);
    },
    cancel() {
      const { phase } = store.getState();
      if (phase !== 'running' && phase !== 'planning' && phase !== 'opening') return;
      begin();
      store.setState({ phase: 'cancelled' });
    },
  };
}

/** A file that was opened or failed before keeps what was learnt, as long as it is the same one: an edit of the text asks no server again. */
function keepOpened(file: FileState, before: FileState | undefined): FileState {
  if (file.status !== 'opening') return file;
  if (before?.status === 'open') return { ...file, status: 'open', summary: before.summary, address: before.address };
  return before?.status === 'failed' ? { ...file, status: 'failed', error: before.error } : file;
}

/** Milliseconds between two looks at how many files are open. */
const OPENING_STEP = 100;

async function openAll(shop: Workshop, signal: AbortSignal): Promise<void> {
  const { store, session } = shop;
  const pending = new Map(
    store
      .getState()
      .files.flat()
      .filter((f) => f.status === 'opening')
      .map((f) => [openingKey(f), f]),
  );
  const changes = new Map<string, Partial<FileState>>();
  // All that came in at once: there may be thousands of files.
  const show = () => {
    if (signal.aborted || changes.size === 0) return;
    const next = (f: FileState): FileState => ({ ...f, ...changes.get(openingKey(f)) });
    store.setState((s) => ({ files: s.files.map((set) => set.map(next)) }));
    changes.clear();
  };
  const timer = setInterval(show, OPENING_STEP);
  await Promise.all(
    [...pending].map(async ([key, file]) => {
      try {
        changes.set(key, { status: 'open', summary: await session.open(file.address as FileAddress, signal) });
      } catch (error) {
        changes.set(key, { status: 'failed', error: toPlain(error) });
      }
    }),
  );
  clearInterval(timer);
  show();
}

/** Columns of all files, each name once. */
function allColumns(files: FileState[][]): ColumnInfo[] {
  const columns = new Map<string, ColumnInfo>();
  // Files of one kind share their list.
  for (const list of new Set(files.flat().map((file) => file.summary?.columns ?? []))) {
    for (const column of list) if (!columns.has(column.name)) columns.set(column.name, column);
  }
  return [...columns.values()];
}
