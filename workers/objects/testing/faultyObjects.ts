import { LumiscopeError } from '../../../core/errors.ts';
import { cancelled } from '../../io/errors.ts';
import type { ObjectInfo, ObjectStore } from '../objectStore.ts';

/** Shares of the operations that go wrong, each from 0 to 1; default: 0. */
export interface Faults {
  /** The same seed and the same order of operations go wrong in the same way. */
  seed: number;
  /** Nothing is done, and an error is told. */
  errors?: number;
  /** Of writes and removals: done, but an error is told. */
  lost?: number;
  /** Take up to `slowMs` longer. */
  slow?: number;
  /** Default: 20. */
  slowMs?: number;
  /** Of reads: only the first half of the bytes is given. */
  half?: number;
  /** Of listings: what was written or removed among the last `staleFor` operations is not seen. */
  stale?: number;
  /** Default: 10. */
  staleFor?: number;
  /** Whether the disk is full now: all writes fail then. */
  isFull?: () => boolean;
  /** Errors tell of the operation by this path alone. */
  only?: (path: string) => boolean;
}

export interface FaultyObjects extends ObjectStore {
  /** What went wrong so far. */
  readonly happened: readonly string[];
}

/** A store in which things go wrong by a plan, for tests. What goes wrong can be changed while it is used. */
export function faultyObjects(store: ObjectStore, faults: Faults): FaultyObjects {
  return wrap(store, faults, { random: randomOf(faults.seed), happened: [], recent: [], operations: 0 }, '');
}

interface Memory {
  random: () => number;
  happened: string[];
  /** What was there before the latest changes. */
  recent: { path: string; before: ObjectInfo | undefined; at: number }[];
  operations: number;
}

function wrap(store: ObjectStore, faults: Faults, memory: Memory, folder: string): FaultyObjects {
  const due = (share: number | undefined) => memory.random() < (share ?? 0);
  const trouble = (what: string, path: string, cause?: unknown) => {
    memory.happened.push(`${what} ${folder}${path}`);
    return new LumiscopeError('source', `${store.address}/${path}: ${what} (as planned)`, {
      hint: 'try again',
      place: { file: path },
      cause,
    });
  };
  const begin = async (path: string, signal?: AbortSignal) => {
    memory.operations++;
    const [isSlow, isWrong] = [due(faults.slow), due(faults.errors)];
    if (isSlow) await new Promise((resolve) => setTimeout(resolve, memory.random() * (faults.slowMs ?? 20)));
    if (signal?.aborted) throw cancelled();
    if (isWrong && (faults.only?.(folder + path) ?? true)) throw trouble('no answer', path);
  };
  const halved = (bytes: Uint8Array, path: string) => {
    if (!due(faults.half) || !(faults.only?.(folder + path) ?? true)) return bytes;
    memory.happened.push(`half of ${folder}${path}`);
    return bytes.subarray(0, bytes.length >> 1);
  };
  const changing = async <T>(path: string, change: () => Promise<T>) => {
    const isLost = due(faults.lost) && (faults.only?.(folder + path) ?? true);
    if (faults.stale) {
      const before = await store.stat(path);
      memory.recent.push({ path: folder + path, before, at: memory.operations });
    }
    const done = await change();
    if (isLost) throw trouble('the answer was lost', path);
    return done;
  };
  return {
    address: store.address,
    happened: memory.happened,
    async read(path, signal) {
      await begin(path, signal);
      const found = await store.read(path, signal);
      return found && { ...found, bytes: halved(found.bytes, path) };
    },
    async readRange(path, offset, length, signal) {
      await begin(path, signal);
      const bytes = await store.readRange(path, offset, length, signal);
      return bytes && halved(bytes, path);
    },
    async stat(path, signal) {
      await begin(path, signal);
      return store.stat(path, signal);
    },
    async write(path, bytes, condition, signal) {
      await begin(path, signal);
      if (faults.isFull?.()) throw trouble('the disk is full', path, Object.assign(new Error(), { code: 'ENOSPC' }));
      return changing(path, () => store.write(path, bytes, condition, signal));
    },
    async *list(prefix, signal) {
      await begin(prefix, signal);
      const hidden = new Map<string, ObjectInfo | undefined>();
      memory.recent = memory.recent.filter(({ at }) => memory.operations - at < (faults.staleFor ?? 10));
      if (due(faults.stale))
        for (const { path, before } of memory.recent.toReversed())
          if (path.startsWith(folder)) hidden.set(path.slice(folder.length), before);
      const found = new Map<string, ObjectInfo>();
      for await (const { path, ...info } of store.list(prefix, signal)) found.set(path, info);
      for (const [path, before] of hidden) {
        if (!path.startsWith(prefix)) continue;
        memory.happened.push(`stale listing of ${folder}${path}`);
        if (before) found.set(path, before);
        else found.delete(path);
      }
      for (const path of [...found.keys()].sort()) yield { path, ...found.get(path)! };
    },
    async remove(path, signal) {
      await begin(path, signal);
      await changing(path, () => store.remove(path, signal));
    },
    below: (name) => wrap(store.below(name), faults, memory, `${folder}${name}/`),
  };
}

/** Numbers from 0 to 1: mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
