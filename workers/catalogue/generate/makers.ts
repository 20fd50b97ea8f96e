import { Worker } from 'node:worker_threads';
import { proxy, wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import { fromPlain, LumiscopeError } from '../../../core/errors.ts';
import type { Outcome } from '../../session.ts';
import type { Maker } from './generateCatalogue.ts';
import type { CatalogueOptions } from './plan.ts';
import type { DatasetResult } from './tables.ts';

/** What `generate.worker.ts` does. */
export interface GenerateThread {
  generate(
    folder: string,
    options: CatalogueOptions,
    index: number,
    onRecords: (records: number) => void,
  ): Promise<Outcome<DatasetResult>>;
}

/** The build puts the worker beside the program, and this file there or into `chunks/`. */
const SCRIPT = import.meta.url.endsWith('.ts')
  ? './generate.worker.source.mjs'
  : `${import.meta.url.includes('/chunks/') ? '..' : '.'}/generate.worker.js`;

/** Threads that make datasets in a folder (Node). */
export function makersOf(
  folder: string,
  options: CatalogueOptions,
  count: number,
): { makers: Maker[]; close(): Promise<void> } {
  const workers = Array.from({ length: count }, () => new Worker(new URL(SCRIPT, import.meta.url)));
  const makers = workers.map((worker): Maker => {
    const { generate } = wrap<GenerateThread>(nodeEndpoint(worker));
    const died = new Promise<never>((_, reject) => {
      worker.once('error', (error: Error) => {
        reject(new LumiscopeError('limit', `a thread that makes records ended: ${error.message}`));
      });
    });
    died.catch(() => {});
    return async (index, onRecords) => {
      const made = await Promise.race([died, generate(folder, options, index, proxy(onRecords))]);
      if (!made.ok) throw fromPlain(made.error);
      return made.value;
    };
  });
  return { makers, close: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))) };
}
