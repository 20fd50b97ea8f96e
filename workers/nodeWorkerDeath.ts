import type { Worker } from 'node:worker_threads';

/** Settles when a thread of Node dies by itself, with what is known of the reason. */
export function nodeDeathOf(worker: Worker): Promise<string> {
  return new Promise((resolve) => {
    worker.once('error', (error: Error) => resolve(error.message));
    worker.once('exit', (code) => resolve(`exit code ${code}`));
  });
}
