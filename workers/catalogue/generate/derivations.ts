/** Derivations by name, and what each keeps. */
import type { Selection, Signature } from './physics.ts';

export interface Derivation {
  /** `EGAM7`, `PHYS`, …: the group of `DAOD_…`. */
  group: string;
  selection: Selection;
}

const keep = (group: string, signature: Signature, threshold: number, more: Partial<Selection> = {}): Derivation => ({
  group,
  selection: { signature, threshold, keep: 0.98, ...more },
});

const LEPTONIC = ['top', 'W→eν', 'W→μν', 'W→τν', 'Z→ττ'];

/** The first ones to be made: most of what overlaps can show is in them. */
const FIRST: readonly Derivation[] = [
  keep('PHYS', 'mb', 0, { keep: 1 }),
  keep('EGAM7', 'e', 9),
  keep('EGAM1', '2e', 10, { classes: ['Z→ee', 'top'] }),
  keep('MUON1', '2mu', 9),
  keep('TOPQ1', 'ht', 60, { classes: LEPTONIC }),
  keep('PHYSLITE', 'mb', 0, { keep: 0.9995 }),
  keep('HIGG1D1', 'g', 24, { classes: ['γ', 'γγ', 'Z→ee'] }),
  keep('BPHY1', 'bmumu', 4),
  keep('JETM1', 'j', 110),
  keep('SUSY5', 'xe', 30, { classes: ['W→eν', 'W→μν', 'top', 'missing momentum'] }),
  keep('TAUP1', 'tau', 30),
  keep('EXOT5', 'xe', 90),
];

/** Families of the others: which numbers there are, what they look for, from which threshold on, and how much that grows with each. */
const FAMILIES: readonly [names: readonly string[], signatures: readonly Signature[], from: number, step: number][] = [
  [numbered('EGAM', 2, 9, [7]), ['g', '2e', 'e', '2g'], 8, 2.5],
  [numbered('MUON', 0, 6, [1]), ['mu', '2mu', 'bmumu'], 4, 2],
  [numbered('JETM', 2, 16), ['j', 'g', 'e', 'mu', 'mj'], 20, 7],
  [numbered('TOPQ', 2, 6), ['b', 'mj', 'ht'], 35, 9],
  [
    ['1D2', '2D1', '2D4', '2D5', '3D1', '3D2', '3D3', '4D1', '4D2', '5D1', '5D2', '6D1', '6D2', '8D1'].map(
      (n) => `HIGG${n}`,
    ),
    ['2g', '2mu', '2e', '2tau', 'b', 'tau'],
    8,
    2,
  ],
  [numbered('SUSY', 1, 19, [5]), ['xe', 'ht', 'mj', 'b', 'tau'], 40, 8],
  [numbered('EXOT', 0, 14, [5]), ['j', 'xe', 'g', 'mu', 'e', 'b'], 30, 9],
  [numbered('STDM', 2, 8), ['e', 'mu', 'g', 'j'], 15, 4],
  [numbered('TAUP', 2, 4), ['2tau', 'tau'], 15, 7],
  [numbered('FTAG', 1, 4), ['b', '2e', '2mu'], 9, 3],
  [numbered('BPHY', 2, 6), ['bmumu', '2mu'], 4, 1.5],
];

function numbered(name: string, from: number, to: number, without: readonly number[] = []): string[] {
  return Array.from({ length: to - from + 1 }, (_, k) => from + k)
    .filter((number) => !without.includes(number))
    .map((number) => name + number);
}

/** All of them, the first ones first, then one of each family in turn. */
export const DERIVATIONS: readonly Derivation[] = [
  ...FIRST,
  ...Array.from({ length: Math.max(...FAMILIES.map(([names]) => names.length)) }, (_, k) =>
    FAMILIES.flatMap(([names, signatures, from, step]) =>
      k < names.length ? [keep(names[k]!, signatures[k % signatures.length]!, from + k * step)] : [],
    ),
  ).flat(),
];
