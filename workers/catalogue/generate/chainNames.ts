/** Names of items and chains as ATLAS' menus of Run 1 and Run 2 write them, with thresholds [GeV]. */
import type { Signature } from './physics.ts';

/** How level 1 calls a signature, its thresholds and endings, and from which threshold on nothing is prescaled. */
export interface Naming {
  name: (threshold: number) => string;
  thresholds: readonly number[];
  /** With the share that passes each. */
  endings: readonly (readonly [string, number])[];
  primary: number;
}

export const L1: Record<Signature, Naming> = {
  e: {
    name: (t) => `EM${t}`,
    thresholds: [3, 7, 8, 10, 12, 15, 18, 20, 22, 24, 30, 50],
    endings: [
      ['', 1],
      ['VH', 0.9],
      ['VHI', 0.8],
      ['HI', 0.85],
    ],
    primary: 22,
  },
  '2e': {
    name: (t) => `2EM${t}`,
    thresholds: [3, 7, 10, 13, 15, 20],
    endings: [
      ['', 1],
      ['VH', 0.85],
    ],
    primary: 15,
  },
  g: {
    name: (t) => `EM${t}`,
    thresholds: [5, 9, 13, 17, 26, 35, 60],
    endings: [
      ['', 1],
      ['VH', 0.85],
      ['I', 0.8],
    ],
    primary: 26,
  },
  '2g': {
    name: (t) => `2EM${t}`,
    thresholds: [5, 8, 12, 18, 25],
    endings: [
      ['', 1],
      ['VHI', 0.8],
    ],
    primary: 18,
  },
  mu: {
    name: (t) => `MU${t}`,
    thresholds: [4, 6, 10, 11, 15, 20, 21],
    endings: [
      ['', 1],
      ['F', 0.85],
      ['C', 0.7],
      ['OF', 0.4],
    ],
    primary: 20,
  },
  '2mu': {
    name: (t) => `2MU${t}`,
    thresholds: [4, 6, 10],
    endings: [
      ['', 1],
      ['OF', 0.4],
    ],
    primary: 10,
  },
  bmumu: {
    name: (t) => `LFV-MU${t}`,
    thresholds: [4, 6, 8, 11],
    endings: [
      ['', 0.9],
      ['_BPH-2M9-2MU', 0.6],
      ['_BPH-0DR15', 0.7],
    ],
    primary: 6,
  },
  tau: {
    name: (t) => `TAU${t}`,
    thresholds: [8, 12, 20, 25, 30, 40, 60, 100],
    endings: [
      ['', 1],
      ['IM', 0.7],
      ['IL', 0.8],
    ],
    primary: 60,
  },
  '2tau': {
    name: (t) => `2TAU${t}`,
    thresholds: [8, 12, 20, 30],
    endings: [
      ['', 1],
      ['IM', 0.6],
    ],
    primary: 20,
  },
  j: {
    name: (t) => `J${t}`,
    thresholds: [12, 15, 20, 25, 30, 40, 50, 75, 85, 100, 120, 400],
    endings: [
      ['', 1],
      ['.0ETA23', 0.7],
      ['.31ETA49', 0.2],
    ],
    primary: 100,
  },
  mj: {
    name: (t) => `4J${t}`,
    thresholds: [10, 15, 20, 25, 40, 50],
    endings: [
      ['', 1],
      ['.0ETA25', 0.7],
    ],
    primary: 20,
  },
  b: {
    name: (t) => `BTAG-MU4J${t}`,
    thresholds: [15, 20, 30, 40, 60],
    endings: [
      ['', 0.8],
      ['.0ETA25', 0.5],
    ],
    primary: 40,
  },
  xe: {
    name: (t) => `XE${t}`,
    thresholds: [10, 20, 30, 35, 40, 45, 50, 55, 60, 70, 80],
    endings: [
      ['', 1],
      ['.0ETA24', 0.5],
    ],
    primary: 50,
  },
  ht: {
    name: (t) => `HT${t}`,
    thresholds: [120, 150, 190, 300, 500],
    endings: [
      ['-JJ15.ETA49', 0.9],
      ['-J20s5.ETA31', 0.8],
    ],
    primary: 190,
  },
  mb: {
    name: (t) => `RD${t}`,
    thresholds: [0, 1, 2, 3],
    endings: [
      ['_FILLED', 1],
      ['_EMPTY', 0.05],
      ['_UNPAIRED_ISO', 0.02],
    ],
    primary: 1e9,
  },
};

