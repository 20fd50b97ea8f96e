import { GpuTrouble } from '../types.ts';

/** Strings that a device knows: columns of more different ones are no categories. */
const MAX_STRINGS = 2 ** 20;
/** Strings that no column holds get codes from here downwards, which no value has. */
const NEVER_SEEN = 0xffff_ffff;

/** The device's own codes of strings, the same in all chunks and columns. */
export class StringCodes {
  readonly #codes = new Map<string, number>();

  /** Gives the codes of a program's constants: equal ones for equal strings alone, also where no column holds them. */
  finder(): (value: string) => number {
    const unseen = new Map<string, number>();
    return (value) => {
      const known = this.#codes.get(value) ?? unseen.get(value);
      if (known !== undefined) return known;
      const code = NEVER_SEEN - unseen.size;
      unseen.set(value, code);
      return code;
    };
  }

  /** Codes of a column's dictionary, new ones where they are new. @throws GpuTrouble `memory` where there are too many */
  add(dictionary: readonly string[]): Uint32Array {
    return Uint32Array.from(dictionary, (value) => {
      const known = this.#codes.get(value);
      if (known !== undefined) return known;
      const code = this.#codes.size;
      if (code >= MAX_STRINGS)
        throw new GpuTrouble(
          'memory',
          `the columns hold more than ${MAX_STRINGS.toLocaleString('en')} different strings`,
        );
      this.#codes.set(value, code);
      return code;
    });
  }
}
