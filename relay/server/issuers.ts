/** Tokens, checked against the keys that their issuers publish. */
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { LumiscopeError } from '../../core/errors.ts';
import type { Principal } from './access.ts';
import { badToken, type Grant, scopesOf, WLCG_ANY } from './grants.ts';
import { HttpError } from './httpError.ts';

export interface IssuerRules {
  issuer: string;
  /** What `aud` may be. */
  audience: readonly string[];
  jwks?: string;
  grants: readonly Grant[];
}

export interface IssuerOptions {
  algorithms: string[];
  toleranceSeconds: number;
  /** How long keys are kept where the issuer can't be reached. Default: a day. */
  staleMs?: number;
  /** How long before it is asked again after it could not be, or for a key that it did not know. Default: 30 s. */
  pauseMs?: number;
  /** Keys are asked for anew after as long. Default: 10 min. */
  freshMs?: number;
}

const PATIENCE = 5000;

/**
 * Looks up where each issuer's keys are, and fetches them once.
 * @returns what tells who shows a token; throws HttpError 401 for one that is not accepted, 503 where its issuer can't be reached
 * @throws LumiscopeError `source` where an issuer can't be reached, or is another one
 */
export async function openIssuers(
  rules: readonly IssuerRules[],
  options: IssuerOptions,
): Promise<(token: string) => Promise<Principal>> {
  const issuers = new Map(
    await Promise.all(
      rules.map(async (rule) => {
        const keys = keysAt(rule.jwks ?? (await discover(rule.issuer)), options);
        await keys.load(rule.issuer);
        return [rule.issuer, { rule, keys }] as const;
      }),
    ),
  );
  return async (token) => {
    const { issuer, algorithm } = saidBy(token);
    const known = issuers.get(issuer);
    if (!known) throw badToken('its issuer is not one of those that this relay trusts');
    if (!options.algorithms.includes(algorithm))
      throw badToken('it is signed by an algorithm that is not allowed here');
    const { rule, keys } = known;
    const claims = await verified(token, keys.key, options, rule.issuer);
    const audiences = [claims.aud].flat();
    const isMeant =
      audiences.some((one) => one !== undefined && rule.audience.includes(one)) ||
      (claims['wlcg.ver'] !== undefined && audiences.includes(WLCG_ANY));
    if (!isMeant) throw badToken('it is meant for another server (aud)');
    if (typeof claims.sub !== 'string' || claims.sub === '') throw badToken('it names nobody (sub)');
    const name = `${claims.sub.replace(/[^\x21-\x7e]/g, '?').slice(0, 255)} of ${new URL(rule.issuer).host}`;
    const expires = (claims.exp! + options.toleranceSeconds) * 1000;
    return { name, scopes: scopesOf(claims, rule.grants), expires };
  };
}

/** Who a token claims to be from: nothing of it is believed yet. */
function saidBy(token: string): { issuer: string; algorithm: string } {
  try {
    const { iss } = decodeJwt(token);
    const { alg } = decodeProtectedHeader(token);
    if (typeof iss === 'string' && typeof alg === 'string') return { issuer: iss, algorithm: alg };
  } catch {
    // told below
  }
  throw badToken('it is no JSON web token with an issuer');
}

async function verified(
  token: string,
  key: JWTVerifyGetKey,
  { algorithms, toleranceSeconds }: IssuerOptions,
  issuer: string,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, key, {
      issuer,
      algorithms,
      clockTolerance: toleranceSeconds,
      requiredClaims: ['exp', 'sub', 'aud'],
    });
    return payload;
  } catch (error) {
    if (error instanceof HttpError) throw error;
    if (error instanceof errors.JWTExpired) throw badToken('it is expired');
    if (error instanceof errors.JWTClaimValidationFailed)
      throw badToken(
        error.claim === 'nbf' ? 'it is not valid yet (nbf)' : `its claim ${error.claim} is missing or wrong`,
      );
    if (error instanceof errors.JWKSNoMatchingKey) throw badToken('its key is none of its issuer');
    throw badToken('its signature is wrong, or it is no JSON web token');
  }
}

/** Keys of an issuer, kept for a while where it can't be reached. */
function keysAt(address: string, { staleMs = 86_400_000, pauseMs = 30_000, freshMs = 600_000 }: IssuerOptions) {
  const remote = createRemoteJWKSet(new URL(address), {
    timeoutDuration: PATIENCE,
    cooldownDuration: pauseMs,
    cacheMaxAge: freshMs,
  });
  let reached = 0;
  let failed = Number.NEGATIVE_INFINITY;
  const unreachable = (cause: unknown) =>
    new HttpError(503, "the keys of the token's issuer can't be had at present", {
      hint: `try again in a minute (${(cause as Error).name})`,
      headers: { 'retry-after': '30' },
    });
  const key: JWTVerifyGetKey = async (header, token) => {
    const known = remote.jwks();
    const local = known && performance.now() - reached < staleMs ? createLocalJWKSet(known) : undefined;
    if (performance.now() - failed < pauseMs) {
      if (local) return local(header, token);
      throw unreachable(new Error('asked in vain a moment ago'));
    }
    try {
      const found = await remote(header, token);
      reached = performance.now();
      return found;
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      if (error instanceof errors.JOSENotSupported) throw error;
      failed = performance.now();
      if (local) return local(header, token);
      throw unreachable(error);
    }
  };
  return {
    key,
    /** @throws LumiscopeError `source` */
    async load(issuer: string): Promise<void> {
      try {
        await remote.reload();
        reached = performance.now();
      } catch (error) {
        throw noKeys(issuer, `its keys at ${address} can't be had: ${(error as Error).message}`);
      }
    },
  };
}

/** Where an issuer's keys are: OpenID Connect Discovery 1.0, or RFC 8414. */
async function discover(issuer: string): Promise<string> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const places = [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ];
  let trouble = '';
  for (const place of places) {
    try {
      const answer = await fetch(place, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE) });
      if (!answer.ok) {
        trouble ||= `${place} answered ${answer.status}`;
        continue;
      }
      const { issuer: named, jwks_uri: jwks } = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown };
      if (named !== issuer) throw noKeys(issuer, `${place} is of the issuer ${JSON.stringify(named)}`);
      if (typeof jwks !== 'string' || !URL.canParse(jwks)) throw noKeys(issuer, `${place} names no jwks_uri`);
      if (new URL(issuer).protocol === 'https:' && new URL(jwks).protocol !== 'https:')
        throw noKeys(issuer, `its keys would come unprotected from ${jwks}`);
      return jwks;
    } catch (error) {
      if (error instanceof LumiscopeError) throw error;
      trouble ||= `${place}: ${(error as Error & { cause?: Error }).cause?.message ?? (error as Error).message}`;
    }
  }
  throw noKeys(issuer, trouble);
}

function noKeys(issuer: string, why: string): LumiscopeError {
  return new LumiscopeError('source', `the issuer ${issuer} can't be used: ${why}`, {
    hint: 'see that its address is exactly what its tokens say in iss and that this machine reaches it, or name its keys by auth.issuers[].jwks',
  });
}
