import type { LumiscopeError } from '../../core/errors.ts';
import { cancelled } from './errors.ts';

/** A failure that may pass: what is thrown should it not. */
export class TransientFailure extends Error {
  readonly error: LumiscopeError;

  constructor(error: LumiscopeError) {
    super(error.message);
    this.error = error;
  }
}

/** Waits between tries, in milliseconds: long enough for a server's hiccup, short enough for who looks on. */
const WAITS = [150, 500, 1500];

/**
 * Tries until it works, at most four times; only a `TransientFailure` is tried again.
 * @throws the last failure's error; `cancelled` as soon as the signal fires
 */
export async function withRetries<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let failures = 0; ; failures++) {
    if (signal?.aborted) throw cancelled();
    try {
      return await attempt();
    } catch (failure) {
      if (signal?.aborted) throw cancelled();
      if (!(failure instanceof TransientFailure)) throw failure;
      const wait = WAITS[failures];
      if (wait === undefined) throw failure.error;
      // Half of it by chance, so that workers don't come back all at once.
      await pause(wait * (0.5 + Math.random() / 2), signal);
    }
  }
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    const stop = () => {
      clearTimeout(timer);
      reject(cancelled());
    };
    signal?.addEventListener('abort', stop, { once: true });
  });
}
