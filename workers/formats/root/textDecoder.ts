import type { ColumnData } from '../../../core/schema/column.ts';
import { Corrupt } from '../errors.ts';
import { StringTable } from '../strings.ts';
import type { Basket } from './basket.ts';
import type { Interpretation } from './branch.ts';

/** The first byte of texts whose length is in the four bytes after it. */
const LONG = 255;

/** Texts, and vectors of texts. */
export class TextDecoder {
  readonly #form: Interpretation & { kind: 'text' };
  readonly #table = new StringTable();
  readonly #codes: number[] = [];
  readonly #offsets: Uint32Array;
  readonly #entries: number;
  #done = 0;

  constructor(form: Interpretation & { kind: 'text' }, entries: number) {
    this.#form = form;
    this.#entries = entries;
    this.#offsets = new Uint32Array(entries + 1);
  }

  take({ values, starts }: Basket, begin: number, end: number): void {
    const { header, list } = this.#form;
    const view = new DataView(values.buffer, values.byteOffset, values.length);
    let at = 0;
    // Without a table of entries, those before the first one are walked over.
    for (let i = starts ? begin : 0; i < end; i++) {
      const stop = starts ? starts[i + 1]! : values.length;
      at = (starts ? starts[i]! : at) + header;
      let texts = 1;
      if (list) {
        if (at + 4 > stop) throw new Corrupt('an entry is cut short');
        texts = view.getUint32(at);
        at += 4;
        if (texts > stop - at) throw new Corrupt('an entry is cut short');
      }
      for (let k = 0; k < texts; k++) at = this.#text(values, at, stop, i >= begin);
      if (starts && list && at !== stop) throw new Corrupt('an entry is longer than its texts');
      if (i >= begin) this.#offsets[++this.#done] = this.#codes.length;
    }
  }

  finish(): ColumnData {
    const values = Uint32Array.from(this.#codes);
    const offsets = this.#form.list ? [this.#offsets] : [];
    return { type: 'string', length: this.#entries, offsets, values, dictionary: this.#table.strings };
  }

  /** @returns where the text ends */
  #text(bytes: Uint8Array, at: number, stop: number, isWanted: boolean): number {
    if (at >= stop) throw new Corrupt('a text is cut short');
    let begin = at + 1;
    let length = bytes[at]!;
    if (length === LONG) {
      if (at + 5 > stop) throw new Corrupt('a text is cut short');
      length = (bytes[at + 1]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!;
      begin = at + 5;
    }
    if (length < 0 || length > stop - begin) throw new Corrupt('a text is cut short');
    const end = begin + length;
    if (isWanted) this.#codes.push(this.#table.code(bytes, begin, end));
    return end;
  }
}
