import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccessRules } from '../workers/io/access.ts';
import { EXIT, Failure } from './failure.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What is asked for, as far as it decides where keys and tokens go. */
export interface Wanted {
  /** Hosts of all `s3://` addresses, of the document's as of the command line's. */
  s3Hosts: readonly string[];
  /** Hosts that the person named on the command line: by `--token-host`, or as `davs:` or `root:` address. */
  tokenHosts: readonly string[];
}

/** The store that `s3://` addresses lie at where a document names none. */
export function defaultEndpoint(environment: Environment = process.env): string | undefined {
  return environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL || undefined;
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
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION } = environment;
  const endpoint = defaultEndpoint(environment);
  const home = endpoint === undefined ? undefined : hostOf(endpoint);
  const isHome = (host: string) =>
    home === undefined ? AWS_STORE.test(host) : host === home || host.endsWith(`.${home}`);
  const region = AWS_REGION || AWS_DEFAULT_REGION;
  const keys =
    AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY
      ? [...new Set(s3Hosts)].filter(isHome).map((host) => ({
          host,
          accessKeyId: AWS_ACCESS_KEY_ID,
          secretAccessKey: AWS_SECRET_ACCESS_KEY,
          ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
          ...(region && { region }),
        }))
      : [];
  const token = tokenHosts.length > 0 ? await findToken(environment) : undefined;
  const tokens = token === undefined ? [] : [...new Set(tokenHosts)].map((host) => ({ host, token }));
  return { keys, tokens };
}

/** Hosts of S3 itself: whoever rents a machine at AWS has another name below amazonaws.com. */
const AWS_STORE = /(?:^|\.)s3(?:-fips)?(?:[.-](?:dualstack\.)?[a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com$/;

function hostOf(endpoint: string): string {
  if (URL.canParse(endpoint)) return new URL(endpoint).host;
  throw new Failure(EXIT.option, `AWS_ENDPOINT_URL is no address: ${endpoint}`);
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
