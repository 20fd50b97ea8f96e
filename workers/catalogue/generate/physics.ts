/**
 * What events are, in a few numbers: one of some classes of physics, and for each signature how hard it is, in GeV. Triggers and derivations decide by
 * these, so that what they choose overlaps as it does in data: a chain of a higher threshold within one of a lower, electrons apart from muons. No
 * detector was asked: rates and spectra are made up.
 */
import { below, hash32, keyOf } from './hash.ts';

/** What triggers and derivations look for. */
export const SIGNATURES = [
  ...(['e', '2e', 'g', '2g', 'mu', '2mu', 'bmumu', 'tau', '2tau'] as const),
  ...(['j', 'mj', 'b', 'xe', 'ht', 'mb'] as const),
] as const;
export type Signature = (typeof SIGNATURES)[number];

export const SIGNATURE_NUMBER = Object.fromEntries(SIGNATURES.map((name, i) => [name, i])) as Record<Signature, number>;

/** Of each signature: the least transverse momentum or energy, and the mean above it. */
type Spectra = Partial<Record<Signature, [least: number, mean: number]>>;

interface PhysicsClass {
  name: string;
  /** Share of a stream's events, in some unit. */
  weight: number;
  spectra: Spectra;
}

/** Of every event. */
const COMMON: Spectra = {
  mb: [1, 1],
  j: [5, 18],
  xe: [4, 9],
  ht: [20, 60],
  g: [0, 3],
  e: [0, 2.5],
  mu: [0, 1.6],
  tau: [0, 6],
};

export const CLASSES: readonly PhysicsClass[] = [
  {
    name: 'jets',
    weight: 17,
    spectra: { j: [60, 90], ht: [100, 170], e: [0, 6], g: [0, 11], tau: [0, 15], b: [0, 20], xe: [5, 15] },
  },
  {
    name: 'multijet',
    weight: 7,
    spectra: {
      j: [90, 90],
      mj: [25, 25],
      ht: [280, 220],
      b: [0, 35],
      tau: [0, 20],
      xe: [10, 25],
      e: [0, 8],
      g: [0, 12],
    },
  },
  {
    name: 'bb',
    weight: 6,
    spectra: { b: [35, 55], j: [50, 60], ht: [120, 140], mu: [0, 9], '2mu': [0, 1.5], xe: [8, 15] },
  },
  { name: 'W→eν', weight: 13, spectra: { e: [22, 18], xe: [15, 18], g: [5, 10], j: [0, 28] } },
  { name: 'W→μν', weight: 13, spectra: { mu: [21, 17], xe: [15, 18], j: [0, 28] } },
  { name: 'W→τν', weight: 4, spectra: { tau: [24, 24], xe: [25, 22], e: [0, 6], mu: [0, 6], j: [0, 28] } },
  { name: 'Z→ee', weight: 7, spectra: { e: [27, 17], '2e': [14, 12], g: [15, 14], j: [0, 30] } },
  { name: 'Z→μμ', weight: 7, spectra: { mu: [26, 17], '2mu': [12, 12], j: [0, 30] } },
  { name: 'Z→ττ', weight: 3, spectra: { tau: [24, 18], '2tau': [18, 12], e: [0, 14], mu: [0, 14], xe: [10, 15] } },
  {
    name: 'top',
    weight: 5,
    spectra: {
      e: [0, 30],
      mu: [0, 30],
      j: [70, 55],
      mj: [22, 22],
      b: [45, 38],
      ht: [260, 160],
      xe: [20, 38],
      tau: [0, 18],
      '2e': [0, 5],
      '2mu': [0, 5],
    },
  },
  { name: 'γ', weight: 6, spectra: { g: [32, 34], e: [0, 10], j: [25, 35], ht: [60, 80] } },
  { name: 'γγ', weight: 2, spectra: { g: [34, 26], '2g': [20, 17], e: [0, 9], j: [0, 30] } },
  { name: 'B→J/ψ', weight: 7, spectra: { bmumu: [4, 4], '2mu': [3.5, 3], mu: [5, 4], j: [5, 15] } },
  { name: 'missing momentum', weight: 2, spectra: { xe: [95, 70], j: [85, 70], ht: [120, 110] } },
  { name: 'minimum bias', weight: 1, spectra: {} },
];

/** Steps in which the quantile of a signature counts. */
export const STEPS = 4096;
const STEP_BITS = 12;

/** Quantiles of the exponential distribution, in whole 1/1024 so that all platforms agree. */
const EXPONENTIAL = Float64Array.from(
  { length: STEPS },
  (_, k) => Math.round(-Math.log(1 - (k + 0.5) / STEPS) * 1024) / 1024,
);

