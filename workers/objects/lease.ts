/**
 * Leases: who holds one works on something, and others leave it alone. Clocks of machines differ, so nobody compares times of two of them: a holder writes its lease anew all the time (`beat`), and who
 * waits takes it over when it has seen the same version of it for its whole lifetime, by its own monotonic clock. The holder counts its lifetime from before its last writing, so it knows that
 * it may have lost the lease before anyone takes it. A lease spares work and guards nothing: a process that was stopped holds on to it until it looks.
 */
import * as z from 'zod';
import { alike } from '../io/hosts.ts';
import type { ObjectStore } from './objectStore.ts';

export interface LeaseOptions {
  /** Who takes it: a name that no other running process has. */
  holder: string;
  /** It is written anew three times as often; others take it over after as long without a sign of life [ms]. */
  ttlMs: number;
  /** A monotonic clock [ms]. */
  now?: () => number;
  signal?: AbortSignal;
}

export interface Lease {
  readonly holder: string;
  /** Counts up with each holder that the lease had. */
  readonly term: number;
  /** Fires when another one holds it, or may by now: it could not be renewed for its lifetime. */
  readonly lost: AbortSignal;
  /** Others can take it at once. Does nothing where it was lost. @throws LumiscopeError `source` where the store can't be written: it is free after its lifetime then */
  release(): Promise<void>;
}

/** The part of its lifetime after which a lease that could not be renewed is lost to its holder: clocks do not run alike. */
const SAFE = 0.95;

const leaseSchema = z.object({
  holder: z.string(),
  term: z.int().min(1),
  /** Counts up with each renewal, so that each one is another version. */
  beat: z.int().min(0),
  ttlMs: z.number().positive(),
  isFree: z.boolean(),
});
type LeaseText = z.infer<typeof leaseSchema>;

/** Versions of leases, and when whoever waits saw them first. */
const sightings = new WeakMap<ObjectStore, Map<string, { version: string; since: number }>>();

/**
 * Takes a lease that is free: nobody has held it, it was given back, or its holder has shown no sign of life for its lifetime since a call of this function first saw it so (with the same store and
 * `holder`). So it is to be called again and again. Renews it until it is released or lost.
 * @returns undefined where another one holds it
 * @throws LumiscopeError `source` where the store can't be read or written; `cancelled`
 */
export async function takeLease(store: ObjectStore, path: string, options: LeaseOptions): Promise<Lease | undefined> {
  const { holder, ttlMs, now = () => performance.now(), signal } = options;
  const seen = sightings.get(store) ?? new Map<string, { version: string; since: number }>();
  sightings.set(store, seen);
  const key = `${holder}\n${path}`;
  const found = await store.read(path, signal);
  const there = found && parse(found.bytes);
  if (found && !there?.isFree) {
    const sighting = seen.get(key);
    if (sighting?.version !== found.version) seen.set(key, { version: found.version, since: now() });
    if (sighting?.version !== found.version || now() - sighting.since < (there?.ttlMs ?? ttlMs)) return undefined;
  }
  const own: LeaseText = { holder, term: (there?.term ?? 0) + 1, beat: 0, ttlMs, isFree: false };
  const began = now();
  const version = await store.write(path, bytesOf(own), found ? { version: found.version } : 'absent', signal);
  if (!version) return undefined;
  seen.delete(key);
  return new HeldLease(store, path, own, { version, began, now });
}

class HeldLease implements Lease {
  readonly #store: ObjectStore;
  readonly #path: string;
  readonly #now: () => number;
  readonly #lost = new AbortController();
  readonly #stop = new AbortController();
  #own: LeaseText;
  #version: string;
  /** When what is written was begun to be written. */
  #began: number;
  #renewing: Promise<void> = Promise.resolve();
  #timers: ReturnType<typeof setTimeout>[] = [];

  constructor(
    store: ObjectStore,
    path: string,
    own: LeaseText,
    { version, began, now }: { version: string; began: number; now: () => number },
  ) {
    this.#store = store;
    this.#path = path;
    this.#now = now;
    this.#own = own;
    this.#version = version;
    this.#began = began;
    this.#watch();
  }

  get holder(): string {
    return this.#own.holder;
  }

  get term(): number {
    return this.#own.term;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async release(): Promise<void> {
    this.#end();
    await this.#renewing;
    if (this.#lost.signal.aborted) return;
    await this.#store.write(this.#path, bytesOf({ ...this.#own, isFree: true }), { version: this.#version });
  }

  #end(): void {
    this.#stop.abort();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #lose(): void {
    this.#end();
    this.#lost.abort();
  }

  /** The next renewal, and the end should there be none. */
  #watch(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    const { ttlMs } = this.#own;
    const left = this.#began + SAFE * ttlMs - this.#now();
    if (left <= 0) return this.#lose();
    const renew = () => {
      this.#renewing = this.#renew();
    };
    // The second one may be early by a fraction of a millisecond.
    this.#timers = [
      setTimeout(renew, Math.max(0, left - (SAFE - 1 / 3) * ttlMs)),
      setTimeout(() => this.#watch(), left + 1),
    ];
    for (const timer of this.#timers) (timer as { unref?(): void }).unref?.();
  }

  async #renew(): Promise<void> {
    const began = this.#now();
    const next = { ...this.#own, beat: this.#own.beat + 1 };
    try {
      const version = await this.#store.write(
        this.#path,
        bytesOf(next),
        { version: this.#version },
        alike(this.#stop.signal),
      );
      if (version === undefined) return this.#lose();
      this.#own = next;
      this.#version = version;
      this.#began = began;
      if (!this.#stop.signal.aborted) this.#watch();
    } catch {
      // The store is in trouble: again soon, as long as the lease lasts.
      if (this.#stop.signal.aborted) return;
      const again = setTimeout(() => {
        this.#renewing = this.#renew();
      }, this.#own.ttlMs / 12);
      again.unref?.();
      this.#timers.push(again);
    }
  }
}

const bytesOf = (lease: LeaseText) => new TextEncoder().encode(`${JSON.stringify(lease)}\n`);

function parse(bytes: Uint8Array): LeaseText | undefined {
  try {
    return leaseSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}
