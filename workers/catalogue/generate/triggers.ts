import { below, hash32, keyOf } from './hash.ts';
import type { Chain, Menu } from './menu.ts';
import { type Physics, SIGNATURES } from './physics.ts';

/** Fired bits of one event, ascending: valid until the next event. */
export interface Fired {
  bits: Uint16Array;
  count: number;
}

/** Chains of one level as numbers, in the order of their first signature and threshold. */
interface Level {
  /** Where the chains of each signature begin. */
  from: Uint32Array;
  chain: Uint32Array;
  threshold: Float64Array;
  /** −1 for none. */
  second: Int32Array;
  secondThreshold: Float64Array;
  quality: Uint32Array;
  key: Int32Array;
  prescale: Float64Array;
  seed: Int32Array;
  rerun: Uint8Array;
  bit: Uint16Array;
}

const VETO = below(0.04);
const PASS_THROUGH = below(0.05);
const RERUN = below(0.5);

/** Which chains an event of a run fires: what is recorded has fired one at least. */
export class Triggers {
  readonly tbp: BitList;
  readonly tap: BitList;
  readonly tav: BitList;
  readonly ph: BitList;
  readonly pt: BitList;
  readonly rs: BitList;
  /** Level 2 of Run 1. */
  readonly lph: BitList;
  readonly lpt: BitList;
  readonly lrs: BitList;
  readonly #menu: Menu;
  readonly #physics: Physics;
  readonly #momenta = new Float64Array(SIGNATURES.length);
  readonly #quality: Int32Array;
  readonly #l1: Level;
  readonly #hlt: Level;
  /** Of each item of level 1: 1 where it fired, 2 where it also survived prescale and veto. */
  readonly #items: Uint8Array;
  readonly #passThrough: number[];

  constructor(menu: Menu, physics: Physics, seed: number, run: number) {
    this.#menu = menu;
    this.#physics = physics;
    this.#quality = Int32Array.from(SIGNATURES, (name) => keyOf(seed, run, name, 'quality'));
    this.#l1 = levelOf(menu.l1);
    this.#hlt = levelOf(menu.hlt);
    this.#items = new Uint8Array(menu.l1.length);
    this.#passThrough = menu.hlt.flatMap(({ passThrough }, i) => (passThrough ? [i] : []));
    const l1Bits = menu.kind === 'run1' ? 256 : 512;
    [this.tbp, this.tap, this.tav] = [new BitList(l1Bits), new BitList(l1Bits), new BitList(l1Bits)];
    [this.ph, this.pt, this.rs] = [new BitList(4096), new BitList(4096), new BitList(4096)];
    [this.lph, this.lpt, this.lrs] = [new BitList(4096), new BitList(4096), new BitList(4096)];
  }

