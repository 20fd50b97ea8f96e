import { InsertionError } from './insertionError.ts';

/** Numbers of a byte. */
const MOST = 256;

/** The data types that the records of a dataset came from: objects number them each in its own way, a dataset by first appearance. */
export class ProvenanceTypes {
  readonly #numbers = new Map<string, number>();

  /** By their numbers. */
  get names(): string[] {
    return [...this.#numbers.keys()];
  }

  /** @returns the number of each type of an object; undefined where they are the same */
  take(names: readonly string[]): Uint8Array | undefined {
    const numbers = names.map((name) => {
      const own = this.#numbers.get(name) ?? this.#numbers.size;
      this.#numbers.set(name, own);
      return own;
    });
    if (this.#numbers.size > MOST)
      throw new InsertionError(undefined, `its records came from more than ${MOST} data types`);
    return numbers.every((number, at) => number === at) ? undefined : Uint8Array.from(numbers);
  }
}
