import type { S3Keys } from './access.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The store that `s3://` addresses lie at, where nothing else says. */
export function defaultEndpoint(environment: Environment): string | undefined {
  return environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL || undefined;
}

/** The region of the environment, where it names one. */
export function defaultRegion(environment: Environment): string | undefined {
  return environment.AWS_REGION || environment.AWS_DEFAULT_REGION || undefined;
}

/**
 * Keys of the environment for those of some hosts that they may go to: that of `AWS_ENDPOINT_URL` and those below it, or AWS where that isn't set.
 * @param hosts of `s3://` addresses
 */
export function environmentKeys(hosts: readonly string[], environment: Environment): S3Keys[] {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return [];
  const endpoint = defaultEndpoint(environment);
  const home = endpoint === undefined ? undefined : new URL(endpoint).host;
  const isHome = (host: string) =>
    home === undefined ? AWS_STORE.test(host) : host === home || host.endsWith(`.${home}`);
  const region = defaultRegion(environment);
  return [...new Set(hosts)].filter(isHome).map((host) => ({
    host,
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    ...(region && { region }),
  }));
}

/** Hosts of S3 itself: whoever rents a machine at AWS has another name below amazonaws.com. */
export const AWS_STORE = /(?:^|\.)s3(?:-fips)?(?:[.-](?:dualstack\.)?[a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com$/;
