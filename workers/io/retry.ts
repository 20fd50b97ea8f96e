import type { LumiscopeError } from '../../core/errors.ts';
import { cancelled } from './errors.ts';
import { alike } from './hosts.ts';

/** Times that tests shorten, in milliseconds. */
export const PATIENCE = {
  /** Waits between tries: long enough for a server's hiccup, short enough for who looks on. */
  waits: [200, 600, 1500, 4000],
  /** Without a byte for so long, a request is broken off and tried again. */
  stall: 30_000,
  /** The longest wait that a server may ask for (`Retry-After`). */
  wish: 20_000,
};

/** A request that stalled is tried once more: whoever looks on has waited a minute then. */
const STALLS = 2;

/** A failure that may pass: what is thrown should it not. */
export class TransientFailure extends Error {
  readonly error: LumiscopeError;
  /** Milliseconds that the server wants to be left alone. */
  readonly wish: number;
  readonly stalled: boolean;
  /** No answer came at all, be it the network or that the page may not see it. */
  readonly unreachable: boolean;

  constructor(error: LumiscopeError, { wish = 0, stalled = false, unreachable = false } = {}) {
    super(error.message);
    this.error = error;
    this.wish = wish;
    this.stalled = stalled;
    this.unreachable = unreachable;
  }
}

/**
 * Tries until it works, at most five times; only a `TransientFailure` is tried again.
 * @param tries fewer, where there is another way
 * @param doubt told a failure and how many there were: may throw the reason why another try is no use
 * @throws the last failure's error; `cancelled` as soon as the signal fires
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  signal?: AbortSignal,
  {
    tries = PATIENCE.waits.length + 1,
    doubt,
  }: { tries?: number; doubt?: (failure: TransientFailure, failures: number) => Promise<void> } = {},
): Promise<T> {
  let stalls = 0;
  for (let failures = 1; ; failures++) {
    if (signal?.aborted) throw cancelled();
    try {
      return await attempt();
    } catch (failure) {
      if (signal?.aborted) throw cancelled();
      if (!(failure instanceof TransientFailure)) throw failure;
      if (failure.stalled) stalls++;
      await doubt?.(failure, failures);
      const wait = PATIENCE.waits[failures - 1];
      if (
        wait === undefined ||
        failures >= tries ||
        stalls >= Math.min(STALLS, tries - 1) ||
        failure.wish > PATIENCE.wish
      )
        throw failure.error;
      // Half of it by chance, so that workers don't come back all at once.
      await pause(Math.max(failure.wish, wait * (0.5 + Math.random() / 2)), signal);
    }
  }
}

/** Waits. @throws LumiscopeError `cancelled`, as soon as the signal fires */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = alike(signal);
    const done = () => {
      cancel?.removeEventListener('abort', stop);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    const stop = () => {
      clearTimeout(timer);
      reject(cancelled());
    };
    if (signal?.aborted) stop();
    cancel?.addEventListener('abort', stop, { once: true });
  });
}
