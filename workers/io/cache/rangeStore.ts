import type { ReadCounter } from '../byteSource.ts';
import { shownUrl, urlKey, versionKey } from './cacheKey.ts';
import type { CacheDisk, StoredFile } from './disk.ts';
import type { CachedFile, StorageReport, StorageRequest } from './report.ts';
import { troubleOf } from './trouble.ts';
import { VersionCache } from './versionCache.ts';

/** Bytes that the cache takes up at most where nobody says otherwise, and no more than half of what the browser grants. */
export const DEFAULT_QUOTA = 2e9;
/** Where there is too much, it is cut down to this share. */
const KEEP = 0.9;
/** Each thread looks after so much of the quota was written. */
const LOOK_SHARE = 1 / 64;

/** What is full is looked at again after so long. */
const FULL_MS = 30_000;

/** Versions that are open at once: what is known of the places in their packs is in memory. */
const MOST_OPEN = 512;
/** A folder of which all packs went is kept so long for what it says of the version. */
const EMPTY_MS = 86_400_000;

const ABOUT = 'about.json';
const PINNED = 'pinned';
const SETTINGS = 'settings.json';

/** A version of a file, as its server told. */
export interface Version {
  size: number;
  etag: string;
}

/** The version of an address that is held. */
export interface KnownVersion extends Version {
  /** When its server last said so, in milliseconds since 1970. */
  seen: number;
}

interface About extends KnownVersion {
  url: string;
}

export interface StoreOptions {
  /** In place of what was chosen. */
  quota?: number;
  touchMs?: number;
  /** Told why nothing can be kept for a while. */
  onTrouble?(reason: string): void;
}

/**
 * Ranges of remote files, kept between visits: a folder for each address, with what is known of it and packs of its present version.
 * Any number of threads, tabs and processes may have one on the same disk.
 */
export class RangeStore {
  readonly #disk: CacheDisk;
  readonly #options: StoreOptions;
  /** One for each version that this thread reads. */
  readonly #open = new Map<string, VersionCache>();
  #quota: Promise<number> | undefined;
  #unlooked = Number.POSITIVE_INFINITY;
  /** By `performance.now()`: until then nothing is kept, since the disk or the quota is full. */
  #fullUntil = 0;
  #trouble: string | undefined;

  constructor(disk: CacheDisk, options: StoreOptions = {}) {
    this.#disk = disk;
    this.#options = options;
  }

