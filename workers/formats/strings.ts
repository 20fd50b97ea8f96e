const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Distinct strings in the order of their first use, found by their bytes: a JavaScript string is made once for each of
 * them, not for each value.
 */
export class StringTable {
  readonly strings: string[] = [];
  /** Bytes that were met, and the code of each: those that are no UTF-8 may read the same. */
  #bytes: Uint8Array[] = [];
  #codes: number[] = [];
  #byText = new Map<string, number>();
  /** Open addressing: index into `#bytes` + 1, 0 where free; a power of two long. */
  #slots = new Uint32Array(64);

  /** The code of the string whose UTF-8 bytes are `bytes[begin, end)`. */
  code(bytes: Uint8Array, begin: number, end: number): number {
    let slot = hash(bytes, begin, end) & (this.#slots.length - 1);
    for (let held = this.#slots[slot]!; held !== 0; held = this.#slots[slot]!) {
      if (equal(this.#bytes[held - 1]!, bytes, begin, end)) return this.#codes[held - 1]!;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
    const own = bytes.slice(begin, end);
    const text = decoder.decode(own);
    const code = this.#byText.get(text) ?? this.strings.push(text) - 1;
    this.#byText.set(text, code);
    this.#codes.push(code);
    this.#slots[slot] = this.#bytes.push(own);
    if (this.#bytes.length * 2 > this.#slots.length) this.#grow();
    return code;
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    this.#bytes.forEach((own, index) => {
      let slot = hash(own, 0, own.length) & (this.#slots.length - 1);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = index + 1;
    });
  }
}

/** FNV-1a, with the high bits mixed into the low ones that are used. */
function hash(bytes: Uint8Array, begin: number, end: number): number {
  let value = 0x811c9dc5;
  for (let i = begin; i < end; i++) value = Math.imul(value ^ bytes[i]!, 0x01000193);
  return value ^ (value >>> 15);
}

function equal(own: Uint8Array, bytes: Uint8Array, begin: number, end: number): boolean {
  if (own.length !== end - begin) return false;
  for (let i = 0; i < own.length; i++) if (own[i] !== bytes[begin + i]) return false;
  return true;
}
