import { type EventSet, eventsOf } from '../../../core/catalogue/stream.ts';
import { LumiscopeError } from '../../../core/errors.ts';

/** A list of events that a person keeps. */
export interface KeptList {
  name: string;
  events: EventSet;
  /** What it came from, in words. */
  from: string;
  /** When it was kept, in ms since 1970. */
  kept: number;
}

/** Where lists last. Each call may fail: storage is full, or refused. */
export interface ListStorage {
  all(): Promise<KeptList[]>;
  put(list: KeptList): Promise<void>;
  remove(name: string): Promise<void>;
}

export const MOST_LISTS = 100;
/** In all lists: 8 bytes each. */
export const MOST_EVENTS_KEPT = 10_000_000;

/** What is shown of them. */
export interface ListsState {
  /** False until the storage has answered. */
  loaded: boolean;
  /** The latest first. */
  lists: readonly KeptList[];
  /** Why lists are gone with the page. */
  trouble: string | undefined;
}

/** The lists of a page. They last as far as the storage lets them; what it refuses stays as long as the page. */
export class KeptLists {
  #state: ListsState = { loaded: false, lists: [], trouble: undefined };
  readonly #storage: ListStorage;
  readonly #listeners = new Set<() => void>();
  #loading: Promise<void> | undefined;

  constructor(storage: ListStorage) {
    this.#storage = storage;
  }

  readonly state = (): ListsState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    void this.load();
    return () => this.#listeners.delete(listener);
  };

  /** Reads what earlier visits left, once. */
  load(): Promise<void> {
    this.#loading ??= this.#storage.all().then(
      (lists) => this.#set({ loaded: true, lists: lists.sort((a, b) => b.kept - a.kept) }),
      (error: unknown) => this.#set({ loaded: true, trouble: reason(error) }),
    );
    return this.#loading;
  }

  /**
   * Keeps a list. A name that is taken gets a number behind it.
   * @returns its name
   * @throws LumiscopeError `limit` where there is no room
   */
  async keep(name: string, events: EventSet, from = ''): Promise<string> {
    await this.load();
    const { lists } = this.#state;
    const count = eventsOf(events);
    const held = lists.reduce((sum, list) => sum + eventsOf(list.events), 0);
    if (lists.length >= MOST_LISTS || held + count > MOST_EVENTS_KEPT)
      throw new LumiscopeError(
        'limit',
        `there is no room for ${name} with ${count} events: ${lists.length} lists with ${held} events are kept, of ${MOST_LISTS} with ${MOST_EVENTS_KEPT}`,
        { hint: 'remove lists, or save this one as a file' },
      );
    const list = { name: this.#free(name.trim() || 'events'), events, from, kept: Date.now() };
    this.#set({ lists: [list, ...lists] });
    await this.#try(() => this.#storage.put(list));
    return list.name;
  }

  async remove(name: string): Promise<void> {
    this.#set({ lists: this.#state.lists.filter((list) => list.name !== name) });
    await this.#try(() => this.#storage.remove(name));
  }

  /** @returns the name that it got */
  async rename(name: string, wanted: string): Promise<string> {
    const list = this.#state.lists.find((one) => one.name === name);
    if (!list || wanted.trim() === '' || wanted.trim() === name) return name;
    const renamed = { ...list, name: this.#free(wanted.trim()) };
    this.#set({ lists: this.#state.lists.map((one) => (one === list ? renamed : one)) });
    await this.#try(() => this.#storage.put(renamed));
    await this.#try(() => this.#storage.remove(name));
    return renamed.name;
  }

  #free(name: string): string {
    const isTaken = (one: string) => this.#state.lists.some((list) => list.name === one);
    if (!isTaken(name)) return name;
    let number = 2;
    while (isTaken(`${name} (${number})`)) number++;
    return `${name} (${number})`;
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#set({ trouble: reason(error) });
    }
  }

  #set(change: Partial<ListsState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function reason(error: unknown): string {
  return (error as Error)?.message || String(error);
}
