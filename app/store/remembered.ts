/**
 * What the browser keeps between visits: hosts that the person agreed to, and documents that were open.
 * Storage may be full, blocked or hold anything: then nothing is remembered, and nothing breaks.
 */
import type { EngineChoice } from './engineChoice.ts';
import type { Recent } from './state.ts';

const HOSTS = 'lumiscope.hosts';
const RECENTS = 'lumiscope.recents';
const TOUR = 'lumiscope.tour';
const VIEW = 'lumiscope.analysis';
const SECTIONS = 'lumiscope.form';
const ENGINE = 'lumiscope.engine';
const MANY = 12;

/** Hosts that may be called without asking again. */
export function rememberedHosts(): string[] {
  const hosts = read(HOSTS);
  return Array.isArray(hosts) ? hosts.filter((h): h is string => typeof h === 'string') : [];
}

/** Keeps hosts for later visits. */
export function rememberHosts(hosts: readonly string[]): void {
  write(HOSTS, [...new Set([...rememberedHosts(), ...hosts])]);
}

/** Documents that were open, the latest first. */
export function recentDocuments(): Recent[] {
  const recents = read(RECENTS);
  return Array.isArray(recents) ? recents.filter(isRecent) : [];
}

/**
 * Puts a document in front of the recent ones; `replacing` is the link that it had before the last edit.
 * @returns the new list
 */
export function rememberDocument(recent: Recent, replacing?: string): Recent[] {
  const others = recentDocuments().filter((r) => r.link !== recent.link && r.link !== replacing);
  for (let many = MANY; many > 0; many = Math.floor(many / 2)) {
    const list = [recent, ...others].slice(0, many);
    if (write(RECENTS, list)) return list;
  }
  return [recent, ...others].slice(0, MANY);
}

/** Keeps the text of a document that is being changed but is not right at the moment. */
export function rememberText(link: string, text: string): void {
  const recents = recentDocuments();
  if (recents.some((r) => r.link === link))
    write(
      RECENTS,
      recents.map((r) => (r.link === link ? { ...r, text } : r)),
    );
}

/** Forgets all recent documents. */
export function forgetDocuments(): void {
  write(RECENTS, []);
}

/** Whether the tour was taken, or declined. */
export function knowsTour(): boolean {
  return read(TOUR) === true;
}

/** The tour is offered no more, but in the help. */
export function rememberTour(): void {
  write(TOUR, true);
}

function isRecent(value: unknown): value is Recent {
  const r = value as Partial<Recent> | null;
  return (
    typeof r?.title === 'string' &&
    typeof r.link === 'string' &&
    r.link.startsWith('#a=') &&
    typeof r.data === 'string' &&
    typeof r.text === 'string' &&
    typeof r.when === 'number'
  );
}

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

function write(key: string, value: unknown): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** How the analysis is shown: as the text that it is, or as a form. */
export type AnalysisView = 'text' | 'form';

export function rememberedAnalysisView(): AnalysisView {
  return read(VIEW) === 'form' ? 'form' : 'text';
}

export function rememberAnalysisView(view: AnalysisView): void {
  write(VIEW, view);
}

/** The engine that runs documents on this machine, where the person has chosen one. */
export function rememberedEngine(): EngineChoice {
  const choice = read(ENGINE);
  return choice === 'gpu' || choice === 'wasm' ? choice : 'auto';
}

export function rememberEngine(choice: EngineChoice): void {
  write(ENGINE, choice);
}

/** Parts of the form that are open or closed, by their titles. */
export function rememberedSections(): Readonly<Record<string, unknown>> {
  const sections = read(SECTIONS);
  return typeof sections === 'object' && sections !== null ? (sections as Record<string, unknown>) : {};
}

export function rememberSection(title: string, open: boolean): void {
  write(SECTIONS, { ...rememberedSections(), [title]: open });
}
