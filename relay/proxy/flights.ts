/** Requests to origins that are under way, each for all who ask for the same meanwhile. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { AnswerHead } from './answerHead.ts';
import { bodyOf } from './body.ts';
import type { RangeProxyOptions } from './options.ts';
import { Transfer } from './transfer.ts';

/** Longer ranges are neither kept nor shared: they go through as they come. */
export const SHARED_BYTES = 16e6;

/** An origin's answer, its body not read yet. `leave` gives back its place. */
export interface Opened {
  head: AnswerHead;
  response: IncomingMessage;
  leave(): void;
}

/** Bytes that are held for readers. */
export class Memory {
  readonly #most: number;
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @returns how to give them back; undefined where there is no room */
  take(bytes: number): (() => void) | undefined {
    if (this.#held + bytes > this.#most) return undefined;
    this.#held += bytes;
    return once(() => {
      this.#held -= bytes;
    });
  }
}

interface Flight {
  users: number;
  end: AbortController;
  landed: Promise<Landed>;
  /** Once nothing more comes. */
  isOver: boolean;
  /** Gives back its memory. */
  give?: () => void;
}

/** `alone`: an answer that can't be shared, for the first one to take it. */
interface Landed {
  head: AnswerHead;
  transfer?: Transfer;
  alone?: Opened;
}

export class Flights {
  readonly #limits: RangeProxyOptions['limits'];
  readonly #memory: Memory;
  readonly #flights = new Map<string, Flight>();

  constructor(limits: RangeProxyOptions['limits'], memory: Memory) {
    this.#limits = limits;
    this.#memory = memory;
  }

  /**
   * Joins the request of this key, or makes it by `open`, whose signal fires when nobody wants the answer any more. @param keep gets
   * all bytes, before anybody has the last of them
   * @returns the answer with a body that is shared, or one that nobody else has; undefined where others have that
   * @throws what `open` throws; the signal's reason
   */
  async join(
    key: string,
    signal: AbortSignal,
    onBytes: (bytes: number) => void,
    open: (signal: AbortSignal) => Promise<Opened>,
    keep: (head: AnswerHead, bytes: Uint8Array) => Promise<void>,
  ): Promise<{ head: AnswerHead; body: Readable } | Opened | undefined> {
    const flight = this.#flights.get(key) ?? this.#launch(key, open, keep);
    flight.users++;
    const leave = once(() => {
      flight.users--;
      if (flight.users > 0) return;
      if (flight.isOver) flight.give?.();
      else {
        this.#forget(key, flight);
        flight.end.abort();
      }
    });
    try {
      const landed = await orGone(flight.landed, signal);
      const { head, transfer, alone } = landed;
      if (transfer) return { head, body: transfer.reader(this.#limits.idleSeconds, onBytes, leave) };
      delete landed.alone;
      if (alone) return { ...alone, leave: () => [alone.leave, leave].forEach((one) => void one()) };
    } catch (error) {
      leave();
      throw error;
    }
    leave();
    return undefined;
  }

  #launch(
    key: string,
    open: (signal: AbortSignal) => Promise<Opened>,
    keep: (head: AnswerHead, bytes: Uint8Array) => Promise<void>,
  ): Flight {
    const end = new AbortController();
    const land = async (): Promise<Landed> => {
      const opened = await open(end.signal);
      const { head, response, leave } = opened;
      const { length } = head;
      const give = head.span && length! <= SHARED_BYTES ? this.#memory.take(length!) : undefined;
      if (!give) {
        this.#forget(key, flight);
        return { head, alone: opened };
      }
      flight.give = give;
      const transfer = new Transfer(Buffer.allocUnsafeSlow(length!));
      void transfer
        .fill(bodyOf(response, head, this.#limits), (bytes) => keep(head, bytes))
        // Its readers hear of it.
        .catch(() => undefined)
        .finally(() => {
          leave();
          flight.isOver = true;
          this.#forget(key, flight);
          if (flight.users === 0) give();
        });
      return { head, transfer };
    };
    const flight: Flight = { users: 0, end, isOver: false, landed: Promise.resolve().then(land) };
    this.#flights.set(key, flight);
    flight.landed.catch(() => this.#forget(key, flight));
    return flight;
  }

  #forget(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}

/** Settles with the work, or when the signal fires, which ends no work. */
export function orGone<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const gone = () => reject(signal.reason);
    signal.addEventListener('abort', gone, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', gone));
  });
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
}
