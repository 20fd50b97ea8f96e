/** Lists of events that a person keeps: picked, selected or shared ones, for picks and overlaps to come. They survive the page. */
import { useSyncExternalStore } from 'react';
import type { EventSet } from '../../core/catalogue/stream.ts';
import { browserLists } from './lists/browserLists.ts';
import { KeptLists, type ListsState } from './lists/keptLists.ts';

export type { KeptList, ListsState } from './lists/keptLists.ts';

const kept = new KeptLists(browserLists);

/**
 * Keeps a list; a name that is taken gets a number behind it.
 * @param from what it came from, in words
 * @returns its name
 * @throws LumiscopeError `limit` where there is no room
 */
export function keepList(name: string, events: EventSet, from?: string): Promise<string> {
  return kept.keep(name, events, from);
}

export function removeList(name: string): Promise<void> {
  return kept.remove(name);
}

/** @returns the name that it got */
export function renameList(name: string, wanted: string): Promise<string> {
  return kept.rename(name, wanted);
}

/** The lists, and why they do not last where the browser refuses to keep them. */
export function useKeptLists(): ListsState {
  return useSyncExternalStore(kept.subscribe, kept.state);
}
