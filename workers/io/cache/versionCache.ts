import type { ByteRange, RangeCache, ReadCounter } from '../byteSource.ts';
import type { CacheDisk } from './disk.ts';
import { appendToPack, markDead, readEntries, recordBytes } from './pack.ts';
import { PackIndex, type Place } from './packIndex.ts';

/** Ranges wait so long for others, so that they are written together. */
const GATHER_MS = 250;
/** As soon as more than this waits, it is written. */
const BATCH_BYTES = 8e6;
/** No more than this waits for a slow disk: what comes then is not kept. */
const WAITING_BYTES = 64e6;
/** What other threads and tabs wrote is looked for this often, where something is missing. */
const LOOK_AGAIN_MS = 3000;
/** A pack that has so many gets no more; a pack is what is dropped at once, so that it is a small part of the quota. */
const PACK_BYTES = 32e6;
/** Places that a range is looked for in. */
const TRIES = 3;
/** Packs are noted as used this often. */
const TOUCH_MS = 60_000;

/** What a version's cache needs of the store around it. */
export interface VersionSetup {
  disk: CacheDisk;
  folder: string;
  /** What the names of its packs begin with. */
  version: string;
  /** Bytes that the whole cache may take up. */
  quota: number;
  /** Milliseconds between two notes that a pack is used; default: a minute. */
  touchMs?: number;
  /** Whether there is room for more. */
  hasRoom(): boolean;
  /** Told after something was written. */
  onWritten(bytes: number): Promise<void>;
  /** Told that nothing can be written any more, and why. */
  onFailure(error: unknown): void;
}

interface Pending {
  ranges: ByteRange[];
  parts: Uint8Array[];
  bytes: number;
  keys: Map<string, Uint8Array>;
}

const nothing = (): Pending => ({ ranges: [], parts: [], bytes: 0, keys: new Map() });

/** The held ranges of one version of a file, for one thread. */
export class VersionCache implements RangeCache {
  readonly #setup: VersionSetup;
  readonly #index: PackIndex;
  readonly #counter: ReadCounter;
  readonly #touched = new Map<string, number>();
  #pending = nothing();
  /** On its way to disk. */
  #writing = nothing();
  #written: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pack: string | undefined;
  readonly #packBytes: number;
  readonly #mostWaiting: number;

  constructor(setup: VersionSetup, counter: ReadCounter) {
    this.#setup = setup;
    this.#counter = counter;
    this.#packBytes = Math.min(PACK_BYTES, setup.quota / 16);
    this.#mostWaiting = Math.min(WAITING_BYTES, setup.quota / 4);
    this.#index = new PackIndex(setup.disk, setup.folder, setup.version);
  }

