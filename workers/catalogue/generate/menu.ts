/**
 * Trigger menus: names as in ATLAS' menus of Run 1 and Run 2, and what each chain asks of an event. Which bit a chain has differs from menu to menu, as
 * it does there.
 */

import { HLT, L1, type Naming, PAIRS, VERSIONS } from './chainNames.ts';
import { below, hash32, keyOf } from './hash.ts';
import { SIGNATURE_NUMBER, SIGNATURES, type Signature } from './physics.ts';

/** Run 1 has 256 bits of level 1 and a second level; simulation has the menu of Run 2 without prescales. */
export type MenuKind = 'run1' | 'run2' | 'simulation';

export interface Chain {
  bit: number;
  name: string;
  /** Numbers of one or two signatures, and what each has to reach [GeV]. */
  legs: readonly { signature: number; threshold: number }[];
  /** Share of what passes the thresholds that passes the rest: isolation, identification. */
  quality: number;
  /** What a 32-bit number has to stay below for the prescale to keep the event. */
  prescale: number;
  /** Of the high-level trigger: index in `Menu.l1`. */
  seed: number;
  /** Whether it is run again on events that others accepted, where its own prescale or seed did not let it. */
  rerun: boolean;
  /** Whether it accepts some events without looking. */
  passThrough: boolean;
  key: number;
}

export interface Menu {
  smk: number;
  kind: MenuKind;
  l1: readonly Chain[];
  hlt: readonly Chain[];
  /** Index in `hlt` of what takes events at random. */
  random: number;
}

interface Candidate {
  name: string;
  legs: { signature: number; threshold: number }[];
  quality: number;
  keep: number;
}

/** @param chains of the high-level trigger: at most 4,096 */
export function buildMenu(seed: number, smk: number, kind: MenuKind, chains: number): Menu {
  const run1 = kind === 'run1';
  const l1Names = candidates(L1, '', 0.8, run1 ? 200 : 420);
  const random = { name: run1 ? 'EF_rd0_filled_NoAlg' : 'HLT_noalg_L1RD3_FILLED', legs: [], quality: 1, keep: 0 };
  const hltNames = candidates(HLT, run1 ? 'EF_' : 'HLT_', 1, chains - 1);
  const make = (list: Candidate[], bits: number, level: string): Chain[] => {
    const places = shuffled(bits, keyOf(seed, smk, level));
    return list.map(({ name, legs, quality, keep }, i) => {
      const key = keyOf(seed, smk, name) >>> 1;
      return {
        bit: places[i]!,
        name,
        legs,
        quality,
        prescale: below(kind === 'simulation' ? 1 : keep),
        seed: -1,
        rerun: level === 'hlt' && key % 8 === 0,
        passThrough: level === 'hlt' && key % 40 === 1,
        key,
      };
    });
  };
  const l1 = make(
    l1Names.map((item) => ({ ...item, name: `L1_${item.name}` })),
    run1 ? 256 : 512,
    'l1',
  );
  const hlt = make([random, ...hltNames], Math.min(4096, Math.ceil(chains * 1.15)), 'hlt');
  const seeded = hlt.map((chain) => ({ ...chain, seed: seedOf(chain, l1) }));
  return { smk, kind, l1, hlt: seeded, random: 0 };
}

/**
 * One of each signature and pair in turn, then further versions of all, until there are so many.
 * @param softness how far below the threshold that nothing is prescaled from still many events are kept
 */
function candidates(naming: Record<Signature, Naming>, prefix: string, softness: number, count: number): Candidate[] {
  const single = SIGNATURES.map((signature): Candidate[] => {
    const { name, thresholds, endings, primary } = naming[signature];
    return endings.flatMap(([ending, quality]) =>
      thresholds.map((threshold) => ({
        name: prefix + name(threshold) + ending,
        legs: [{ signature: SIGNATURE_NUMBER[signature], threshold }],
        quality,
        keep: keepOf(threshold / primary, softness),
      })),
    );
  });
  const pairs = PAIRS.map(([a, b]): Candidate[] => {
    const [first, second] = [naming[a], naming[b]];
    return first.thresholds.slice(1, 6).flatMap((low) =>
      second.thresholds.slice(1, 6).flatMap((high) =>
        first.endings.slice(0, 2).map(
          ([ending, quality]): Candidate => ({
            name: `${prefix}${first.name(low)}${ending}_${second.name(high)}`,
            legs: [
              { signature: SIGNATURE_NUMBER[a], threshold: low },
              { signature: SIGNATURE_NUMBER[b], threshold: high },
            ],
            quality,
            keep: keepOf((3 * (low + high)) / (first.primary + second.primary), softness),
          }),
        ),
      ),
    );
  });
  const once = inTurn([...single, ...pairs]);
  const named = new Map<string, Candidate>();
  for (const version of VERSIONS) {
    if (named.size >= count) break;
    const quality = version ? 0.9 : 1;
    for (const candidate of once) {
      const name = candidate.name + version;
      named.set(name, { ...candidate, name, quality: candidate.quality * quality });
    }
  }
  return [...named.values()].slice(0, count);
}

function inTurn<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, k) => lists.flatMap((list) => list.slice(k, k + 1))).flat();
}

/** Far below what is taken whole, one of many is. */
function keepOf(share: number, softness: number): number {
  return share >= 1 ? 1 : Math.max(0.005, share ** 2 * softness);
}

/** The hardest item of level 1 with the chain's first signature that its threshold lies well above. */
function seedOf({ legs: [leg] }: Chain, l1: readonly Chain[]): number {
  const random = l1.findIndex(({ name }) => name === 'L1_RD3_FILLED');
  if (!leg) return random;
  let best = -1;
  l1.forEach(({ legs, quality }, i) => {
    const [item, second] = legs;
    if (second || item!.signature !== leg.signature || quality < 0.8 || item!.threshold > leg.threshold * 0.85) return;
    if (best < 0 || item!.threshold > l1[best]!.legs[0]!.threshold) best = i;
  });
  if (best >= 0) return best;
  return l1.findIndex(({ legs }) => legs.length === 1 && legs[0]!.signature === leg.signature);
}

/** 0 … count − 1 in some order. */
function shuffled(count: number, key: number): Uint16Array {
  const places = Uint16Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = hash32(key, i) % (i + 1);
    [places[i], places[j]] = [places[j]!, places[i]!];
  }
  return places;
}
