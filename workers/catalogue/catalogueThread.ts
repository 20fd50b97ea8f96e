import { transfer } from 'comlink';
import { toPlain } from '../../core/errors.ts';
import type { AccessRules } from '../io/access.ts';
import type { FileAddress, ReadCounter } from '../io/byteSource.ts';
import type { CacheDoor } from '../io/cache/door.ts';
import { shareLanes } from '../io/hosts.ts';
import type { OpenOptions } from '../io/openOptions.ts';
import type { OpenedSource } from '../io/openSource.ts';
import { setAccess } from '../io/send.ts';
import type { CachePlace } from '../schedule/workerApi.ts';
import type { Outcome } from '../session.ts';
import { objectAddress } from './objectAddress.ts';
import { objectSource, orObjectError } from './read/objectErrors.ts';
import type { Handed, TaskContext } from './taskContext.ts';
import type { CatalogueThreadApi, Done, TaskInput, TaskKind, TaskOutput } from './tasks.ts';
import { TASKS } from './tasks.ts';

/** What differs between browser and Node. */
export interface ThreadParts {
  openSource(address: FileAddress, options: OpenOptions): Promise<OpenedSource>;
  openCache?(place: CachePlace): CacheDoor;
  /** WebGPU's entry point. @throws GpuTrouble `refused` */
  findGpu?(): Promise<GPU | undefined>;
}

/** The worker's side of a catalogue: runs tasks, any number at a time. */
export function createCatalogueThread(parts: ThreadParts): CatalogueThreadApi {
  return new CatalogueThread(parts);
}

class CatalogueThread implements CatalogueThreadApi {
  readonly #parts: ThreadParts;
  readonly #running = new Map<number, AbortController>();
  readonly #kept = new Map<string, unknown>();
  #cache: CacheDoor | undefined;

  constructor(parts: ThreadParts) {
    this.#parts = parts;
  }

  configure(cache?: CachePlace): void {
    this.#cache = cache && this.#parts.openCache?.(cache);
  }

  setAccess(rules: AccessRules): void {
    setAccess(rules);
  }

  share(lanes: number): void {
    shareLanes(lanes);
  }

  async run<K extends TaskKind>(id: number, kind: K, input: TaskInput<K>): Promise<Outcome<Done<TaskOutput<K>>>> {
    const abort = new AbortController();
    const read: ReadCounter = { bytes: 0, requests: 0, cachedBytes: 0 };
    this.#running.set(id, abort);
    try {
      const { run } = (await TASKS[kind]()) as { run: Run };
      const given = await run(this.#context(read, abort.signal), input, abort.signal);
      const { handed, buffers } = isHanded(given) ? given : { handed: given, buffers: [] };
      const done = { ok: true as const, value: { value: handed as TaskOutput<K>, read } };
      return buffers.length > 0 ? transfer(done, buffers) : done;
    } catch (error) {
      return { ok: false, error: toPlain(error) };
    } finally {
      this.#running.delete(id);
    }
  }

  cancel(id: number): void {
    this.#running.get(id)?.abort();
  }

  async flush(): Promise<void> {
    await this.#cache?.flush();
  }

  #context(counter: ReadCounter, signal: AbortSignal): TaskContext {
    const { openSource, findGpu } = this.#parts;
    return {
      counter,
      kept: this.#kept,
      findGpu,
      open: async (address, size) => {
        const pinned = size === undefined ? undefined : { address, size, etag: undefined };
        const { source } = await openSource(address, { counter, signal, pinned, cache: this.#cache });
        return source;
      },
      object: async (folder, object) => {
        const { path, bytes: size, sha256 } = object;
        const address = objectAddress(folder, path);
        const pinned = address.kind === 'url' ? { address, size, etag: undefined } : undefined;
        const opening = openSource(address, { counter, signal, pinned });
        const source = objectSource(await opening.then((opened) => opened.source, orObjectError), object);
        if (!this.#cache || address.kind !== 'url') return source;
        return { ...source, cache: this.#cache.ranges(address.url, { size, etag: sha256 }, counter) };
      },
    };
  }
}

type Run = (context: TaskContext, input: unknown, signal: AbortSignal) => Promise<unknown>;

function isHanded(given: unknown): given is Handed<unknown> {
  return typeof given === 'object' && given !== null && 'handed' in given && 'buffers' in given;
}
