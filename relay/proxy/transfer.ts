import { Readable } from 'node:stream';
import { Refusal } from './refusal.ts';

/** Given to a reader at a time. */
const PIECE = 65_536;

/** Bytes that are held in memory while they arrive, for any number of readers, each as slow as it is. */
export class Transfer {
  readonly #bytes: Uint8Array;
  #filled: number;
  #failure: Error | undefined;
  #waiting: (() => void)[] = [];

  /** @param filled how many of them are there already */
  constructor(bytes: Uint8Array, filled = 0) {
    this.#bytes = bytes;
    this.#filled = filled;
  }

  /** @param onWhole gets all bytes, before a reader gets the last of them. @throws what either throws, as the readers hear too */
  async fill(source: AsyncIterable<Uint8Array>, onWhole: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    let come = 0;
    try {
      for await (const part of source) {
        this.#bytes.set(part, come);
        come += part.length;
        if (come === this.#bytes.length) await onWhole(this.#bytes);
        this.#filled = come;
        this.#wake();
      }
    } catch (error) {
      this.#failure = error as Error;
      this.#wake();
      throw error;
    }
  }

  /** @param idleSeconds after which a reader that takes nothing is broken off
   * @param onEnd told once, when it has read all or is gone */
  reader(idleSeconds: number, onBytes: (bytes: number) => void, onEnd: () => void): Readable {
    let at = 0;
    let timer: NodeJS.Timeout | undefined;
    const give = (stream: Readable): void => {
      if (stream.destroyed) return;
      if (at === this.#bytes.length) stream.push(null);
      else if (at < this.#filled) {
        const piece = this.#bytes.subarray(at, Math.min(this.#filled, at + PIECE));
        at += piece.length;
        onBytes(piece.length);
        timer = setTimeout(() => {
          stream.destroy(new Refusal(504, `nothing was taken for ${idleSeconds} s`, 'ask again'));
        }, idleSeconds * 1000);
        stream.push(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
      } else if (this.#failure) stream.destroy(this.#failure);
      else this.#waiting.push(() => give(stream));
    };
    return new Readable({
      highWaterMark: PIECE,
      read() {
        clearTimeout(timer);
        give(this);
      },
      destroy(error, done) {
        clearTimeout(timer);
        onEnd();
        done(error);
      },
    });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }
}