export const HLT: Record<Signature, Naming> = {
  e: {
    name: (t) => `e${t}`,
    thresholds: [5, 7, 9, 12, 14, 15, 17, 20, 22, 24, 26, 28, 40, 60, 80, 100, 120, 140, 160, 200, 300],
    endings: [
      ['_etcut', 1],
      ['_lhvloose_nod0', 0.95],
      ['_lhloose_nod0', 0.9],
      ['_lhmedium_nod0', 0.82],
      ['_lhtight_nod0', 0.72],
      ['_lhtight_nod0_ivarloose', 0.67],
      ['_lhtight_nod0_ringer', 0.7],
      ['_lhmedium_nod0_ivarloose', 0.76],
    ],
    primary: 26,
  },
  '2e': {
    name: (t) => `2e${t}`,
    thresholds: [3, 5, 9, 12, 15, 17, 24],
    endings: [
      ['_etcut', 0.95],
      ['_lhvloose_nod0', 0.85],
      ['_lhloose_nod0', 0.78],
      ['_lhmedium_nod0', 0.6],
      ['_lhvloose_nod0_Jpsiee', 0.1],
    ],
    primary: 17,
  },
  g: {
    name: (t) => `g${t}`,
    thresholds: [10, 15, 20, 22, 25, 30, 35, 40, 45, 50, 60, 70, 80, 100, 120, 140, 160, 200, 300],
    endings: [
      ['_etcut', 1],
      ['_loose', 0.9],
      ['_medium', 0.8],
      ['_tight', 0.65],
      ['_tight_icalotight', 0.5],
      ['_loose_cutD0D1', 0.85],
    ],
    primary: 140,
  },
  '2g': {
    name: (t) => `2g${t}`,
    thresholds: [10, 15, 17, 20, 22, 25, 35, 50, 60],
    endings: [
      ['_loose', 0.8],
      ['_medium', 0.68],
      ['_tight', 0.5],
      ['_tight_icalovloose', 0.45],
    ],
    primary: 22,
  },
  mu: {
    name: (t) => `mu${t}`,
    thresholds: [2, 4, 6, 8, 10, 11, 13, 14, 15, 18, 20, 22, 24, 26, 28, 40, 50, 60, 80, 100],
    endings: [
      ['', 1],
      ['_msonly', 0.95],
      ['_idperf', 1],
      ['_iloose', 0.9],
      ['_ivarloose', 0.88],
      ['_imedium', 0.82],
      ['_ivarmedium', 0.8],
      ['_0eta105_msonly', 0.45],
    ],
    primary: 26,
  },
  '2mu': {
    name: (t) => `2mu${t}`,
    thresholds: [4, 6, 8, 10, 11, 14, 20],
    endings: [
      ['', 0.95],
      ['_noL1', 0.9],
      ['_nomucomb', 0.85],
      ['_invm1', 0.4],
    ],
    primary: 14,
  },
  bmumu: {
    name: (t) => `2mu${t}`,
    thresholds: [2, 4, 6, 10, 11],
    endings: [
      ['_bJpsimumu', 0.6],
      ['_bUpsimumu', 0.12],
      ['_bDimu', 0.8],
      ['_bBmumu', 0.2],
      ['_bJpsimumu_delayed', 0.55],
      ['_bBmumuxv2', 0.3],
      ['_bTau', 0.15],
    ],
    primary: 6,
  },
  tau: {
    name: (t) => `tau${t}`,
    thresholds: [20, 25, 29, 35, 50, 60, 80, 115, 125, 160, 200],
    endings: [
      ['_idperf_track', 0.9],
      ['_perf_tracktwo', 0.85],
      ['_loose1_tracktwo', 0.6],
      ['_medium1_tracktwo', 0.5],
      ['_medium1_tracktwoEF', 0.5],
      ['_mediumRNN_tracktwoMVA', 0.45],
    ],
    primary: 160,
  },
  '2tau': {
    name: (t) => `2tau${t}`,
    thresholds: [20, 25, 29, 35, 50],
    endings: [
      ['_medium1_tracktwo', 0.3],
      ['_loose1_tracktwo', 0.4],
      ['_mediumRNN_tracktwoMVA', 0.3],
    ],
    primary: 35,
  },
  j: {
    name: (t) => `j${t}`,
    thresholds: [
      15, 25, 35, 45, 55, 60, 85, 100, 110, 150, 175, 225, 260, 300, 330, 360, 380, 400, 420, 440, 450, 460, 480,
    ],
    endings: [
      ['', 1],
      ['_a10_lcw_subjes', 0.9],
      ['_a10t_lcw_jes', 0.85],
      ['_gsc', 0.95],
      ['_320eta490', 0.12],
      ['_boffperf_split', 0.8],
      ['_lcw', 0.97],
    ],
    primary: 420,
  },
  mj: {
    name: (t) => `4j${t}`,
    thresholds: [15, 20, 25, 45, 60, 85, 100, 110, 120],
    endings: [
      ['', 1],
      ['_0eta240', 0.7],
      ['_gsc115', 0.6],
      ['_boffperf_split', 0.8],
    ],
    primary: 100,
  },
  b: {
    name: (t) => `j${t}_bmv2c10`,
    thresholds: [35, 45, 55, 75, 110, 150, 175, 225, 300],
    endings: [
      ['85_split', 0.8],
      ['77_split', 0.68],
      ['70_split', 0.6],
      ['60_split', 0.5],
      ['40_split', 0.35],
    ],
    primary: 225,
  },
  xe: {
    name: (t) => `xe${t}`,
    thresholds: [10, 35, 50, 60, 65, 70, 80, 90, 100, 110, 120],
    endings: [
      ['', 0.9],
      ['_mht', 0.85],
      ['_pufit', 0.85],
      ['_tc_lcw', 0.8],
      ['_pufit_xe65', 0.75],
      ['_trkmht', 0.6],
    ],
    primary: 110,
  },
  ht: {
    name: (t) => `ht${t}`,
    thresholds: [300, 400, 500, 700, 850, 1000, 1200],
    endings: [
      ['', 1],
      ['_2j40_0eta490_invm250', 0.3],
      ['_L1J100', 0.95],
    ],
    primary: 1000,
  },
  mb: {
    name: (t) => `mb_sptrk_pt${t}`,
    thresholds: [0, 2, 4, 6, 8],
    endings: [
      ['', 1],
      ['_vetombts2in', 0.3],
      ['_costr', 0.4],
      ['_hmtPerf', 0.5],
    ],
    primary: 1e9,
  },
};

/** Two things at once. */
export const PAIRS: readonly [Signature, Signature][] = [
  ['e', 'mu'],
  ['mu', 'tau'],
  ['e', 'tau'],
  ['mu', 'j'],
  ['tau', 'xe'],
  ['j', 'xe'],
  ['g', 'tau'],
  ['e', 'xe'],
  ['b', 'ht'],
  ['g', 'mu'],
  ['mj', 'b'],
  ['mu', 'xe'],
  ['e', 'j'],
  ['g', 'j'],
  ['mu', 'b'],
  ['tau', 'j'],
];

/** Endings that give a chain more than one version: the item of level 1 that it asks for, or its part of the detector. */
export const VERSIONS = ['', '_L1topo', '_0eta240', '_j0_perf', '_nocut', '_rerun'];