const LEAST = new Float64Array(CLASSES.length * SIGNATURES.length);
const MEAN = new Float64Array(CLASSES.length * SIGNATURES.length);
CLASSES.forEach(({ spectra }, c) => {
  for (const [name, [least, mean]] of Object.entries({ ...COMMON, ...spectra })) {
    const at = c * SIGNATURES.length + SIGNATURE_NUMBER[name as Signature];
    LEAST[at] = least;
    MEAN[at] = mean;
  }
});

/** Of each quantile, the class. */
const CLASS_OF = (() => {
  const total = CLASSES.reduce((sum, { weight }) => sum + weight, 0);
  const classes = new Uint8Array(STEPS);
  let seen = 0;
  CLASSES.forEach(({ weight }, c) => {
    const from = Math.round((seen / total) * STEPS);
    seen += weight;
    classes.fill(c, from, Math.round((seen / total) * STEPS));
  });
  return classes;
})();

/** The events of one run, by their index. */
export class Physics {
  readonly #classKey: number;
  readonly #keys: Int32Array;
  readonly #onlyClass: number;

  /** @param only the class that all events have, of simulation */
  constructor(seed: number, run: number, only?: string) {
    this.#classKey = keyOf(seed, run, 'class');
    this.#keys = Int32Array.from(SIGNATURES, (name) => keyOf(seed, run, name));
    this.#onlyClass = only === undefined ? -1 : CLASSES.findIndex(({ name }) => name === only);
  }

  /** Number of the event's class in `CLASSES`. */
  classOf(event: number): number {
    return this.classAt(hash32(this.#classKey, event) >>> (32 - STEP_BITS));
  }

  /** Of a quantile, 0 … `STEPS` − 1. */
  classAt(quantile: number): number {
    return this.#onlyClass >= 0 ? this.#onlyClass : CLASS_OF[quantile]!;
  }

  /** How hard a signature is, as a quantile within its class, 0 … `STEPS` − 1. */
  quantile(signature: number, event: number): number {
    return hash32(this.#keys[signature]!, event) >>> (32 - STEP_BITS);
  }

  /** Fills in how hard each signature of an event is [GeV]; 0 where it has none. */
  momenta(event: number, momenta: Float64Array): void {
    const row = this.classOf(event) * SIGNATURES.length;
    for (let s = 0; s < SIGNATURES.length; s++) {
      const mean = MEAN[row + s]!;
      momenta[s] = mean === 0 ? 0 : LEAST[row + s]! + mean * EXPONENTIAL[this.quantile(s, event)]!;
    }
  }
}

/** What a derivation keeps. */
export interface Selection {
  signature: Signature;
  /** GeV. */
  threshold: number;
  /** The classes that pass, by name; all if left out. */
  classes?: readonly string[];
  /** Share that is kept of what passes, by a number of its own. */
  keep: number;
}

/** A selection over the events of a run, made fast: a quantile for each class. */
export class Selector {
  readonly #physics: Physics;
  readonly #signature: number;
  readonly #cuts: Uint16Array;
  readonly #key: number;
  readonly #keep: number;

  /** @param key of the derivation */
  constructor(physics: Physics, { signature, threshold, classes, keep }: Selection, key: number) {
    this.#physics = physics;
    this.#signature = SIGNATURE_NUMBER[signature];
    this.#cuts = Uint16Array.from(CLASSES, ({ name }, c) => {
      const at = c * SIGNATURES.length + SIGNATURE_NUMBER[signature];
      if ((classes && !classes.includes(name)) || MEAN[at] === 0) return STEPS;
      const cut = EXPONENTIAL.findIndex((value) => LEAST[at]! + MEAN[at]! * value >= threshold);
      return cut < 0 ? STEPS : cut;
    });
    this.#key = key;
    this.#keep = below(keep);
  }

  passes(event: number): boolean {
    if (this.#keep < 2 ** 32 && hash32(this.#key, event) >= this.#keep) return false;
    const cut = this.#cuts[this.#physics.classOf(event)]!;
    return cut === 0 || (cut < STEPS && this.#physics.quantile(this.#signature, event) >= cut);
  }

  /** Share of a stream's events that pass. */
  get share(): number {
    let passing = 0;
    for (let k = 0; k < STEPS; k++) passing += STEPS - this.#cuts[this.#physics.classAt(k)]!;
    return (passing / STEPS / STEPS) * (this.#keep / 2 ** 32);
  }
}