  async get(ranges: readonly ByteRange[]): Promise<(Uint8Array | undefined)[]> {
    try {
      await this.#index.look(Number.POSITIVE_INFINITY);
      if (ranges.some((range) => !this.#holds(range))) await this.#index.look(LOOK_AGAIN_MS);
      const results = ranges.map((range) => this.#waiting(range));
      // A damaged range may be held in another place as well.
      for (let tries = 0; tries < TRIES; tries++) {
        const byPack = this.#packsOf(ranges, results);
        if (byPack.size === 0) break;
        for (const [pack, members] of byPack) await this.#readPack(pack, members, ranges, results);
      }
      const bytes = results.reduce((sum, one) => sum + (one?.length ?? 0), 0);
      this.#counter.cachedBytes = (this.#counter.cachedBytes ?? 0) + bytes;
      return results;
    } catch (error) {
      this.#setup.onFailure(error);
      return ranges.map(() => undefined);
    }
  }

  async holds(ranges: readonly ByteRange[]): Promise<boolean[]> {
    await this.#index.look(LOOK_AGAIN_MS).catch((error) => this.#setup.onFailure(error));
    return ranges.map((range) => this.#holds(range));
  }

  put(ranges: readonly ByteRange[], bytes: readonly Uint8Array[]): void {
    if (!this.#setup.hasRoom()) return;
    ranges.forEach((range, k) => {
      const part = bytes[k]!;
      if (part.length === 0 || this.#holds(range)) return;
      if (this.#pending.bytes + this.#writing.bytes + part.length > this.#mostWaiting) return;
      const copy = part.slice();
      this.#pending.ranges.push(range);
      this.#pending.parts.push(copy);
      this.#pending.keys.set(keyOf(range), copy);
      this.#pending.bytes += part.length;
    });
    if (this.#pending.bytes === 0) return;
    if (this.#pending.bytes > Math.min(BATCH_BYTES, this.#packBytes)) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS);
  }

  /** Settles when all that was put is on disk. Never throws. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#written = this.#written.then(() => this.#write()).catch((error) => this.#fail(error));
    return this.#written;
  }

  /** Looks anew what other threads and tabs wrote. */
  look(): Promise<void> {
    return this.#index.look(0);
  }

  #holds(range: ByteRange): boolean {
    return this.#waiting(range) !== undefined || range[1] === 0 || this.#index.find(range) !== undefined;
  }

  #waiting(range: ByteRange): Uint8Array | undefined {
    const key = keyOf(range);
    return (this.#pending.keys.get(key) ?? this.#writing.keys.get(key))?.slice();
  }

  /** Which of the ranges without a result are looked for in which pack. */
  #packsOf(ranges: readonly ByteRange[], results: readonly (Uint8Array | undefined)[]): Map<string, number[]> {
    const byPack = new Map<string, number[]>();
    ranges.forEach((range, k) => {
      const place = results[k] || range[1] === 0 ? undefined : this.#index.find(range);
      if (!place) return;
      const members = byPack.get(place.pack) ?? [];
      byPack.set(place.pack, members);
      members.push(k);
    });
    return byPack;
  }

  async #readPack(
    pack: string,
    members: readonly number[],
    ranges: readonly ByteRange[],
    results: (Uint8Array | undefined)[],
  ): Promise<void> {
    const { disk, folder } = this.#setup;
    const damaged: Place[] = [];
    const read = await disk.read(folder, pack, (file) => {
      const wanted = members.flatMap((k) => {
        const place = this.#index.find(ranges[k]!);
        return place?.pack === pack ? [{ k, place }] : [];
      });
      wanted.sort((a, b) => a.place.at - b.place.at);
      const found = readEntries(
        file,
        wanted.map(({ place }) => place),
      );
      wanted.forEach(({ k, place }, i) => {
        const bytes = found[i];
        const [offset, length] = ranges[k]!;
        const from = offset - place.offset;
        if (bytes) results[k] = bytes.subarray(from, from + length);
        else {
          damaged.push(place);
          this.#index.forget(place);
        }
      });
      return true;
    });
    if (!read) this.#index.drop(pack);
    else if (damaged.length > 0) {
      await disk.change(folder, pack, (file) => damaged.forEach((place) => void markDead(file, place)), false);
    } else void this.#touch(pack);
  }

  async #touch(pack: string): Promise<void> {
    const now = performance.now();
    const { disk, folder, touchMs = TOUCH_MS } = this.#setup;
    if (now - (this.#touched.get(pack) ?? Number.NEGATIVE_INFINITY) < touchMs) return;
    this.#touched.set(pack, now);
    // Without the note it goes a little earlier.
    await disk.touch(folder, pack).catch(() => undefined);
  }

  async #write(): Promise<void> {
    if (this.#pending.bytes === 0) return;
    this.#writing = this.#pending;
    this.#pending = nothing();
    const { ranges, parts, bytes } = this.#writing;
    for (const pack of [...this.#openPacks(), this.#newPack()]) {
      const create = !this.#index.packs().has(pack);
      const done = await this.#setup.disk.change(
        this.#setup.folder,
        pack,
        (file) => {
          const entries = appendToPack(file, this.#index.scan(pack, file), ranges, parts);
          const last = entries.at(-1)!;
          this.#index.add(pack, entries, last.at + recordBytes(last.length));
        },
        create,
      );
      if (!done) continue;
      this.#pack = pack;
      this.#touched.set(pack, performance.now());
      break;
    }
    this.#writing = nothing();
    await this.#setup.onWritten(bytes);
  }

  /** Packs that take more: the own one first. */
  #openPacks(): string[] {
    const open = [...this.#index.packs()].filter(([, end]) => end < this.#packBytes).map(([name]) => name);
    const own = this.#pack;
    return own !== undefined && open.includes(own) ? [own, ...open.filter((name) => name !== own)] : open;
  }

  #newPack(): string {
    return `${this.#setup.version}.${Math.random().toString(36).slice(2, 12)}`;
  }

  #fail(error: unknown): void {
    this.#writing = nothing();
    this.#pending = nothing();
    this.#setup.onFailure(error);
  }
}

const keyOf = ([offset, length]: ByteRange): string => `${offset} ${length}`;