  /** Fills in all lists for an event. */
  fire(event: number): void {
    for (const list of [this.tbp, this.tap, this.tav, this.ph, this.pt, this.rs, this.lph, this.lpt, this.lrs])
      list.clear();
    this.#items.fill(0);
    this.#physics.momenta(event, this.#momenta);
    this.#level1(event);
    this.#high(event);
    const { hlt, random, l1 } = this.#menu;
    if (this.ph.empty) {
      const chain = hlt[random]!;
      const item = l1[chain.seed]!.bit;
      for (const list of [this.tbp, this.tap, this.tav]) list.set(item);
      this.ph.set(chain.bit);
      if (this.#menu.kind === 'run1') this.lph.set(chain.bit);
    }
    for (const list of [this.tbp, this.tap, this.tav, this.ph, this.pt, this.rs, this.lph, this.lpt, this.lrs])
      list.collect();
  }

  #level1(event: number): void {
    const level = this.#l1;
    for (let s = 0; s < SIGNATURES.length; s++) {
      const hard = this.#momenta[s]!;
      if (hard === 0) continue;
      const quality = hash32(this.#quality[s]!, event);
      const end = level.from[s + 1]!;
      for (let k = level.from[s]!; k < end && level.threshold[k]! <= hard; k++) {
        if (quality > level.quality[k]! || !this.#second(level, k)) continue;
        const bit = level.bit[k]!;
        this.tbp.set(bit);
        this.#items[level.chain[k]!] = 1;
        const key = level.key[k]!;
        if (hash32(key, event) >= level.prescale[k]!) continue;
        this.tap.set(bit);
        if (hash32(~key, event) < VETO) continue;
        this.tav.set(bit);
        this.#items[level.chain[k]!] = 2;
      }
    }
  }

  #high(event: number): void {
    const level = this.#hlt;
    const { hlt, kind } = this.#menu;
    for (let s = 0; s < SIGNATURES.length; s++) {
      const hard = this.#momenta[s]!;
      if (hard === 0) continue;
      const quality = hash32(~this.#quality[s]!, event);
      const end = level.from[s + 1]!;
      for (let k = level.from[s]!; k < end && level.threshold[k]! <= hard; k++) {
        const key = level.key[k]!;
        const seed = this.#items[level.seed[k]!]!;
        if (seed === 0) continue;
        const kept = seed === 2 && hash32(key, event) < level.prescale[k]!;
        if (kept && kind === 'run1') this.lph.set(level.bit[k]!);
        if (quality > level.quality[k]! || !this.#second(level, k)) continue;
        if (kept) this.ph.set(level.bit[k]!);
        else if (level.rerun[k] === 1 && hash32(~key, event) < RERUN) {
          this.rs.set(level.bit[k]!);
          if (kind === 'run1') this.lrs.set(level.bit[k]!);
        }
      }
    }
    for (const i of this.#passThrough) {
      const { seed, key, bit } = hlt[i]!;
      if (this.#items[seed] !== 2 || hash32(~key, event) >= PASS_THROUGH) continue;
      this.pt.set(bit);
      if (kind === 'run1') this.lpt.set(bit);
    }
  }

  #second(level: Level, k: number): boolean {
    const second = level.second[k]!;
    return second < 0 || this.#momenta[second]! >= level.secondThreshold[k]!;
  }
}

function levelOf(chains: readonly Chain[]): Level {
  const order = chains
    .map((_, i) => i)
    .filter((i) => chains[i]!.legs.length > 0)
    .sort((a, b) => {
      const [x, y] = [chains[a]!.legs[0]!, chains[b]!.legs[0]!];
      return x.signature - y.signature || x.threshold - y.threshold || a - b;
    });
  const sorted = order.map((i) => chains[i]!);
  const signature = sorted.map(({ legs }) => legs[0]!.signature);
  return {
    from: Uint32Array.from({ length: SIGNATURES.length + 1 }, (_, s) => {
      const at = signature.findIndex((one) => one >= s);
      return at < 0 ? sorted.length : at;
    }),
    chain: Uint32Array.from(order),
    threshold: Float64Array.from(sorted, ({ legs }) => legs[0]!.threshold),
    second: Int32Array.from(sorted, ({ legs }) => legs[1]?.signature ?? -1),
    secondThreshold: Float64Array.from(sorted, ({ legs }) => legs[1]?.threshold ?? 0),
    quality: Uint32Array.from(sorted, ({ quality }) => Math.min(0xffff_ffff, below(quality))),
    key: Int32Array.from(sorted, ({ key }) => key),
    prescale: Float64Array.from(sorted, ({ prescale }) => prescale),
    seed: Int32Array.from(sorted, ({ seed }) => seed),
    rerun: Uint8Array.from(sorted, ({ rerun }) => (rerun ? 1 : 0)),
    bit: Uint16Array.from(sorted, ({ bit }) => bit),
  };
}

/** Bits that are set in any order and read in ascending order. */
export class BitList implements Fired {
  readonly bits: Uint16Array;
  count = 0;
  readonly #words: Uint32Array;

  constructor(size: number) {
    this.bits = new Uint16Array(size);
    this.#words = new Uint32Array(size >>> 5);
  }

  get empty(): boolean {
    return this.#words.every((word) => word === 0);
  }

  clear(): void {
    this.#words.fill(0);
    this.count = 0;
  }

  set(bit: number): void {
    this.#words[bit >>> 5]! |= 1 << (bit & 31);
  }

  collect(): void {
    let count = 0;
    for (let w = 0; w < this.#words.length; w++) {
      for (let word = this.#words[w]!; word !== 0; word &= word - 1)
        this.bits[count++] = w * 32 + 31 - Math.clz32(word & -word);
    }
    this.count = count;
  }
}
