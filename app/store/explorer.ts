/**
 * The store of one explorer: what the page knows, and what a person can do. Made by a factory, so that a
 * page can hold several and a test can hold one without a browser's address bar.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Brush, withBrush, withoutBrush } from '../../core/analysis/brush.ts';
import { formatBrushes, parseBrushes } from '../../core/analysis/brushLink.ts';
import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { decodeLink, encodeLink } from '../../core/analysis/link.ts';
import { tidyDocument } from '../../core/analysis/tidy.ts';
import { type DocumentEdit, editDocument, formatDocument, parseDocument } from '../../core/analysis/yaml.ts';
import { type PlainError, toPlain } from '../../core/errors.ts';
import type { AccessRules } from '../../workers/io/access.ts';
import type { DataSession } from '../../workers/session.ts';
import { LiveNumbers } from '../plots/live.ts';
import { createArrivals } from './arrivals.ts';
import { type EngineChoice, formatEngine, parseEngine } from './engineChoice.ts';
import { createEventQuestions, type EventQuestions } from './eventQuestions.ts';
import { createHistory, type Origin } from './history.ts';
import { formatPane, type Pane, type Show, START_PANE } from './pane.ts';
import { trueChange, type ViewChange } from './plotView.ts';
import {
  forgetDocuments,
  recentDocuments,
  rememberDocument,
  rememberEngine,
  rememberedEngine,
  rememberedHosts,
  rememberHosts,
  rememberText,
} from './remembered.ts';
import { createRunner } from './runner.ts';
import { formatStarts, parseStarts, startsOf } from './sliderHash.ts';
import type { ExplorerState, FileState } from './state.ts';
import { textChange } from './textChange.ts';
import type { Workshop } from './types.ts';
import { formatViews, parseHash } from './viewHash.ts';

/** What a person can do. */
export interface Actions extends EventQuestions {
  /** Takes the text as it is being typed. */
  setText(text: string): void;
  /**
   * Changes the text by its meaning: comments and order are kept. Changes with one step's name that follow one
   * another are undone together: a slider's drag, a visit to a field. `typing`: it runs once the person pauses.
   * @returns why it can't be done
   */
  edit(edits: DocumentEdit[], step?: string, typing?: boolean): PlainError | undefined;
  /** Puts another text in place of the present one; with one step's name as `edit`. @returns why it can't be done */
  rewrite(make: (text: string) => string, step?: string): PlainError | undefined;
  /** Tidies the text: its form changes, its meaning, order and comments stay. @returns why it can't be done */
  tidy(): PlainError | undefined;
  /** Adds files of this machine to a data set. @param instead of the files that it has */
  addLocalFiles(dataset: string, files: readonly File[], instead?: boolean): Promise<PlainError | undefined>;
  /** Goes back to the text before the last step, whoever took it; `redo` forward again. */
  undo(): void;
  redo(): void;
  /** Opens a document, with the suggestion of histograms where it has none. */
  openText(text: string): void;
  /**
   * Opens what the hash of a link holds; nothing, for an empty one. `own`: the person comes back to what was
   * open here, and gets the text as it was left, be it wrong.
   */
  openHash(hash: string, own?: boolean): void;
  /** Opens a link, a document or a data file by its address. */
  openAddress(address: string): void;
  /** Opens a document by its address, whatever the name ends with. `show`: what the pane on the right starts with. */
  openDocument(address: string, show?: Show): void;
  /** Opens dropped or picked files: documents, or data. */
  openFiles(files: readonly File[]): void;
  /** Gives local files that the document asks for; without such a wish, opens them. */
  giveFiles(files: readonly File[]): void;
  /** Takes a local file although its size or content differ. */
  acceptAnyway(key: string): void;
  /** Agrees to calls to hosts, for this visit or for good. */
  allowHosts(hosts: readonly string[], remember: boolean): void;
  /** Drops what did not arrive. */
  dismissArrival(): void;
  /** Tries files that failed again. */
  retry(): void;
  /** Opens the dialog for keys and tokens, for a host; undefined closes it. */
  askAccess(host: string | undefined): void;
  /** Replaces the keys and tokens of this visit, and tries files that failed again. */
  setAccess(rules: AccessRules): void;
  run(): void;
  cancel(): void;
  /** Chooses the engine, for this browser, and runs again. */
  setEngine(choice: EngineChoice): void;
  /**
   * The state with a result that WebAssembly has made, for all that leaves the page: where the GPU made it, it is made again.
   * @throws LumiscopeError as `DataSession.run`
   */
  exact(): Promise<ExplorerState>;
  /** Changes how a plot is drawn; the link keeps it. */
  setView(histogram: string, change: ViewChange): void;
  /** Marks a part of a plot, in place of the one that is marked in it; the other plots are filled with what passes. */
  setBrush(brush: Brush): void;
  removeBrush(histogram: string): void;
  removeBrushes(): void;
  /** Makes a brush the last cut of the document. @returns why it can't be done */
  makePermanent(histogram: string): Promise<PlainError | undefined>;
  /** Changes what the pane on the right shows; a step that Back undoes where another part or another event is shown. */
  setPane(change: Partial<Pane>): void;
  /** Shows in the pane what a link of this document says. */
  backTo(hash: string): void;
  /** What is done with saved results. */
  setSavedUse(use: 'over' | 'add'): void;
  /** Shows the histograms that lie in a ROOT file, as saved results. @returns the name of the first one */
  showHistograms(file: FileState): Promise<string | undefined>;
  /** Takes saved results away again. */
  removeSaved(): void;
  /** Shows a place of the text in the editor. */
  goTo(span: [number, number]): void;
  /** Asks for another name of what stands at the editor's cursor. */
  askRename(): void;
  /** Brings a plot into view. */
  showPlot(histogram: string): void;
  /** Keeps the text as it is now among the recent documents, before the page goes. */
  keepText(): void;
  /** Back to the start page. The document stays among the recent ones. */
  leave(): void;
  forgetRecents(): void;
}

