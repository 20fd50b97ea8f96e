/**
 * Random numbers for the simulation: sfc32 (Chris Doty-Humphrey's PractRand generator), 128 bits of state, so that one
 * seed gives one file.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#a = seed | 0;
    this.#b = 0x9e3779b9 | 0;
    this.#c = 0x243f6a88 | 0;
    for (let i = 0; i < 15; i++) this.#next();
  }

  #next(): number {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return t >>> 0;
  }

  /** In (0, 1). */
  uniform(): number {
    return (this.#next() + 0.5) / 4294967296;
  }

  between(lo: number, hi: number): number {
    return lo + (hi - lo) * this.uniform();
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** −1 or 1. */
  sign(): number {
    return this.uniform() < 0.5 ? -1 : 1;
  }

  /** Gaussian, by Box and Muller's transformation. */
  normal(mean = 0, sigma = 1): number {
    return mean + sigma * Math.sqrt(-2 * Math.log(this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  exponential(mean: number): number {
    return -mean * Math.log(this.uniform());
  }

  /** Knuth's product of uniforms; for small means. */
  poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.uniform(); product > limit; product *= this.uniform()) count++;
    return count;
  }

  /** A resonance's mass, within 20 widths of its pole. */
  breitWigner(mass: number, width: number): number {
    const reach = Math.atan(40);
    return mass + (width / 2) * Math.tan(this.between(-reach, reach));
  }

  /** Density ∝ x / (1 + (x / scale)²)^power: the shape of transverse momentum spectra. */
  transverse(scale: number, power: number): number {
    return scale * Math.sqrt(this.uniform() ** (-1 / (power - 1)) - 1);
  }

  /** Density ∝ x^(−power) from `least` on. */
  powerLaw(least: number, power: number): number {
    return least * this.uniform() ** (-1 / (power - 1));
  }
}
