import { decay, etaOf, fromPtEtaPhiMass, fromPtRapidityPhiMass, type Momentum, ptOf, scaled } from './kinematics.ts';
import type { Random } from './random.ts';

/**
 * What collides: a mixture chosen to show a dimuon spectrum, not to have the cross sections of any collider.
 * Masses and widths are those of the Particle Data Group's listings, in GeV.
 */

export interface TrueLepton {
  p: Momentum;
  charge: number;
  /** From a vector boson or a resonance made at the collision point, far from jets. */
  prompt: boolean;
}

export interface TrueJet {
  p: Momentum;
  flavour: 'b' | 'light';
}

/** What leaves the collision, before any detector. */
export interface TrueEvent {
  muons: TrueLepton[];
  electrons: TrueLepton[];
  jets: TrueJet[];
  neutrinos: Momentum[];
  /** Absolute value of the generator's weight. */
  weight: number;
}

export const MUON_MASS = 0.105658;
export const ELECTRON_MASS = 0.000511;

export const Z = { mass: 91.1876, width: 2.4952 };
export const W = { mass: 80.377, width: 2.085 };
const TOP = { mass: 172.5, width: 1.42 };

/** Resonances that are narrower than any resolution: mass, share of the events, transverse momentum scale. */
const NARROW = [
  { mass: 0.7826, share: 0.012, scale: 6 },
  { mass: 1.01946, share: 0.018, scale: 6 },
  { mass: 3.0969, share: 0.13, scale: 6 },
  { mass: 3.6861, share: 0.016, scale: 6 },
  { mass: 9.4604, share: 0.062, scale: 7 },
  { mass: 10.0234, share: 0.024, scale: 7 },
  { mass: 10.3551, share: 0.017, scale: 7 },
];

/** The rest: names and shares; what is left is the continuum. */
const SHARES: [(random: Random) => TrueEvent, number][] = [
  ...NARROW.map(({ mass, share, scale }): [(random: Random) => TrueEvent, number] => [
    (random) => dimuon(mass, scale, true, 0.9, random),
    share,
  ]),
  [(random) => dilepton('muons', random), 0.15],
  [(random) => dilepton('electrons', random), 0.05],
  [singleW, 0.06],
  [topPair, 0.05],
  [sameSign, 0.06],
];

/** One collision of a random process, with radiation. */
export function collide(random: Random): TrueEvent {
  const event = pick(random.uniform())(random);
  radiate(event, random);
  return event;
}

/** The process whose share of [0, 1) holds `at`. */
function pick(at: number): (random: Random) => TrueEvent {
  let end = 0;
  for (const [process, share] of SHARES) {
    end += share;
    if (at < end) return process;
  }
  return continuum;
}

/** A muon pair of one mass, tried until the detector could see both: what a dimuon trigger keeps. */
function dimuon(mass: number, scale: number, prompt: boolean, weight: number, random: Random): TrueEvent {
  let pair: [Momentum, Momentum];
  let tries = 0;
  do {
    const parent = fromPtRapidityPhiMass(random.transverse(scale, 3.2), rapidity(random), angle(random), mass);
    pair = decay(parent, MUON_MASS, MUON_MASS, random);
  } while (++tries < 30 && !pair.every(visible));
  return withMuons(pair, random.sign(), prompt, weight);
}

/** Drell–Yan pairs at high mass, and pairs of heavy-flavour decays at low mass. */
function continuum(random: Random): TrueEvent {
  const heavyFlavour = random.chance(0.62);
  const mass = heavyFlavour
    ? 2 * MUON_MASS + Math.exp(random.normal(Math.log(2.6), 0.95))
    : random.transverse(8, random.chance(0.7) ? 1.8 : 1.45);
  return dimuon(Math.min(Math.max(mass, 3 * MUON_MASS), 2000), heavyFlavour ? 7 : 9, !heavyFlavour, 1.1, random);
}

/** Two muons of jets: combinatorial background, as often of one charge as of two. */
function sameSign(random: Random): TrueEvent {
  const event = dimuon(random.powerLaw(1.2, 1.6) % 180, 8, false, 1, random);
  if (random.chance(0.7)) for (const muon of event.muons) muon.charge = event.muons[0]?.charge ?? 1;
  return event;
}

