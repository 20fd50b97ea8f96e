import type { Random } from './random.ts';

/** A four-momentum in GeV. */
export interface Momentum {
  px: number;
  py: number;
  pz: number;
  e: number;
}

export const fromPtRapidityPhiMass = (pt: number, y: number, phi: number, mass: number): Momentum => {
  const mt = Math.hypot(mass, pt);
  return { px: pt * Math.cos(phi), py: pt * Math.sin(phi), pz: mt * Math.sinh(y), e: mt * Math.cosh(y) };
};

export const fromPtEtaPhiMass = (pt: number, eta: number, phi: number, mass: number): Momentum => {
  const pz = pt * Math.sinh(eta);
  return { px: pt * Math.cos(phi), py: pt * Math.sin(phi), pz, e: Math.hypot(pt, pz, mass) };
};

export const ptOf = (p: Momentum): number => Math.hypot(p.px, p.py);
export const phiOf = (p: Momentum): number => Math.atan2(p.py, p.px);
export const etaOf = (p: Momentum): number => Math.asinh(p.pz / Math.max(ptOf(p), 1e-9));
export const massOf = (p: Momentum): number =>
  Math.sqrt(Math.max(0, p.e * p.e - p.px * p.px - p.py * p.py - p.pz * p.pz));

export const plus = (...parts: Momentum[]): Momentum => ({
  px: parts.reduce((sum, p) => sum + p.px, 0),
  py: parts.reduce((sum, p) => sum + p.py, 0),
  pz: parts.reduce((sum, p) => sum + p.pz, 0),
  e: parts.reduce((sum, p) => sum + p.e, 0),
});

export const scaled = (p: Momentum, by: number): Momentum => ({
  px: p.px * by,
  py: p.py * by,
  pz: p.pz * by,
  e: p.e * by,
});

/** Distance in η and φ. */
export function deltaR(a: { eta: number; phi: number }, b: { eta: number; phi: number }): number {
  let dphi = Math.abs(a.phi - b.phi);
  if (dphi > Math.PI) dphi = 2 * Math.PI - dphi;
  return Math.hypot(a.eta - b.eta, dphi);
}

/** A decay into two, isotropic in the rest frame of the parent, boosted with it. */
export function decay(parent: Momentum, mass1: number, mass2: number, random: Random): [Momentum, Momentum] {
  const mass = massOf(parent);
  const p =
    Math.sqrt(Math.max(0, (mass ** 2 - (mass1 + mass2) ** 2) * (mass ** 2 - (mass1 - mass2) ** 2))) / (2 * mass);
  const cosine = random.between(-1, 1);
  const sine = Math.sqrt(1 - cosine * cosine);
  const phi = random.between(0, 2 * Math.PI);
  const [x, y, z] = [p * sine * Math.cos(phi), p * sine * Math.sin(phi), p * cosine];
  return [
    boosted({ px: x, py: y, pz: z, e: Math.hypot(p, mass1) }, parent, mass),
    boosted({ px: -x, py: -y, pz: -z, e: Math.hypot(p, mass2) }, parent, mass),
  ];
}

/** `p`, given in the rest frame of `frame` (of mass `mass`), as the laboratory sees it. */
function boosted(p: Momentum, frame: Momentum, mass: number): Momentum {
  const along = p.px * frame.px + p.py * frame.py + p.pz * frame.pz;
  const e = (p.e * frame.e + along) / mass;
  const by = (p.e + e) / (frame.e + mass);
  return { px: p.px + by * frame.px, py: p.py + by * frame.py, pz: p.pz + by * frame.pz, e };
}
