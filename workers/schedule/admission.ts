/**
 * Lets tasks in, in order, while the bytes that they claim fit together. One task is always let in, whatever
 * it claims.
 */
export class Admission {
  readonly #limit: number;
  readonly #queue: { bytes: number; enter: () => void }[] = [];
  #claimed = 0;
  #inside = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @returns what gives the bytes back; to be called once */
  async enter(bytes: number): Promise<() => void> {
    await new Promise<void>((enter) => {
      this.#queue.push({ bytes, enter });
      this.#advance();
    });
    return () => {
      this.#claimed -= bytes;
      this.#inside--;
      this.#advance();
    };
  }

  #advance(): void {
    for (
      let next = this.#queue[0];
      next && (this.#inside === 0 || this.#claimed + next.bytes <= this.#limit);
      next = this.#queue[0]
    ) {
      this.#queue.shift();
      this.#claimed += next.bytes;
      this.#inside++;
      next.enter();
    }
  }
}
