import type { RangeCache, ReadCounter } from '../byteSource.ts';
import type { KnownVersion, RangeStore, Version } from './rangeStore.ts';
import type { StorageReport, StorageRequest } from './report.ts';

/** The cache as a thread sees it, before anything of it is loaded. */
export interface CacheDoor {
  /** What is held of an address; undefined where nothing is. Never throws. */
  known(url: string): Promise<KnownVersion | undefined>;
  /** Ranges of a version; `seen`: when its server said that it is the present one. */
  ranges(url: string, version: Version, counter: ReadCounter, seen?: number): RangeCache;
  /** Settles when all that was put is on disk. Never throws. */
  flush(): Promise<void>;
  /** Never throws: trouble is told in the report. */
  serve(request: StorageRequest): Promise<StorageReport>;
}

/** How a platform gets to its store. */
export interface StoreLoader {
  /** Whether something was ever kept here: else there is nothing to look for. */
  exists(): Promise<boolean>;
  /** @throws what the platform says where nothing can be kept */
  load(): Promise<RangeStore>;
  /** Milliseconds that loading waits for where nothing is held yet: a first plot comes first. */
  patience: number;
}

/** More than this waits for the store to be loaded, and what comes then is not kept. */
const WAITING_BYTES = 64e6;

/** A door that loads the store when there is something to look for, or else a while after there is something to keep. */
export function openDoor({ exists, load, patience }: StoreLoader): CacheDoor {
  let store: Promise<RangeStore | undefined> | undefined;
  let found: Promise<boolean> | undefined;
  let patient: Promise<void> | undefined;
  let waiting = 0;
  const puts = new Set<Promise<void>>();
  const inBackground = (work: Promise<void>) => {
    const settled = work.catch(() => {}).finally(() => puts.delete(settled));
    puts.add(settled);
  };

  const isThere = async () => {
    found ??= exists().catch(() => false);
    return store !== undefined || (await found);
  };
  const loaded = () => {
    store ??= load().catch(() => undefined);
    return store;
  };
  const flush = async () => {
    while (puts.size > 0) await Promise.all(puts);
    await (await store)?.flush();
  };

  return {
    known: async (url) => ((await isThere()) ? (await loaded())?.known(url) : undefined),

    ranges(url, version, counter, seen) {
      let opening: Promise<void> | undefined;
      const now: { cache?: RangeCache | undefined } = {};
      const open = () => {
        opening ??= loaded().then(async (one) => {
          now.cache = await one?.ranges(url, version, counter, seen);
        });
        return opening;
      };
      const put: RangeCache['put'] = (ranges, bytes) => {
        if (now.cache) return now.cache.put(ranges, bytes);
        const size = bytes.reduce((sum, { length }) => sum + length, 0);
        if (waiting + size > WAITING_BYTES) return;
        waiting += size;
        const copies = bytes.map((part) => part.slice());
        const keep = async () => {
          if (!(await isThere())) {
            patient ??= new Promise((resolve) => setTimeout(resolve, patience));
            await patient;
          }
          await open();
          now.cache?.put(ranges, copies);
        };
        inBackground(
          keep().finally(() => {
            waiting -= size;
          }),
        );
      };
      // What the server said is noted, be it that nothing is read.
      if (seen !== undefined) inBackground(isThere().then((there) => (there ? open() : undefined)));
      return {
        async get(ranges) {
          if (await isThere()) await open();
          return now.cache?.get(ranges) ?? ranges.map(() => undefined);
        },
        async holds(ranges) {
          if (await isThere()) await open();
          return now.cache?.holds(ranges) ?? ranges.map(() => false);
        },
        put,
      };
    },

    flush,

    async serve(request) {
      await flush();
      try {
        return await ((await loaded()) ?? (await load())).serve(request);
      } catch (error) {
        const { troubleOf } = await import('./trouble.ts');
        return { files: [], bytes: 0, quota: 0, trouble: troubleOf(error) };
      }
    },
  };
}
