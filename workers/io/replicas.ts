/** One file that lies on several servers: where one of them fails, the next one listed goes on, if it has the same bytes. */
import type { LumiscopeError } from '../../core/errors.ts';
import type { ByteSource, FileAddress, PinnedFile, RangeCache } from './byteSource.ts';
import { type CachedSource, openCached } from './cache/openCached.ts';
import { cancelled, sourceError } from './errors.ts';
import { TAIL_BYTES } from './http.ts';
import type { OpenOptions } from './openOptions.ts';
import { publicUrl } from './publicUrl.ts';
import { unlessCancelled } from './unlessCancelled.ts';

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
  /** Addresses that failed: they are asked after the others. */
  readonly #failed = new Set<string>();
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
    const errors: LumiscopeError[] = [];
    for (const url of this.#candidates()) {
      if (signal?.aborted) throw cancelled();
      try {
        const source = await this.#source(url, signal);
        this.#current = source;
        const result = await work(source);
        this.#failed.delete(url);
        failures.delete(new URL(url).host);
        this.#options.counter.failed?.delete(publicUrl(url));
        return result;
      } catch (error) {
        if ((error as LumiscopeError).tag !== 'source') throw error;
        this.#fail(url, error as LumiscopeError);
        errors.push(error as LumiscopeError);
      }
    }
    const said = errors.map(({ message }) => message).join('; ');
    const range = errors.find(({ place }) => place.range)?.place.range;
    const { hint = '' } = errors.at(-1)!;
    throw sourceError(this.url, `none of its ${this.#urls.length} replicas can be read: ${said}`, hint, {
      ...(range && { range }),
      cause: errors.at(-1),
    });
  }

  /** In the order of the list, those on hosts that failed of late behind the others, and those that failed themselves at the end. */
  #candidates(): string[] {
    const isShunned = (url: string) => performance.now() - (failures.get(new URL(url).host) ?? -SHUNNED) < SHUNNED;
    const last = (url: string) => (this.#failed.has(url) ? 2 : Number(isShunned(url)));
    return [...this.#urls].sort((a, b) => last(a) - last(b));
  }

  /** Reads share one opening: it goes on where one of them is cancelled. */
  #source(url: string, signal?: AbortSignal): Promise<ByteSource> {
    const open = this.#open.get(url) ?? this.#openOne(url);
    this.#open.set(url, open);
    open.catch(() => this.#open.get(url) === open && this.#open.delete(url));
    return unlessCancelled(open, signal);
  }

  async #openOne(url: string): Promise<ByteSource> {
    const { signal: _, pinned, ...options } = this.#options;
    const ownPin = pinned?.replica?.url === url ? pinned : undefined;
    const { source, asOf } = await openCached(url, {
      ...options,
      pinned: ownPin,
      tries: TRIES,
    });
    if (ownPin) return this.#accept(source);
    const end = Math.min(source.size, TAIL_BYTES);
    const tail = digest(await source.read(source.size - end, end));
    if (!this.replica) {
      this.size = source.size;
      this.etag = source.etag;
      this.hidden = source.hidden;
      this.replica = { url, tail };
      this.asOf = asOf;
      return this.#accept(source);
    }
    const other = 'it is another file than its first replica';
    const hint = 'take it off the list of replicas, or copy the file there again';
    if (source.size !== this.size)
      throw sourceError(url, `${other}: ${source.size} bytes long, not ${this.size}`, hint);
    if (tail !== this.replica.tail) throw sourceError(url, `${other}: it ends with other bytes`, hint);
    return this.#accept(source);
  }

  /** Takes a source that has the bytes of the others. */
  #accept(source: ByteSource): ByteSource {
    if (source.cache && !this.cache) this.cache = source.cache;
    return source;
  }

  #fail(url: string, error: LumiscopeError): void {
    this.#failed.add(url);
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
