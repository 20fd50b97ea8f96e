import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccessRules } from '../workers/io/access.ts';
import { type Environment, defaultEndpoint as endpointOf, environmentKeys } from '../workers/io/environmentKeys.ts';
import { EXIT, Failure } from './failure.ts';

/** What is asked for, as far as it decides where keys and tokens go. */
export interface Wanted {
  /** Hosts of all `s3://` addresses, of the document's as of the command line's. */
  s3Hosts: readonly string[];
  /** Hosts that the person named on the command line: by `--token-host`, or as `davs:` or `root:` address. */
  tokenHosts: readonly string[];
}

/** The store that `s3://` addresses lie at where a document names none. @throws Failure where that is no address */
export function defaultEndpoint(environment: Environment = process.env): string | undefined {
  const endpoint = endpointOf(environment);
  if (endpoint === undefined || URL.canParse(endpoint)) return endpoint;
  throw new Failure(EXIT.option, `AWS_ENDPOINT_URL is no address: ${endpoint}`);
}

/**
 * Keys and a token of the environment, each for the hosts that it may go to: keys to `s3://` addresses at `AWS_ENDPOINT_URL`, or at AWS
 * where that isn't set, so that a document can't send them elsewhere; a token to hosts that the command line names.
 * @throws Failure where the file of a token can't be read
 */
export async function accessFromEnvironment(
  { s3Hosts, tokenHosts }: Wanted,
  environment: Environment = process.env,
): Promise<AccessRules> {
  defaultEndpoint(environment);
  const keys = environmentKeys(s3Hosts, environment);
  const token = tokenHosts.length > 0 ? await findToken(environment) : undefined;
  const tokens = token === undefined ? [] : [...new Set(tokenHosts)].map((host) => ({ host, token }));
  return { keys, tokens };
}

/** Where WLCG's clients look for a token (WLCG Bearer Token Discovery, https://doi.org/10.5281/zenodo.3937438). */
async function findToken(environment: Environment): Promise<string | undefined> {
  const { BEARER_TOKEN, BEARER_TOKEN_FILE, XDG_RUNTIME_DIR } = environment;
  if (BEARER_TOKEN?.trim()) return BEARER_TOKEN.trim();
  if (BEARER_TOKEN_FILE) {
    const text = await readFile(BEARER_TOKEN_FILE, 'utf8').catch((error: Error) => {
      throw new Failure(EXIT.option, `BEARER_TOKEN_FILE can not be read: ${error.message}`);
    });
    return text.trim() || undefined;
  }
  const name = `bt_u${process.getuid?.() ?? ''}`;
  for (const folder of [XDG_RUNTIME_DIR, '/tmp']) {
    const text = folder && (await readFile(join(folder, name), 'utf8').catch(() => ''));
    if (text?.trim()) return text.trim();
  }
  return undefined;
}
