import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeCatalogueThreads } from '../../workers/catalogue/nodeCatalogue.ts';
import { type OpenCatalogue, openCatalogue } from '../../workers/catalogue/openCatalogue.ts';
import type { CatalogueThreads } from '../../workers/catalogue/threads.ts';
import { locateFile } from '../../workers/io/locate.ts';
import { setAccess } from '../../workers/io/send.ts';
import { accessFromEnvironment, defaultEndpoint } from '../access.ts';
import { CACHE_OPTIONS, cacheOf } from '../cache.ts';
import { failureOf, wrongOption } from '../failure.ts';
import { workersOf } from '../workersOption.ts';

/** Of every subcommand, for `parseArgs`. */
export const CATALOGUE_OPTIONS = {
  ...CACHE_OPTIONS,
  workers: { type: 'string' },
  'token-host': { type: 'string', multiple: true, default: [] as string[] },
  format: { type: 'string', default: 'text' },
  output: { type: 'string', short: 'o' },
} as const;

/** What `parseArgs` makes of them. */
export interface CatalogueValues {
  'no-cache': boolean;
  'cache-dir'?: string;
  workers?: string;
  'token-host': string[];
  format: string;
  output?: string;
}

/**
 * Opens a catalogue, by its path or address, with the keys and the token of the environment, does something with it, and closes it.
 * @param text the first argument of every subcommand
 * @throws Failure, for wrong options as for all that is wrong with the data
 */
export async function openForCommand<T>(
  text: string | undefined,
  values: CatalogueValues,
  work: (catalogue: OpenCatalogue) => Promise<T>,
): Promise<T> {
  if (text === undefined)
    throw wrongOption('which catalogue? Its folder or address comes first', 'lumiscope catalogue --help');
  const isRemote = /^(?!file:)\w+:\/\//.test(text);
  const manifest = !isRemote || /manifest\.json$/.test(text) ? text : `${text.replace(/\/*$/, '')}/manifest.json`;
  return withThreads([manifest], values, async ([address], threads) => work(await openCatalogue(address!, threads)));
}

/**
 * Starts threads that may read what the person names, does something with them, and ends them.
 * @param texts paths and addresses of files
 * @param work takes them as the threads know them: paths, and addresses of HTTP
 * @throws Failure, for wrong options as for all that is wrong with the data
 */
export async function withThreads<T>(
  texts: readonly string[],
  values: CatalogueValues,
  work: (addresses: string[], threads: CatalogueThreads) => Promise<T>,
): Promise<T> {
  const workers = workersOf(values.workers);
  const threads = nodeCatalogueThreads({ ...(workers !== undefined && { workers }), cache: cacheOf(values) });
  try {
    const places = texts.map(placeOf);
    const rules = await accessFromEnvironment({
      s3Hosts: places.flatMap(({ s3Hosts }) => s3Hosts),
      tokenHosts: [...values['token-host'], ...places.flatMap(({ tokenHosts }) => tokenHosts)],
    });
    // Threads read; what is written goes out from here.
    setAccess(rules);
    threads.setAccess(rules);
    return await work(
      places.map(({ address }) => address),
      threads,
    );
  } catch (error) {
    throw failureOf(error) ?? error;
  } finally {
    threads.close();
  }
}

/** Where a file lies, and whether keys or a token may go there. */
function placeOf(text: string): { address: string; s3Hosts: string[]; tokenHosts: string[] } {
  const nowhere = { s3Hosts: [], tokenHosts: [] };
  if (text.startsWith('file://')) return { address: fileURLToPath(text), ...nowhere };
  if (!/^\w+:\/\//.test(text)) return { address: resolve(text), ...nowhere };
  const { url } = locateFile(text, { ...(defaultEndpoint() && { endpoint: defaultEndpoint() }) });
  const { host } = new URL(url);
  return {
    address: url,
    s3Hosts: /^s3:/i.test(text) ? [host] : [],
    tokenHosts: /^(s3|https?):/i.test(text) ? [] : [host],
  };
}
