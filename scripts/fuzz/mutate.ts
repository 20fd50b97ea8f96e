/** Seeded damage to a file's bytes. */
import { Random } from '../demo/random.ts';

/** A damaged copy, and what was done to it, in words. */
export interface Mutant {
  bytes: Uint8Array;
  how: string;
}

/** What lengths and counts become when they are wrong: zero, one off, negative, the largest of their width, and past any file. */
const LENGTHS = [
  0, 1, -1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0x40000000, 0x10000000,
];
const LONGEST_PART = 4096;

type Place = (most: number) => number;
type Change = (bytes: Uint8Array, random: Random, place: Place) => Mutant;

const CHANGES: Record<string, Change> = {
  'flipped bits'(bytes, random, place) {
    const flips = 1 + below(random, 6);
    for (let k = 0; k < flips; k++) bytes[place(1)]! ^= 1 << below(random, 8);
    return { bytes, how: `${flips} flipped bits` };
  },
  'other bytes'(bytes, random, place) {
    const count = 1 + below(random, 6);
    for (let k = 0; k < count; k++) bytes[place(1)] = below(random, 256);
    return { bytes, how: `${count} other bytes` };
  },
  'a length'(bytes, random, place) {
    const width = [1, 2, 4, 8][below(random, 4)]!;
    const at = place(width);
    const old = bytes.slice(at, at + width);
    const little = random.chance(0.5);
    // Half of them relative to what is there.
    const there = Number(readInteger(old, little));
    const value = random.chance(0.5) ? LENGTHS[below(random, LENGTHS.length)]! : there + below(random, 5) - 2;
    writeInteger(bytes, at, width, BigInt(value), little);
    return { bytes, how: `${width} bytes at ${at} say ${value}` };
  },
  'a long varint'(bytes, random, place) {
    const width = 2 + below(random, 9);
    const at = place(width);
    bytes.fill(0xff, at, at + width - 1);
    bytes[at + width - 1] = below(random, 128);
    return { bytes, how: `a varint of ${width} bytes at ${at}` };
  },
  'a part of zeros'(bytes, random, place) {
    const length = partLength(bytes, random);
    const at = place(length);
    return { bytes: bytes.fill(0, at, at + length), how: `${length} zeros at ${at}` };
  },
  'swapped parts'(bytes, random, place) {
    const length = partLength(bytes, random);
    const [a, b] = [place(length), place(length)];
    const first = bytes.slice(a, a + length);
    bytes.copyWithin(a, b, b + length);
    bytes.set(first, b);
    return { bytes, how: `${length} bytes at ${a} and ${b} swapped` };
  },
  'a part over another'(bytes, random, place) {
    const length = partLength(bytes, random);
    const [from, to] = [place(length), place(length)];
    return { bytes: bytes.copyWithin(to, from, from + length), how: `${length} bytes of ${from} at ${to}` };
  },
  'a part twice'(bytes, random, place) {
    const length = partLength(bytes, random);
    const at = place(length);
    return { bytes: joined(bytes, at + length, at), how: `${length} bytes at ${at} twice` };
  },
  'a part less'(bytes, random, place) {
    const length = partLength(bytes, random);
    const at = place(length);
    return { bytes: joined(bytes, at, at + length), how: `${length} bytes at ${at} left out` };
  },
  'cut short'(bytes, random) {
    const length = below(random, bytes.length);
    return { bytes: bytes.slice(0, length), how: `cut to ${length} bytes` };
  },
};
const NAMES = Object.keys(CHANGES);

/**
 * A copy with one to three kinds of damage.
 * @param hot ranges in which most of the damage goes half of the time: where the format keeps its sizes and places
 */
export function mutate(original: Uint8Array, seed: number, hot: readonly (readonly [number, number])[]): Mutant {
  const random = new Random(seed);
  const changes = random.chance(0.7) ? 1 : 2 + below(random, 2);
  let mutant: Mutant = { bytes: original.slice(), how: '' };
  const hows: string[] = [];
  for (let k = 0; k < changes; k++) {
    const { bytes } = mutant;
    const range = hot.length > 0 && random.chance(0.6) ? hot[below(random, hot.length)]! : ([0, bytes.length] as const);
    const place = (room: number) => {
      const end = Math.min(range[1], bytes.length) - room;
      const begin = Math.min(range[0], Math.max(0, end));
      return Math.max(0, begin + below(random, Math.max(1, end - begin + 1)));
    };
    mutant = CHANGES[NAMES[below(random, NAMES.length)]!]!(bytes, random, place);
    hows.push(mutant.how);
    if (mutant.bytes.length < 16) break;
  }
  return { bytes: mutant.bytes, how: hows.join(', ') };
}

function below(random: Random, end: number): number {
  return Math.floor(random.between(0, end));
}

/** Short ones more often. */
function partLength(bytes: Uint8Array, random: Random): number {
  return Math.min(bytes.length >> 1, 1 + Math.floor(LONGEST_PART ** random.between(0, 1)));
}

/** The start of the bytes, up to `end`, and those from `begin` on. */
function joined(bytes: Uint8Array, end: number, begin: number): Uint8Array {
  const all = new Uint8Array(end + bytes.length - begin);
  all.set(bytes.subarray(0, end));
  all.set(bytes.subarray(begin), end);
  return all;
}

function readInteger(bytes: Uint8Array, little: boolean): bigint {
  const ordered = little ? bytes.slice().reverse() : bytes;
  return ordered.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function writeInteger(bytes: Uint8Array, at: number, width: number, value: bigint, little: boolean): void {
  for (let k = 0; k < width; k++) {
    const byte = Number((value >> BigInt(8 * k)) & 0xffn);
    const place = at + (little ? k : width - 1 - k);
    if (place < bytes.length) bytes[place] = byte;
  }
}
