/**
 * The place in a catalogue, kept in the address bar: which task is shown, and the parameters that make up its state. Each task has its own; those
 * of a task that is left come back with it.
 */
import { useCallback, useSyncExternalStore } from 'react';
import { type CataloguePlace, formatPlace, isCatalogueHash, parsePlace } from './address.ts';

type Parameters = CataloguePlace['parameters'];

/** Whether a change is another place, which Back leaves, or part of the present one. */
export type Step = 'moved' | 'changed';

let place = parsePlace(location.hash);
const listeners = new Set<() => void>();
/** Of tasks that were left. */
const left = new Map<string, Parameters>();

function arrive(): void {
  if (!isCatalogueHash(location.hash)) return;
  take(parsePlace(location.hash));
}

function take(next: CataloguePlace): void {
  if (next.address !== place.address) left.clear();
  else if (next.task !== place.task) left.set(place.task, place.parameters);
  place = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    window.addEventListener('popstate', arrive);
    window.addEventListener('hashchange', arrive);
    // Where the view was left, it may have been for another catalogue.
    arrive();
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.removeEventListener('popstate', arrive);
    window.removeEventListener('hashchange', arrive);
  };
}

/** Where the person is. */
export function usePlace(): CataloguePlace {
  return useSyncExternalStore(subscribe, () => place);
}

/** The link of a task; without parameters, as the person left it. */
export function taskLink(task: string, parameters: Parameters = left.get(task) ?? {}): string {
  return formatPlace({ address: place.address, task, parameters });
}

/** Shows another task: with parameters, or as it was left. */
export function openTask(task: string, parameters?: Parameters): void {
  const link = taskLink(task, parameters);
  history.pushState(history.state, '', link);
  take(parsePlace(link));
}

/** All parameters of the task that is shown, and what changes some of them; undefined or empty takes one out. */
export function useParameters(): [
  Parameters,
  (change: Readonly<Record<string, string | undefined>>, step?: Step) => void,
] {
  return [usePlace().parameters, changeParameters];
}

/**
 * A part of a task's state that lives in the link. The initial value is not written.
 * @returns the value and what changes it: `moved` for what Back is to undo
 */
export function useParameter(name: string, initial = ''): [string, (value: string, step?: Step) => void] {
  const value = useSyncExternalStore(subscribe, () => place.parameters[name] ?? initial);
  const set = useCallback(
    (next: string, step?: Step) =>
      write({ ...without(place.parameters, name), ...(next !== initial && { [name]: next }) }, step),
    [name, initial],
  );
  return [value, set];
}

function changeParameters(change: Readonly<Record<string, string | undefined>>, step?: Step): void {
  const next = { ...place.parameters };
  for (const [name, value] of Object.entries(change)) {
    if (value) next[name] = value;
    else delete next[name];
  }
  write(next, step);
}

function without(parameters: Parameters, name: string): Parameters {
  const { [name]: _, ...others } = parameters;
  return others;
}

function write(parameters: Parameters, step: Step = 'changed'): void {
  const next = { ...place, parameters };
  const link = formatPlace(next);
  if (link === formatPlace(place)) return;
  // Browsers limit how often the history may change; a missed update is made good by the next one.
  try {
    if (step === 'moved') history.pushState(history.state, '', link);
    else history.replaceState(history.state, '', link);
  } catch {}
  take(next);
}
