/** A thread that makes datasets of a generated catalogue, in Node. */
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import { toPlain } from '../../../core/errors.ts';
import { folderObjects } from '../../objects/folderObjects.ts';
import { catalogueIn } from '../write/catalogueStore.ts';
import { generateDataset } from './generateCatalogue.ts';
import type { GenerateThread } from './makers.ts';
import { planCatalogue } from './plan.ts';

/** Progress is told this often [ms]: a message for each batch would cost as much as the batch. */
const TELL_MS = 200;

const thread: GenerateThread = {
  async generate(folder, options, index, tell) {
    let told = performance.now();
    const onRecords = (records: number) => {
      if (performance.now() - told < TELL_MS) return;
      told = performance.now();
      tell(records);
    };
    try {
      return {
        ok: true,
        value: await generateDataset(catalogueIn(folderObjects(folder)), planCatalogue(options), index, { onRecords }),
      };
    } catch (error) {
      return { ok: false, error: toPlain(error) };
    }
  },
};
expose(thread, nodeEndpoint(parentPort!));