  /** What is held of an address; never throws. */
  async known(url: string): Promise<KnownVersion | undefined> {
    try {
      const about = await this.#about(await urlKey(url));
      return about && { size: about.size, etag: about.etag, seen: about.seen };
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  /**
   * The ranges of a version. @param seen when the server said that it is the present one, where this thread asked: packs of other
   * versions go.
   * @returns undefined where nothing may be kept
   */
  async ranges(url: string, version: Version, counter: ReadCounter, seen?: number): Promise<VersionCache | undefined> {
    try {
      const quota = await this.#quotaBytes();
      if (quota === 0) return undefined;
      const folder = await urlKey(url);
      const prefix = await versionKey(version);
      const { size, etag } = version;
      const about = { url: shownUrl(url), size, etag, seen: seen ?? Date.now() };
      if (seen !== undefined) await this.#note(folder, prefix, about);
      const key = `${folder}/${prefix}`;
      const cache = this.#open.get(key) ?? this.#openVersion(folder, prefix, about, quota, counter);
      this.#open.delete(key);
      this.#open.set(key, cache);
      this.#closeOldest();
      return cache;
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  /** Whoever holds the one that was used longest ago can go on with it; others open it anew. */
  #closeOldest(): void {
    if (this.#open.size <= MOST_OPEN) return;
    const [key, cache] = this.#open.entries().next().value!;
    void cache.flush();
    this.#open.delete(key);
  }

  #openVersion(folder: string, version: string, about: About, quota: number, counter: ReadCounter): VersionCache {
    const { touchMs } = this.#options;
    return new VersionCache(
      {
        disk: this.#disk,
        folder,
        version,
        quota,
        ...(touchMs !== undefined && { touchMs }),
        hasRoom: () => performance.now() >= this.#fullUntil,
        onWritten: async (bytes) => {
          // All may have been cleared meanwhile.
          if (!(await this.#about(folder))) await this.#disk.writeText(folder, ABOUT, JSON.stringify(about));
          await this.#wrote(bytes);
        },
        onFailure: (error) => this.#fail(error),
      },
      counter,
    );
  }

  /** Settles when all that was put is on disk. */
  async flush(): Promise<void> {
    await Promise.all([...this.#open.values()].map((cache) => cache.flush()));
  }

  /** @throws what the disk throws */
  async serve(request: StorageRequest): Promise<StorageReport> {
    await this.flush();
    switch (request.kind) {
      case 'remove':
        await this.#disk.remove(request.key);
        break;
      case 'clear':
        for (const folder of await this.#disk.folders()) await this.#disk.remove(folder);
        break;
      case 'pin':
        await this.#pin(request.key, request.pinned);
        break;
      case 'pinUrl':
        await this.#pin(await urlKey(request.url), request.pinned);
        break;
      case 'quota':
        await this.#disk.writeText('', SETTINGS, JSON.stringify({ quota: request.bytes }));
        this.#quota = undefined;
        await this.#makeRoom();
        break;
      case 'report':
        break;
    }
    return this.#report();
  }

  async #pin(folder: string, pinned: boolean): Promise<void> {
    if (pinned) await this.#disk.writeText(folder, PINNED, '');
    else await this.#disk.remove(folder, PINNED);
  }

  async #report(): Promise<StorageReport> {
    const files = await Promise.all((await this.#disk.folders()).map((folder) => this.#describe(folder)));
    const present = files.filter((file) => file !== undefined).sort((a, b) => b.used - a.used);
    const granted = await this.#disk.granted();
    return {
      files: present,
      bytes: present.reduce((sum, { bytes }) => sum + bytes, 0),
      quota: await this.#quotaBytes(),
      ...(granted !== undefined && { granted }),
      ...(this.#trouble !== undefined && { trouble: this.#trouble }),
    };
  }

  async #describe(folder: string): Promise<CachedFile | undefined> {
    const [about, files] = await Promise.all([this.#about(folder), this.#disk.files(folder)]);
    if (!about) return undefined;
    const prefix = `${await versionKey(about)}.`;
    const packs = files.filter(({ name }) => name.startsWith(prefix));
    return {
      key: folder,
      url: about.url,
      size: about.size,
      bytes: packs.reduce((sum, { bytes }) => sum + bytes, 0),
      used: Math.max(about.seen, ...packs.map(({ used }) => used)),
      seen: about.seen,
      pinned: files.some(({ name }) => name === PINNED),
    };
  }

  async #about(folder: string): Promise<About | undefined> {
    const text = await this.#disk.readText(folder, ABOUT);
    try {
      const about = JSON.parse(text ?? '') as Partial<About>;
      const isWhole =
        typeof about.url === 'string' &&
        typeof about.size === 'number' &&
        typeof about.etag === 'string' &&
        typeof about.seen === 'number';
      return isWhole ? (about as About) : undefined;
    } catch {
      // Cut off while it was written: packs are found again once the server has told the version.
      return undefined;
    }
  }

  async #note(folder: string, prefix: string, about: About): Promise<void> {
    await this.#disk.writeText(folder, ABOUT, JSON.stringify(about));
    const others = (await this.#disk.files(folder)).filter(
      (file) => isPack(file) && !file.name.startsWith(`${prefix}.`),
    );
    for (const { name } of others) await this.#disk.remove(folder, name);
  }

  async #wrote(bytes: number): Promise<void> {
    this.#unlooked += bytes;
    if (this.#unlooked <= (await this.#quotaBytes()) * LOOK_SHARE) return;
    this.#unlooked = 0;
    await this.#makeRoom();
  }

  /** Drops packs that were not used for longest, until all is within the quota; pinned files stay. */
  async #makeRoom(): Promise<void> {
    // Another tab may have set it.
    this.#quota = undefined;
    const quota = await this.#quotaBytes();
    const folders = await Promise.all(
      (await this.#disk.folders()).map(async (folder) => ({ folder, files: await this.#disk.files(folder) })),
    );
    const packs = folders.flatMap(({ folder, files }) => {
      const isPinned = files.some(({ name }) => name === PINNED);
      return files.filter(isPack).map((file) => ({ ...file, folder, isPinned }));
    });
    let total = packs.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total > quota) {
      for (const { folder, name, bytes } of packs.filter((one) => !one.isPinned).sort((a, b) => a.used - b.used)) {
        if (total <= quota * KEEP) break;
        await this.#disk.remove(folder, name);
        total -= bytes;
      }
    }
    this.#fullUntil = total <= quota ? 0 : performance.now() + FULL_MS;
    const old = Date.now() - EMPTY_MS;
    for (const { folder, files } of folders)
      if (files.length > 0 && files.every(({ name, used }) => name === ABOUT && used < old))
        await this.#disk.remove(folder);
  }

  #quotaBytes(): Promise<number> {
    this.#quota ??= this.#findQuota();
    return this.#quota;
  }

  async #findQuota(): Promise<number> {
    if (this.#options.quota !== undefined) return this.#options.quota;
    const granted = (await this.#disk.granted()) ?? Number.POSITIVE_INFINITY;
    const text = await this.#disk.readText('', SETTINGS);
    let chosen = DEFAULT_QUOTA;
    try {
      const { quota } = JSON.parse(text ?? '') as { quota?: unknown };
      if (typeof quota === 'number' && quota >= 0) chosen = quota;
    } catch {
      // Nothing was chosen.
    }
    return Math.min(chosen, granted / 2);
  }

  #fail(error: unknown): void {
    this.#trouble = troubleOf(error);
    this.#fullUntil = performance.now() + FULL_MS;
    this.#options.onTrouble?.(this.#trouble);
  }
}

const isPack = ({ name }: StoredFile): boolean => name !== ABOUT && name !== PINNED;
