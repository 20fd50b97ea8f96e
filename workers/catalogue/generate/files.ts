import { crc16, printGuid } from '../../../core/catalogue/eventKey.ts';
import { hash32, keyOf } from './hash.ts';

/** How the records of one data type of a dataset are spread over files. */
export interface FilePlan {
  files: number;
  /** `task` × 100 + `sub`: one file in so many turns belongs to each. */
  tids: readonly number[];
  /** Of the container in each file that records point into. */
  oid1: number;
}

const MOST_SPREAD = 12;

/** CRC-16/ARC is linear: what the upper and the lower four of eight hex digits change in it, each by itself, can be looked up. */
const CRC_OF_HIGH = new Uint16Array(65536);
const CRC_OF_LOW = new Uint16Array(65536);
const ZERO = crc16('00000000');
for (let bits = 0; bits < 65536; bits++) {
  const digits = bits.toString(16).toUpperCase().padStart(4, '0');
  CRC_OF_HIGH[bits] = crc16(`${digits}0000`) ^ ZERO;
  CRC_OF_LOW[bits] = crc16(`0000${digits}`) ^ ZERO;
}

/**
 * Files of one data type of a dataset. Those of some neighbouring luminosity blocks share their events at random, as jobs of a farm do; in which order
 * files are numbered has nothing to do with that. A record's second object identifier is its place in its file.
 */
export class Files {
  readonly count: number;
  /** Two words a GUID half: `hi` low word, `hi` high word, `lo` low word, `lo` high word. */
  readonly guids: Uint32Array;
  readonly tids: Float64Array;
  readonly oid1: number;
  /** Records so far. */
  readonly filled: Uint32Array;
  readonly #crc: Uint16Array;
  readonly #spread: number;
  readonly #groups: number;
  readonly #blocks: number;
  readonly #step: number;
  readonly #shift: number;
  readonly #key: number;

  /** @param blocks luminosity blocks of the run */
  constructor(seed: number, dspid: number, dstypeid: number, { files, tids, oid1 }: FilePlan, blocks: number) {
    const key = keyOf(seed, dspid, dstypeid, 'files');
    this.#blocks = Math.max(1, blocks);
    this.#groups = Math.min(this.#blocks, Math.ceil(files / MOST_SPREAD));
    this.#spread = Math.ceil(files / this.#groups);
    this.count = this.#groups * this.#spread;
    this.#key = key;
    this.#shift = hash32(key, 1) % this.count;
    this.#step = 1 + (hash32(key, 2) % this.count);
    while (gcd(this.#step, this.count) > 1) this.#step++;
    this.oid1 = oid1;
    this.guids = new Uint32Array(4 * this.count);
    for (let word = 0; word < this.guids.length; word++) this.guids[word] = hash32(key ^ 0x6a09e667, word);
    this.tids = Float64Array.from({ length: this.count }, (_, file) => tids[file % tids.length]!);
    this.filled = new Uint32Array(this.count);
    this.#crc = Uint16Array.from({ length: this.count }, (_, file) =>
      crc16(`${printGuid(this.guid(file))}:${hex(oid1)}-00000000`),
    );
  }

  guid(file: number): { hi: bigint; lo: bigint } {
    const half = (at: number) => BigInt(this.guids[4 * file + at]!) | (BigInt(this.guids[4 * file + at + 1]!) << 32n);
    return { hi: half(0), lo: half(2) };
  }

  /**
   * Which file an event's record goes to.
   * @param block from 1
   * @param copy 0 for the first record of the event; others go to one file of those that share the block's events, as of a job that ran again
   */
  fileOf(event: number, block: number, copy: number): number {
    const first = hash32(this.#key, event) % this.#spread;
    const lane = copy === 0 ? first : first === 0 ? copy % this.#spread : 0;
    const place = Math.floor(((block - 1) * this.#groups) / this.#blocks) * this.#spread + lane;
    return (place * this.#step + this.#shift) % this.count;
  }

  /** Takes the next place of a file. */
  place(file: number): number {
    return this.filled[file]!++;
  }

  /** `seqOf` of the reference. */
  seq(file: number, place: number): number {
    return ((this.#crc[file]! ^ CRC_OF_HIGH[place >>> 16]! ^ CRC_OF_LOW[place & 0xffff]!) << 16) >> 16;
  }
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(8, '0');
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
