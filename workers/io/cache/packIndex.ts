import type { ByteRange } from '../byteSource.ts';
import type { CacheDisk } from './disk.ts';
import { type PackEntry, scanPack } from './pack.ts';

/** Where a range is held: an entry, and the pack that it is in. */
export interface Place extends PackEntry {
  pack: string;
}

/** Ranges that lie over one another are rare: so many before a range are asked whether they hold it. */
const LOOK_BACK = 8;

/** Which ranges of a version the packs of a folder hold, as far as was looked. */
export class PackIndex {
  readonly #disk: CacheDisk;
  readonly #folder: string;
  readonly #version: string;
  /** Two tabs may have put the same range: all places of each, the latest last. */
  readonly #exact = new Map<string, Place[]>();
  /** By offset; undefined while that has to be put in order again. */
  #sorted: Place[] | undefined = [];
  /** How far each pack was scanned. */
  readonly #ends = new Map<string, number>();
  #seen = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(disk: CacheDisk, folder: string, version: string) {
    this.#disk = disk;
    this.#folder = folder;
    this.#version = version;
  }

  /** Looks what there is, unless it was looked at within `age` milliseconds. */
  async look(age: number): Promise<void> {
    if (this.#looking) return this.#looking;
    if (performance.now() - this.#seen < age) return;
    this.#looking = this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const files = await this.#disk.files(this.#folder);
    const packs = files.filter(({ name }) => name.startsWith(`${this.#version}.`));
    for (const { name, bytes } of packs) {
      if (bytes === this.#ends.get(name)) continue;
      await this.#disk.read(this.#folder, name, (file) => this.scan(name, file));
    }
    const present = new Set(packs.map(({ name }) => name));
    for (const name of this.#ends.keys()) if (!present.has(name)) this.drop(name);
    this.#seen = performance.now();
  }

  /** Takes in what a pack holds by now. @returns one past its last whole record */
  scan(name: string, file: Parameters<typeof scanPack>[0]): number {
    const { entries, end } = scanPack(file, this.#ends.get(name) ?? 0);
    this.add(name, entries, end);
    return end;
  }

  add(pack: string, entries: readonly PackEntry[], end: number): void {
    this.#ends.set(pack, end);
    for (const entry of entries) {
      const key = keyOf([entry.offset, entry.length]);
      const places = this.#exact.get(key) ?? [];
      this.#exact.set(key, places);
      places.push({ ...entry, pack });
    }
    if (entries.length > 0) this.#sorted = undefined;
  }

  /** A pack is gone. */
  drop(pack: string): void {
    this.#ends.delete(pack);
    for (const places of [...this.#exact.values()])
      for (const place of places.filter((one) => one.pack === pack)) this.forget(place);
  }

  forget(place: Place): void {
    const key = keyOf([place.offset, place.length]);
    const left = (this.#exact.get(key) ?? []).filter((one) => one !== place);
    if (left.length > 0) this.#exact.set(key, left);
    else this.#exact.delete(key);
    this.#sorted = undefined;
  }

  /** Packs and their ends. */
  packs(): ReadonlyMap<string, number> {
    return this.#ends;
  }

  /** The entry of a range, or one that holds it as a part. */
  find(range: ByteRange): Place | undefined {
    const exact = this.#exact.get(keyOf(range))?.at(-1);
    if (exact) return exact;
    this.#sorted ??= [...this.#exact.values()].flat().sort((a, b) => a.offset - b.offset);
    const [offset, length] = range;
    const after = firstAfter(this.#sorted, offset);
    for (let k = after - 1; k >= Math.max(0, after - LOOK_BACK); k--) {
      const place = this.#sorted[k]!;
      if (place.offset + place.length >= offset + length) return place;
    }
    return undefined;
  }
}

/** Index of the first place behind an offset. */
function firstAfter(places: readonly Place[], offset: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]!.offset <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

const keyOf = ([offset, length]: ByteRange): string => `${offset} ${length}`;
