import { deltaR, etaOf, type Momentum, massOf, phiOf, ptOf } from './kinematics.ts';
import type { TrueEvent, TrueLepton } from './processes.ts';
import type { Random } from './random.ts';

/** What the detector makes of a collision: the names are NanoAOD's. */
export interface Lepton {
  pt: number;
  eta: number;
  phi: number;
  charge: number;
  relIso: number;
  dxy: number;
  dz: number;
  /** Muons: the tight identification. */
  tightId: boolean;
  /** Electrons: 0 (fails) to 4 (tight). */
  cutBased: number;
  jetIdx: number;
}

export interface Jet {
  pt: number;
  eta: number;
  phi: number;
  mass: number;
  btagDeepFlavB: number;
  jetId: number;
  nConstituents: number;
  muonIdx1: number;
}

export interface RecordedEvent {
  muons: Lepton[];
  electrons: Lepton[];
  jets: Jet[];
  met: { pt: number; phi: number };
  npvs: number;
  triggers: { isoMu24: boolean; mu17Mu8: boolean; ele27: boolean };
  genWeight: number;
}

const MUON_RESOLUTION = 0.012;
const ELECTRON_RESOLUTION = 0.022;

/** Smears, loses and orders; links leptons to jets; decides the triggers. */
export function record(truth: TrueEvent, random: Random): RecordedEvent {
  const npvs = Math.max(1, Math.round(random.normal(32, 9)));
  const muons = truth.muons
    .filter(({ p }) => ptOf(p) > 3 && Math.abs(etaOf(p)) < 2.4 && random.chance(0.97))
    .map((muon) => lepton(muon, MUON_RESOLUTION * (1 + 0.12 * etaOf(muon.p) ** 2), random))
    .sort(byPt);
  const electrons = truth.electrons
    .filter(({ p }) => ptOf(p) > 7 && Math.abs(etaOf(p)) < 2.5 && random.chance(0.88))
    .map((electron) => lepton(electron, ELECTRON_RESOLUTION, random))
    .sort(byPt);
  const jets = truth.jets.flatMap(({ p, flavour }) => jet(p, flavour === 'b', random)).sort(byPt);
  for (const one of [...muons, ...electrons]) one.jetIdx = nearest(one, jets);
  for (const one of jets) one.muonIdx1 = muons.findIndex((muon) => jets[muon.jetIdx] === one);
  return {
    muons,
    electrons,
    jets,
    met: missing(truth, jets, random),
    npvs,
    triggers: {
      isoMu24: muons.some((muon) => muon.relIso < 0.15 && random.chance(turnOn(muon.pt, 24, 0.92))),
      mu17Mu8: muons.filter((muon) => muon.pt > 17).length >= 1 && muons.filter((muon) => muon.pt > 8).length >= 2,
      ele27: electrons.some((electron) => electron.cutBased >= 3 && random.chance(turnOn(electron.pt, 27, 0.9))),
    },
    genWeight: truth.weight * (random.chance(0.1) ? -1 : 1),
  };
}

function lepton({ p, charge, prompt }: TrueLepton, resolution: number, random: Random): Lepton {
  const isolated = prompt || random.chance(0.15);
  const displaced = !prompt && random.chance(0.5);
  return {
    pt: ptOf(p) * Math.max(0.2, 1 + resolution * random.normal()),
    eta: etaOf(p) + random.normal(0, 0.0004),
    phi: wrapped(phiOf(p) + random.normal(0, 0.0004)),
    charge: random.chance(0.0005) ? -charge : charge,
    relIso: isolated ? (random.chance(0.45) ? 0 : random.exponential(0.035)) : random.exponential(0.55),
    dxy: random.normal(0, 0.003) + (displaced ? random.sign() * random.exponential(0.025) : 0),
    dz: random.normal(0, 0.006) + (displaced ? random.sign() * random.exponential(0.03) : 0),
    tightId: random.chance(prompt ? 0.95 : 0.75),
    cutBased: random.chance(prompt ? 0.75 : 0.1) ? 4 : Math.floor(random.between(0, 4)),
    jetIdx: -1,
  };
}

/** No jet, or one. */
function jet(p: Momentum, isB: boolean, random: Random): Jet[] {
  const energy = ptOf(p);
  const pt = energy * Math.max(0.3, 1 + random.normal() * Math.hypot(0.05, 0.75 / Math.sqrt(Math.max(energy, 5))));
  const eta = etaOf(p) + random.normal(0, 0.01);
  if (pt < 15 || Math.abs(eta) > 4.7) return [];
  const tagged = Math.abs(eta) < 2.5 && random.chance(isB ? 0.8 : 0.012);
  return [
    {
      pt,
      eta,
      phi: wrapped(phiOf(p) + random.normal(0, 0.01)),
      mass: (massOf(p) + 0.09 * pt) * random.between(0.75, 1.25),
      btagDeepFlavB: tagged ? 1 - random.uniform() ** 0.4 * 0.72 : Math.min(0.99, random.exponential(0.035) + 0.004),
      jetId: random.chance(0.97) ? 6 : random.chance(0.5) ? 2 : 0,
      nConstituents: 3 + random.poisson(4 + 3.2 * Math.log(pt / 10)),
      muonIdx1: -1,
    },
  ];
}

/** Neutrinos, and what the jets' and the rest's resolution leaves over. */
function missing(truth: TrueEvent, jets: Jet[], random: Random): { pt: number; phi: number } {
  const activity = jets.reduce((sum, { pt }) => sum + pt, 250);
  const sigma = 0.45 * Math.sqrt(activity);
  const px = truth.neutrinos.reduce((sum, p) => sum + p.px, random.normal(0, sigma));
  const py = truth.neutrinos.reduce((sum, p) => sum + p.py, random.normal(0, sigma));
  return { pt: Math.hypot(px, py), phi: Math.atan2(py, px) };
}

/** Index of the nearest jet within 0.4, or −1. */
function nearest(one: Lepton, jets: Jet[]): number {
  let index = -1;
  let least = 0.4;
  for (const [i, candidate] of jets.entries()) {
    const distance = deltaR(one, candidate);
    if (distance < least) {
      least = distance;
      index = i;
    }
  }
  return index;
}

/** How often a trigger fires near its threshold. */
const turnOn = (pt: number, threshold: number, plateau: number): number =>
  plateau / (1 + Math.exp((threshold - pt) / 0.5));

const byPt = (a: { pt: number }, b: { pt: number }): number => b.pt - a.pt;

function wrapped(phi: number): number {
  if (phi > Math.PI) return phi - 2 * Math.PI;
  return phi < -Math.PI ? phi + 2 * Math.PI : phi;
}
