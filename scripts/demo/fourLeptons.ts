import { decay, fromPtEtaPhiMass, fromPtRapidityPhiMass, type Momentum } from './kinematics.ts';
import { ELECTRON_MASS, empty, MUON_MASS, type TrueEvent, W, Z } from './processes.ts';
import type { Random } from './random.ts';

/**
 * What the search for H → ZZ → 4ℓ sees: the signal, pairs of Z bosons, and a Z or a top pair with two leptons out of
 * jets. Shapes are simplified; how many events of each kind there are is chosen to look like the discovery's plots.
 */

const HIGGS = 125;

/** A Higgs boson to two Z bosons, of which one at least is far below its mass. */
export function higgs(random: Random): TrueEvent {
  const parent = fromPtRapidityPhiMass(random.transverse(35, 2.6), random.normal(0, 1.1), angle(random), HIGGS);
  return twoPairs(parent, zMasses(HIGGS, random), random);
}

/** A pair of Z bosons, or of a Z and a virtual photon; and a single Z that decays to four leptons. */
export function zPair(random: Random): TrueEvent {
  let masses: [number, number];
  let mass: number;
  if (random.chance(0.15)) {
    do {
      mass = random.breitWigner(Z.mass, Z.width);
      masses = [random.between(30, mass), virtual(4, 45, random)];
    } while (masses[0] + masses[1] > mass - 1);
  } else {
    masses = [
      random.breitWigner(Z.mass, Z.width),
      random.chance(0.85) ? random.breitWigner(Z.mass, Z.width) : virtual(4, 80, random),
    ];
    // Above the threshold the rate rises fast and falls off over some tens of GeV.
    mass = masses[0] + masses[1] + random.exponential(14) + random.exponential(45);
  }
  const parent = fromPtRapidityPhiMass(random.transverse(22, 2.5), random.normal(0, 1.1), angle(random), mass);
  return twoPairs(parent, masses, random);
}

/** A Z boson, or the leptons of a top pair, and two leptons of one flavour out of jets. */
export function withJets(random: Random): TrueEvent {
  const event = empty(1);
  if (random.chance(0.8)) {
    const mass = random.breitWigner(Z.mass, Z.width);
    const z = fromPtRapidityPhiMass(random.transverse(25, 2.5), random.normal(0, 1.2), angle(random), mass);
    pair(z, random.chance(0.5), event, random);
  } else {
    const charge = random.sign();
    for (const sign of [charge, -charge]) {
      const w = fromPtRapidityPhiMass(random.transverse(60, 3), random.normal(0, 1), angle(random), W.mass);
      const muon = random.chance(0.5);
      const [p] = decay(w, muon ? MUON_MASS : ELECTRON_MASS, 0, random);
      event[muon ? 'muons' : 'electrons'].push({ p, charge: sign, prompt: true });
    }
  }
  const muons = random.chance(0.6);
  const first = random.sign();
  for (const charge of [first, random.chance(0.5) ? first : -first]) {
    const mass = muons ? MUON_MASS : ELECTRON_MASS;
    const p = fromPtEtaPhiMass(random.powerLaw(5, 3.2), random.normal(0, 1.3), angle(random), mass);
    event[muons ? 'muons' : 'electrons'].push({ p, charge, prompt: false });
  }
  return event;
}

/**
 * Masses of the two Z bosons of a Higgs boson, larger first, tried until one is taken by the width that the Standard
 * Model gives (A. Djouadi, Phys. Rept. 457 (2008) 1, section 2.2.2): a propagator for each, times
 * √λ (λ + 12 m₁² m₂² / m_H⁴).
 */
function zMasses(mass: number, random: Random): [number, number] {
  for (;;) {
    const a = random.between(4, mass - 4);
    const b = random.between(4, mass - 4);
    if (a + b >= mass) continue;
    const [x, y] = [(a / mass) ** 2, (b / mass) ** 2];
    const lambda = (1 - x - y) ** 2 - 4 * x * y;
    const rate = propagator(a) * propagator(b) * Math.sqrt(lambda) * (lambda + 12 * x * y);
    if (random.uniform() * MOST < rate) return a > b ? [a, b] : [b, a];
  }
}

/** Of dΓ / dm: m³ over the resonance's denominator, in units of its peak's height. */
const propagator = (m: number): number =>
  (m ** 3 * Z.width ** 2) / (Z.mass * ((m ** 2 - Z.mass ** 2) ** 2 + (Z.mass * Z.width) ** 2));

/** No pair of masses is more likely. */
const MOST = 3.2e-6;

/** A mass of a virtual photon: equally likely at every scale. */
const virtual = (least: number, most: number, random: Random): number => least * (most / least) ** random.uniform();

function twoPairs(parent: Momentum, [a, b]: [number, number], random: Random): TrueEvent {
  const event = empty(1);
  for (const boson of decay(parent, a, b, random)) pair(boson, random.chance(0.5), event, random);
  return event;
}

/** A Z boson's two muons, or two electrons. */
function pair(boson: Momentum, muons: boolean, event: TrueEvent, random: Random): void {
  const mass = muons ? MUON_MASS : ELECTRON_MASS;
  const charge = random.sign();
  decay(boson, mass, mass, random).forEach((p, i) => {
    event[muons ? 'muons' : 'electrons'].push({ p, charge: i === 0 ? charge : -charge, prompt: true });
  });
}

const angle = (random: Random): number => random.between(-Math.PI, Math.PI);