export interface Explorer {
  store: StoreApi<ExplorerState>;
  actions: Actions;
  /** Address of the page, which links start with. */
  base: string;
  /** For views that ask questions of their own of the open files, when nothing else runs. */
  session: DataSession;
  /** What plots show while something is being dragged. */
  live: LiveNumbers;
}

/** What an explorer needs of its surroundings. */
export interface Surroundings {
  session: DataSession;
  /** Address of the page without its hash. */
  base: string;
  onLink?: (link: string, step: LinkStep) => void;
  /** Whether what is opened is kept among the recent documents; default: yes. */
  remembers?: boolean;
}

/** Why there is a new link: a document was opened, the person went to another place in it, or anything changed. */
export type LinkStep = 'entered' | 'moved' | 'changed';

/** A fresh explorer with nothing open. */
export function createExplorer({ session, base, onLink, remembers = true }: Surroundings): Explorer {
  const store = createStore<ExplorerState>()(() => ({
    opened: false,
    text: '',
    version: 0,
    history: { canUndo: false, canRedo: false },
    problems: [],
    definitions: new Map(),
    files: [],
    phase: 'waiting',
    resultVersion: -1,
    views: {},
    brushes: [],
    saved: [],
    savedUse: 'over',
    sliderStarts: {},
    pane: START_PANE,
    engine: { choice: remembers ? rememberedEngine() : 'auto' },
    access: { keys: [], tokens: [] },
    link: '',
    recents: remembers ? recentDocuments() : [],
  }));
  const shop: Workshop = {
    store,
    session,
    base,
    locals: [],
    allowed: new Set(rememberedHosts()),
    listings: new Map(),
    suggestFor: undefined,
  };
  const runner = createRunner(shop, {
    onDocument: (document) => publish(document),
    onWrong: () => keepText(),
    onText: (text) => setText(text, { kind: 'amendment' }),
  });
  const history = createHistory();
  /** Link of the recent entry that belongs to the open document: edits replace it. */
  let ownLink: string | undefined;
  let entered = false;

  function setText(text: string, origin: Origin): void {
    if (text === store.getState().text) return;
    history.record(text, origin);
    store.setState((s) => ({ text, version: s.version + 1, history: reach() }));
    runner.take(origin.kind === 'typed' || (origin.kind === 'step' && origin.typing));
  }

  const reach = () => ({ canUndo: history.canUndo, canRedo: history.canRedo });

  /** Puts a text of the history in place. */
  function restore(text: string | undefined): void {
    if (text === undefined) return;
    const { from, insert } = textChange(store.getState().text, text) ?? { from: 0, insert: '' };
    store.setState((s) => ({
      text,
      version: s.version + 1,
      history: { ...reach(), restored: [from, from + insert.length] },
    }));
    runner.take();
  }

  /** The text as it is being typed, which the runner may not have taken yet. */
  function keepText(): void {
    if (remembers && ownLink) rememberText(ownLink, store.getState().text);
  }

  function publish(document: AnalysisDocument): void {
    let link: string;
    try {
      link = encodeLink(document);
    } catch {
      return; // A document too long for a link still works; the address bar keeps the last link.
    }
    store.setState({ sliderStarts: startsOf(document, store.getState().sliderStarts) });
    const data = document.datasets.map((d) => d.name).join(', ');
    const title = document.title || data || 'Untitled';
    const { text } = store.getState();
    const recents = remembers ? rememberDocument({ title, link, text, data, when: Date.now() }, ownLink) : [];
    ownLink = link;
    store.setState({ recents });
    tellLink(link, entered ? 'entered' : 'changed');
    entered = false;
  }

  /** Makes the link of document, views and pane the present one. @param link of the document */
  function tellLink(link: string, step: LinkStep): void {
    const { views, brushes, pane, document, sliderStarts, engine } = store.getState();
    const names = document?.histograms.map((h) => h.name) ?? [];
    const starts = document ? formatStarts(sliderStarts, document) : '';
    const shown = formatViews(views, names) + formatBrushes(brushes, names) + starts + formatPane(pane);
    const whole = link + shown + formatEngine(engine.asked && engine.choice);
    store.setState({ link: whole });
    onLink?.(whole, step);
  }

  /** The link again, after a change of views or pane. */
  function refreshLink(step: LinkStep): void {
    const { link } = store.getState();
    if (link !== '') tellLink(parseHash(link).link, step);
  }

  /** Puts another document in place of the open one; its lines end as the editor's do. `own`: link of its recent entry. */
  function enter(
    given: string,
    shown: Partial<Pick<ExplorerState, 'views' | 'brushes' | 'sliderStarts' | 'pane' | 'engine'>> = {},
    suggest = false,
    own?: string,
  ): void {
    const text = given.replace(/\r\n?/g, '\n');
    entered = true;
    shop.suggestFor = suggest ? text : undefined;
    runner.cancel();
    ownLink = own;
    history.reset(text);
    store.setState((s) => ({
      opened: true,
      text,
      version: s.version + 1,
      history: reach(),
      views: shown.views ?? {},
      brushes: shown.brushes ?? [],
      saved: [],
      savedUse: 'over',
      sliderStarts: shown.sliderStarts ?? {},
      pane: shown.pane ?? START_PANE,
      engine: shown.engine ?? { choice: remembers ? rememberedEngine() : 'auto' },
      document: undefined,
      problems: [],
      files: [],
      schema: undefined,
      program: undefined,
      plan: undefined,
      error: undefined,
      progress: undefined,
      result: undefined,
      resultVersion: -1,
      arrival: undefined,
    }));
    runner.take();
  }

  function openHash(hash: string, own = false): void {
    if (!hash.startsWith('#a=')) return;
    const { link, views, pane } = parseHash(hash);
    const kept = remembers ? recentDocuments().find((r) => r.link === link)?.text : undefined;
    try {
      const document = decodeLink(link);
      const { document: same } = parseDocument(kept ?? '');
      // The kept text has the comments, which a link has not.
      const keeps = kept !== undefined && (own || (same !== undefined && encodeLink(same) === link));
      const asked = parseEngine(hash);
      const engine = asked && ({ choice: asked, asked: true } as const);
      const sliderStarts = parseStarts(hash);
      const shown = { views, brushes: parseBrushes(hash), pane, sliderStarts, ...(engine && { engine }) };
      enter(keeps ? kept : formatDocument(document), shown, false, keeps ? link : undefined);
      if (keeps && !same) store.setState({ link: hash });
    } catch (error) {
      store.setState({ arrival: { what: 'the link', error: toPlain(error) } });
    }
  }

  /** Other brushes: the same document is filled again. */
  function rebrush(brushes: readonly Brush[]): void {
    store.setState({ brushes });
    refreshLink('changed');
    runner.refill();
  }

  function change(edits: DocumentEdit[], origin: Origin): PlainError | undefined {
    return attempt((text) => editDocument(text, edits), origin);
  }

  function attempt(make: (text: string) => string, origin: Origin): PlainError | undefined {
    try {
      setText(make(store.getState().text), origin);
      return undefined;
    } catch (error) {
      return toPlain(error);
    }
  }

  const arrivals = createArrivals(shop, {
    enter: (text, suggest, show) => enter(text, show && { pane: { ...START_PANE, show } }, suggest),
    amend: (edits) => change(edits, { kind: 'amendment' }),
    edit: (edits) => change(edits, { kind: 'step' }),
    openHash,
  });

  const actions: Actions = {
    ...createEventQuestions(shop),
    setText: (text) => setText(text, { kind: 'typed', at: performance.now() }),
    edit(edits, name, typing) {
      const { views, text } = store.getState();
      const error = change(edits, { kind: 'step', name, typing });
      // Data that wait for a choice of their tree get their first plots after it.
      if (shop.suggestFor === text && edits.every(({ kind }) => kind === 'setDataset'))
        shop.suggestFor = store.getState().text;
      const moved = error ? [] : edits.filter((edit) => edit.kind === 'renameHistogram');
      for (const { name: from, to } of moved)
        store.setState((s) => ({
          ...(views[from] && { views: { ...s.views, [to]: views[from] } }),
          brushes: s.brushes.map((brush) => (brush.histogram === from ? { ...brush, histogram: to } : brush)),
        }));
      return error;
    },
    rewrite: (make, name) => attempt(make, { kind: 'step', name }),
    tidy: () => attempt(tidyDocument, { kind: 'step' }),
    addLocalFiles: arrivals.addLocalFiles,
    undo: () => restore(history.undo()),
    redo: () => restore(history.redo()),
    openText: (text) => enter(text),
    openHash,
    openAddress: arrivals.openAddress,
    openDocument: arrivals.openDocument,
    openFiles: (files) => void arrivals.openFiles(files),
    giveFiles: (files) => void arrivals.giveFiles(files, () => runner.take()),
    acceptAnyway(key) {
      const wish = store
        .getState()
        .files.flat()
        .find((f) => f.key === key);
      const blob = wish?.address?.kind === 'blob' ? wish.address.blob : undefined;
      for (const local of shop.locals) if (local.file === blob) local.standsFor = key;
      runner.take();
    },
    allowHosts(hosts, remember) {
      for (const host of hosts) shop.allowed.add(host);
      if (remember) rememberHosts(hosts);
      const arrival = store.getState().arrival;
      if (arrival?.asksHost && shop.allowed.has(arrival.asksHost)) arrivals.openDocument(arrival.what);
      else runner.take();
    },
    dismissArrival: () => store.setState({ arrival: undefined }),
    retry() {
      shop.listings.clear();
      runner.retry();
    },
    askAccess: (accessFor) => store.setState({ accessFor }),
    setAccess(access) {
      session.setAccess(access);
      store.setState({ access });
      // A catalogue may be all that is open.
      if (store.getState().opened) actions.retry();
    },
    run: () => runner.run(),
    cancel: () => runner.cancel(),
    setEngine(choice) {
      rememberEngine(choice);
      store.setState({ engine: { choice } });
      refreshLink('changed');
      runner.take();
    },
    async exact() {
      await runner.exact();
      return store.getState();
    },
    setView(histogram, change) {
      const { views, document } = store.getState();
      const histograms = document?.histograms ?? [];
      const start = histograms.find((h) => h.name === histogram)?.view;
      const next = { ...views, [histogram]: trueChange(start, { ...views[histogram], ...change }) };
      store.setState({ views: next });
      refreshLink('changed');
    },
    setBrush: (brush) => rebrush(withBrush(store.getState().brushes, brush)),
    removeBrush: (histogram) => rebrush(withoutBrush(store.getState().brushes, histogram)),
    removeBrushes: () => rebrush([]),
    async makePermanent(histogram) {
      const { document, schema, brushes } = store.getState();
      const brush = brushes.find((one) => one.histogram === histogram);
      if (!document || !schema || !brush) return undefined;
      const { permanentCut } = await import('./brushRun.ts');
      const edits = await permanentCut(document, schema, brush);
      if (store.getState().document !== document) return undefined;
      const error = actions.edit(edits);
      if (!error) {
        store.setState((s) => ({ brushes: withoutBrush(s.brushes, histogram) }));
        refreshLink('changed');
      }
      return error;
    },
    setPane(change) {
      const { pane } = store.getState();
      const next = { ...pane, ...change };
      if (formatPane(next) === formatPane(pane)) return;
      store.setState({ pane: next });
      const isStep = next.show !== pane.show || next.event !== pane.event;
      refreshLink(isStep ? 'moved' : 'changed');
    },
    backTo(hash) {
      store.setState({ pane: parseHash(hash).pane });
      refreshLink('changed');
    },
    showHistograms: arrivals.showHistograms,
    setSavedUse: (savedUse) => store.setState({ savedUse }),
    removeSaved: () => store.setState({ saved: [] }),
    goTo: (span) => store.setState({ wish: { span } }),
    askRename: () => store.setState({ wish: { rename: true } }),
    showPlot(name) {
      store.setState({ wantedPlot: { name } });
      actions.setPane({ show: 'plots' });
    },
    leave() {
      keepText();
      runner.cancel();
      ownLink = undefined;
      history.reset('');
      store.setState((s) => ({
        opened: false,
        text: '',
        version: s.version + 1,
        history: reach(),
        document: undefined,
        files: [],
        result: undefined,
        brushes: [],
        pane: START_PANE,
        link: '',
        problems: [],
        arrival: undefined,
      }));
    },
    keepText,
    forgetRecents() {
      forgetDocuments();
      store.setState({ recents: [] });
    },
  };
  return { store, session, actions, base, live: new LiveNumbers() };
}
