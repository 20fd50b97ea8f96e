/** One file that lies on several servers: where one of them fails, the next one listed goes on, if it has the same bytes. */
import type { LumiscopeError } from '../../core/errors.ts';
import type { ByteSource, FileAddress, PinnedFile, RangeCache } from './byteSource.ts';
import { type CachedSource, openCached } from './cache/openCached.ts';
import { cancelled, sourceError } from './errors.ts';
import { TAIL_BYTES } from './http.ts';
import type { OpenOptions } from './openOptions.ts';
import { publicUrl } from './publicUrl.ts';

/** How often a replica is tried while there is another one. */
const TRIES = 2;
/** Milliseconds for which a host that failed comes last. */
const SHUNNED = 60_000;

/** When each host failed last, in this thread. */
const failures = new Map<string, number>();

/**
 * Opens the first replica that can be had. What it is replaced by later has to be as long, and to end with the same bytes: servers make
 * their ETags each in its own way.
 * @throws LumiscopeError `source` that tells of each replica why it can't be had; `cancelled`
 */
export async function openReplicas(
  { url, replicas = [] }: Extract<FileAddress, { kind: 'url' }>,
  options: OpenOptions,
): Promise<CachedSource> {
  const source = new ReplicatedSource([...new Set([url, ...replicas])], options);
  await source.open(options.signal);
  const { asOf } = source;
  return { source, ...(asOf !== undefined && { asOf }) };
}

class ReplicatedSource implements ByteSource {
  readonly url: string;
  size: number;
  etag: string | undefined;
  hidden: readonly string[] | undefined;
  replica: PinnedFile['replica'];
  /** Of the first replica that was opened: what another one gives is the same. */
  cache?: RangeCache;
  asOf: number | undefined;
  readonly gap: () => number;
  readonly read: ByteSource['read'];
  readonly #urls: readonly string[];
  readonly #options: OpenOptions;
  readonly #open = new Map<string, Promise<ByteSource>>();
  /** Why replicas failed, by address; those are asked again when all have. */
  readonly #failed = new Map<string, LumiscopeError>();
  #current: ByteSource | undefined;

  constructor(urls: readonly string[], options: OpenOptions) {
    const { pinned } = options;
    this.url = publicUrl(urls[0]!);
    this.size = pinned?.size ?? 0;
    this.etag = pinned?.etag;
    this.replica = pinned?.replica;
    const first = pinned?.replica?.url;
    this.#urls = first === undefined ? urls : [first, ...urls.filter((url) => url !== first)];
    this.#options = options;
    // Own members, not the prototype's: sources are spread into others that add to them.
    this.gap = () => this.#current?.gap?.() ?? 0;
    this.read = (offset, length, signal) => this.#any((source) => source.read(offset, length, signal), signal);
  }

  /** Pins the version of the first replica that can be had; one that is pinned already is not asked. */
  async open(signal?: AbortSignal): Promise<void> {
    await this.#any(async () => {}, signal);
  }

  async #any<T>(work: (source: ByteSource) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const errors: LumiscopeError[] = [...this.#failed.values()];
    for (const url of this.#candidates()) {
      if (signal?.aborted) throw cancelled();
      try {
        const source = await this.#source(url, signal);
        this.#current = source;
        const result = await work(source);
        failures.delete(new URL(url).host);
        this.#options.counter.failed?.delete(publicUrl(url));
        return result;
      } catch (error) {
        if ((error as LumiscopeError).tag !== 'source') throw error;
        this.#fail(url, error as LumiscopeError);
        errors.push(error as LumiscopeError);
      }
    }
    this.#failed.clear();
    const said = errors.map(({ message }) => message).join('; ');
    const range = errors.find(({ place }) => place.range)?.place.range;
    const { hint = '' } = errors.at(-1)!;
    throw sourceError(this.url, `none of its ${this.#urls.length} replicas can be read: ${said}`, hint, {
      ...(range && { range }),
      cause: errors.at(-1),
    });
  }

  /** In the order of the list, those that failed before left out, and those on hosts that failed of late at the end. */
  #candidates(): string[] {
    const sound = this.#urls.filter((url) => !this.#failed.has(url));
    const left = sound.length > 0 ? sound : this.#urls;
    const shunned = (url: string) => performance.now() - (failures.get(new URL(url).host) ?? -SHUNNED) < SHUNNED;
    return [...left.filter((url) => !shunned(url)), ...left.filter(shunned)];
  }

  #source(url: string, signal?: AbortSignal): Promise<ByteSource> {
    const open = this.#open.get(url) ?? this.#openOne(url, signal);
    this.#open.set(url, open);
    open.catch(() => this.#open.delete(url));
    return open;
  }

  async #openOne(url: string, signal?: AbortSignal): Promise<ByteSource> {
    const { signal: _, pinned, ...options } = this.#options;
    const ownPin = pinned?.replica?.url === url ? pinned : undefined;
    const { source, asOf } = await openCached(url, {
      ...options,
      pinned: ownPin,
      tries: TRIES,
      ...(signal && { signal }),
    });
    if (source.cache && !this.cache) this.cache = source.cache;
    if (ownPin) return source;
    const end = Math.min(source.size, TAIL_BYTES);
    const tail = digest(await source.read(source.size - end, end, signal));
    if (!this.replica) {
      this.size = source.size;
      this.etag = source.etag;
      this.hidden = source.hidden;
      this.replica = { url, tail };
      this.asOf = asOf;
      return source;
    }
    const other = 'it is another file than its first replica';
    const hint = 'take it off the list of replicas, or copy the file there again';
    if (source.size !== this.size)
      throw sourceError(url, `${other}: ${source.size} bytes long, not ${this.size}`, hint);
    if (tail !== this.replica.tail) throw sourceError(url, `${other}: it ends with other bytes`, hint);
    return source;
  }

  #fail(url: string, error: LumiscopeError): void {
    this.#failed.set(url, error);
    this.#open.delete(url);
    failures.set(new URL(url).host, performance.now());
    this.#options.counter.failed?.set(publicUrl(url), error.message);
  }
}

/** Two 32-bit hashes (FNV-1a, and the same from the end), in hexadecimal: against mix-ups, not against forgery. */
function digest(bytes: Uint8Array): string {
  const fnv = (at: (k: number) => number) => {
    let hash = 0x811c9dc5;
    for (let k = 0; k < bytes.length; k++) hash = Math.imul(hash ^ bytes[at(k)]!, 0x01000193);
    return (hash >>> 0).toString(16);
  };
  return `${fnv((k) => k)}-${fnv((k) => bytes.length - 1 - k)}`;
}
