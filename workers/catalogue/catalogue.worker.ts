/** A worker thread of the page's catalogue. */
import { expose } from 'comlink';
import { browserCache } from '../io/cache/browserCache.ts';
import { openSource } from '../io/openSource.ts';
import { createCatalogueThread } from './catalogueThread.ts';

expose(createCatalogueThread({ openSource, openCache: browserCache, findGpu: async () => navigator.gpu }));
