import { type ColumnData, VALUE_ARRAYS } from '../../../core/schema/column.ts';
import { Corrupt } from '../errors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Basket } from './basket.ts';
import type { Interpretation } from './branch.ts';
import { decodeNumbers, storedBytes, valueType } from './numbers.ts';

/** Numbers of inner vectors, one after the other. */
interface Run {
  bytes: Uint8Array;
  count: number;
}

/** Vectors of vectors of numbers. */
export class NestedDecoder {
  readonly #form: Interpretation & { kind: 'nested' };
  readonly #width: number;
  readonly #entries: number;
  readonly #outer: Uint32Array;
  /** How many numbers come before each inner vector, and all of them at the end. */
  readonly #inner: number[] = [0];
  readonly #runs: Run[] = [];
  #done = 0;
  #count = 0;

  constructor(form: Interpretation & { kind: 'nested' }, entries: number) {
    this.#form = form;
    this.#width = storedBytes(form.stored);
    this.#entries = entries;
    this.#outer = new Uint32Array(entries + 1);
  }

  take({ values, starts }: Basket, begin: number, end: number): void {
    if (!starts) throw new Corrupt('it has no table of where its entries start');
    const view = new DataView(values.buffer, values.byteOffset, values.length);
    const gathered = new Uint8Array(starts[end]! - starts[begin]!);
    let to = 0;
    for (let i = begin; i < end; i++) {
      const stop = starts[i + 1]!;
      let at = starts[i]! + this.#form.header;
      if (at + 4 > stop) throw new Corrupt('an entry is cut short');
      const lists = view.getUint32(at);
      at += 4;
      // Each takes at least its count.
      if (lists > (stop - at) / 4) throw new Corrupt('an entry is cut short');
      for (let list = 0; list < lists; list++) {
        const bytes = at + 4 <= stop ? view.getUint32(at) * this.#width : Infinity;
        at += 4;
        if (bytes > stop - at) throw new Corrupt('a list within an entry is cut short');
        gathered.set(values.subarray(at, at + bytes), to);
        at += bytes;
        to += bytes;
        this.#inner.push(this.#count + to / this.#width);
      }
      if (at !== stop) throw new Corrupt('an entry is longer than its lists');
      this.#outer[++this.#done] = this.#inner.length - 1;
    }
    const count = to / this.#width;
    this.#runs.push({ bytes: gathered, count });
    this.#count += count;
  }

  finish(kernels: Kernels): ColumnData {
    const { stored } = this.#form;
    const type = valueType(stored);
    const values = new VALUE_ARRAYS[type](this.#count);
    let at = 0;
    for (const { bytes, count } of this.#runs) {
      decodeNumbers(kernels, stored, bytes, 0, count, values, at);
      at += count;
    }
    return { type, length: this.#entries, offsets: [this.#outer, Uint32Array.from(this.#inner)], values };
  }
}
