/** A number of bytes (or anything) that several may spend at a time; who comes too late waits, in order. What alone is more than all of it still gets its turn, by itself. */
export class Budget {
  readonly #all: number;
  #free: number;
  readonly #waiting: { amount: number; start(): void }[] = [];

  constructor(all: number) {
    this.#all = all;
    this.#free = all;
  }

  async spend<T>(wanted: number, work: () => Promise<T>): Promise<T> {
    const amount = Math.min(wanted, this.#all);
    if (this.#waiting.length > 0 || amount > this.#free)
      await new Promise<void>((start) => this.#waiting.push({ amount, start }));
    else this.#free -= amount;
    try {
      return await work();
    } finally {
      this.#free += amount;
      while (this.#waiting.length > 0 && this.#waiting[0]!.amount <= this.#free) {
        const next = this.#waiting.shift()!;
        this.#free -= next.amount;
        next.start();
      }
    }
  }
}
