import type { Part } from '../../../core/catalogue/manifest.ts';
import { KEY_COLUMNS } from '../../../core/catalogue/tables.ts';
import type { EventFile } from '../../formats/eventFile.ts';
import type { ByteSource } from '../../io/byteSource.ts';
import { withTail } from '../../io/bytesSource.ts';
import { damaged } from './objectErrors.ts';
import { openObject } from './readTable.ts';

/** Keys of consecutive records of a part, ascending. Columns that were not asked for are empty. */
export interface Keys {
  /** Of the first one, counted from the start of the part. */
  row: number;
  rows: number;
  eventno: BigUint64Array;
  seq: Int16Array;
  tid: BigInt64Array;
  file: Int32Array;
}

export type KeyColumn = 'seq' | 'tid' | 'file';

export interface KeyRange {
  /** Event numbers, both inclusive. Default: all. */
  first?: bigint;
  last?: bigint;
}

/** Room for the footer and page indexes of four row groups. */
const TAIL_BYTES = 12 * 1024;

/**
 * Opens the `keys` of a part: one request.
 * @throws LumiscopeError `source`, `format` where they are not what the manifest says, `cancelled`
 */
export async function openKeys(source: ByteSource, part: Part, signal?: AbortSignal): Promise<KeyReader> {
  const file = await openObject(await withTail(source, TAIL_BYTES, signal), KEY_COLUMNS, signal);
  if (file.summary.events !== part.rows)
    throw damaged(source.url, `it has ${file.summary.events} rows, not the ${part.rows} of the manifest`);
  return new KeyReader(source.url, file, part);
}

/** Reads the keys of a part by row groups, and holds them against their order and the manifest. */
export class KeyReader {
  readonly #url: string;
  readonly #file: EventFile;
  readonly #first: bigint;
  readonly #last: bigint;

  constructor(url: string, file: EventFile, { first, last }: Part) {
    this.#url = url;
    this.#file = file;
    this.#first = BigInt(first);
    this.#last = BigInt(last);
  }

  get groups(): number {
    return this.#file.summary.chunks.length;
  }

  /** Whether a row group may hold event numbers of a range. */
  mayHold(group: number, { first = 0n, last = MOST }: KeyRange): boolean {
    // Rounded outwards to doubles.
    const bounds = this.#file.summary.chunkBounds?.get('eventno');
    return !bounds || !(bounds[2 * group]! > Number(last) || bounds[2 * group + 1]! < Number(first));
  }

  /** One row group. @throws LumiscopeError `format` where its keys don't ascend, or are beyond those of the manifest */
  async read(group: number, columns: readonly KeyColumn[] = [], signal?: AbortSignal): Promise<Keys> {
    const { begin } = this.#file.summary.chunks[group]!;
    const read = await this.#file.readChunk(group, ['eventno', ...columns], signal);
    const values = (name: KeyColumn) => read[columns.indexOf(name) + 1]?.values;
    const has = (name: KeyColumn) => columns.includes(name);
    const keys: Keys = {
      row: begin,
      rows: read[0]!.length,
      eventno: read[0]!.values as BigUint64Array,
      seq: has('seq') ? (values('seq') as Int16Array) : new Int16Array(0),
      tid: has('tid') ? (values('tid') as BigInt64Array) : new BigInt64Array(0),
      file: has('file') ? (values('file') as Int32Array) : new Int32Array(0),
    };
    const wrong = notAscending(keys.eventno, keys.seq);
    if (wrong > 0)
      throw damaged(
        this.#url,
        `row ${begin + wrong} is not in order: event ${keys.eventno[wrong]} comes after event ${keys.eventno[wrong - 1]}`,
        'sort its records by event number and seq, and write them anew',
      );
    if (keys.eventno[0]! < this.#first || keys.eventno.at(-1)! > this.#last)
      throw damaged(
        this.#url,
        `its event numbers go from ${keys.eventno[0]} to ${keys.eventno.at(-1)}, in the manifest from ${this.#first} to ${this.#last}`,
      );
    return keys;
  }

  /** Row groups one after the other, cut to a range of event numbers; none where there are none. @throws LumiscopeError as `read` */
  async *stream(columns: readonly KeyColumn[] = [], range: KeyRange = {}, signal?: AbortSignal): AsyncGenerator<Keys> {
    let before: bigint | undefined;
    for (let group = 0; group < this.groups; group++) {
      if (!this.mayHold(group, range)) continue;
      const keys = await this.read(group, columns, signal);
      if (before !== undefined && keys.eventno[0]! < before)
        throw damaged(
          this.#url,
          `row ${keys.row} is not in order: event ${keys.eventno[0]} comes after event ${before}`,
          'sort its records by event number and seq, and write them anew',
        );
      before = keys.eventno.at(-1)!;
      const cut = cutKeys(keys, range);
      if (cut.rows > 0) yield cut;
    }
  }
}

const MOST = 2n ** 64n - 1n;

/** Keys whose event numbers lie in a range: views. */
function cutKeys(keys: Keys, { first = 0n, last = MOST }: KeyRange): Keys {
  const { eventno } = keys;
  const from = eventno[0]! >= first ? 0 : lowerBound(eventno, first);
  const to = eventno.at(-1)! <= last ? keys.rows : lowerBound(eventno, last + 1n);
  if (from === 0 && to === keys.rows) return keys;
  return {
    row: keys.row + from,
    rows: Math.max(0, to - from),
    eventno: eventno.subarray(from, to),
    seq: keys.seq.subarray(from, to),
    tid: keys.tid.subarray(from, to),
    file: keys.file.subarray(from, to),
  };
}

/** The first of sorted numbers that is not below `value`. */
export function lowerBound(sorted: BigUint64Array, value: bigint): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The first key that comes before the one ahead of it, by event number and, where there are any, by `seq`; 0 where there is none. Halves of numbers:
 * comparing BigInts takes ten times as long.
 */
export function notAscending(eventno: BigUint64Array, seq: Int16Array): number {
  const words = new Uint32Array(eventno.buffer, eventno.byteOffset, 2 * eventno.length);
  const withSeq = seq.length > 0;
  let low = words[0] ?? 0;
  let high = words[1] ?? 0;
  for (let i = 1; i < eventno.length; i++) {
    const nextLow = words[2 * i]!;
    const nextHigh = words[2 * i + 1]!;
    if (nextHigh < high || (nextHigh === high && nextLow <= low)) {
      if (nextHigh < high || nextLow < low || (withSeq && seq[i]! < seq[i - 1]!)) return i;
    }
    low = nextLow;
    high = nextHigh;
  }
  return 0;
}
