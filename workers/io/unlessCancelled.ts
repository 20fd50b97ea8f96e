import { cancelled } from './errors.ts';
import { alike } from './hosts.ts';

/** Rejects at once when the signal fires; what it waited for goes on, for whoever else waits. */
export function unlessCancelled<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = alike(signal);
    const stop = () => reject(cancelled());
    if (signal?.aborted) stop();
    cancel?.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => cancel?.removeEventListener('abort', stop));
  });
}