function dilepton(kind: 'muons' | 'electrons', random: Random): TrueEvent {
  const mass = random.breitWigner(Z.mass, Z.width);
  const parent = fromPtRapidityPhiMass(random.transverse(11, 2.4), rapidity(random), angle(random), mass);
  const lepton = kind === 'muons' ? MUON_MASS : ELECTRON_MASS;
  const event = withMuons(decay(parent, lepton, lepton, random), random.sign(), true, 0.95);
  if (kind === 'muons') return event;
  return { ...event, muons: [], electrons: event.muons };
}

function singleW(random: Random): TrueEvent {
  const mass = random.breitWigner(W.mass, W.width);
  const parent = fromPtRapidityPhiMass(random.transverse(11, 2.4), rapidity(random), angle(random), mass);
  const event = empty(1.05);
  leptonic(parent, random.sign(), event, random);
  return event;
}

/** A top pair: one side to three jets, the other to a lepton, a neutrino and a jet. */
function topPair(random: Random): TrueEvent {
  const event = empty(1.25);
  const charge = random.sign();
  const pt = random.transverse(130, 4);
  const phi = angle(random);
  for (const side of [0, 1]) {
    const mass = random.breitWigner(TOP.mass, TOP.width);
    const top = fromPtRapidityPhiMass(pt, random.normal(0, 0.9), phi + side * Math.PI, mass);
    const boson = Math.min(random.breitWigner(W.mass, W.width), mass - 10);
    const [w, b] = decay(top, boson, 4.8, random);
    event.jets.push({ p: b, flavour: 'b' });
    if (side === 0) for (const p of decay(w, 0.3, 0.3, random)) event.jets.push({ p, flavour: 'light' });
    else leptonic(w, charge, event, random);
  }
  return event;
}

/** A W decays to a muon or an electron, and a neutrino. */
function leptonic(w: Momentum, charge: number, event: TrueEvent, random: Random): void {
  const toMuon = random.chance(0.6);
  const [lepton, neutrino] = decay(w, toMuon ? MUON_MASS : ELECTRON_MASS, 0, random);
  event[toMuon ? 'muons' : 'electrons'].push({ p: lepton, charge, prompt: true });
  event.neutrinos.push(neutrino);
}

/** Jets of radiation, jets around muons that come out of jets, and a soft extra muon now and then. */
function radiate(event: TrueEvent, random: Random): void {
  const soft = random.chance(0.05);
  if (soft) {
    const p = fromPtEtaPhiMass(random.powerLaw(3, 3.5), random.normal(0, 1.2), angle(random), MUON_MASS);
    event.muons.push({ p, charge: random.sign(), prompt: false });
  }
  for (const { p, prompt } of event.muons) {
    if (prompt || !random.chance(0.6)) continue;
    event.jets.push({
      p: fromPtEtaPhiMass(
        ptOf(p) * random.between(1.2, 3.5) + 6,
        etaOf(p) + random.normal(0, 0.08),
        Math.atan2(p.py, p.px) + random.normal(0, 0.08),
        5,
      ),
      flavour: random.chance(0.6) ? 'b' : 'light',
    });
  }
  for (const { p } of event.electrons) event.jets.push({ p: scaled(p, random.between(1, 1.08)), flavour: 'light' });
  for (let left = random.poisson(0.9); left > 0; left--) {
    const pt = random.powerLaw(15, 3.6);
    event.jets.push({
      p: fromPtEtaPhiMass(pt, random.normal(0, 2), angle(random), pt * random.between(0.06, 0.2)),
      flavour: random.chance(0.05) ? 'b' : 'light',
    });
  }
}

const angle = (random: Random): number => random.between(-Math.PI, Math.PI);
const rapidity = (random: Random): number => random.normal(0, 1.3);
const visible = (p: Momentum): boolean => ptOf(p) > 3 && Math.abs(etaOf(p)) < 2.4;
export const empty = (weight: number): TrueEvent => ({ muons: [], electrons: [], jets: [], neutrinos: [], weight });

function withMuons(pair: [Momentum, Momentum], charge: number, prompt: boolean, weight: number): TrueEvent {
  const [a, b] = pair;
  return {
    ...empty(weight),
    muons: [
      { p: a, charge, prompt },
      { p: b, charge: -charge, prompt },
    ],
  };
}
