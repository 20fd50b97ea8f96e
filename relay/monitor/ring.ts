/** Sums over the last steps of time: a time series of fixed length. */
export class Ring {
  readonly stepMs: number;
  readonly #sums: Float64Array;
  /** Number of the step that is being filled, counted from 1970. */
  #step: number;

  constructor(steps: number, stepMs: number, now: number) {
    this.stepMs = stepMs;
    this.#sums = new Float64Array(steps);
    this.#step = Math.floor(now / stepMs);
  }

  add(value: number, now: number): void {
    this.#advance(now);
    this.#sums[this.#step % this.#sums.length]! += value;
  }

  /** Whole steps, the last of which has just ended; one less than the ring has. */
  values(now: number): number[] {
    this.#advance(now);
    const { length } = this.#sums;
    return Array.from({ length: length - 1 }, (_, k) => this.#sums[(this.#step + 1 + k) % length]!);
  }

  /** When the last whole step ended. */
  end(now: number): number {
    this.#advance(now);
    return this.#step * this.stepMs;
  }

  /** A clock that was put back fills the step that there is. */
  #advance(now: number): void {
    const step = Math.floor(now / this.stepMs);
    const { length } = this.#sums;
    for (let next = Math.max(this.#step + 1, step - length + 1); next <= step; next += 1) this.#sums[next % length] = 0;
    this.#step = Math.max(this.#step, step);
  }
}
