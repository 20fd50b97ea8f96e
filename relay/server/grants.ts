/**
 * What a token lets its bearer do here, by its claims: those of this program (`lumiscope.read`), and scopes and groups of the WLCG Common JWT Profiles 1.3 (doi:10.5281/zenodo.20734267) that
 * the configuration maps.
 */

import { SCOPES, type Scope } from './access.ts';
import { HttpError } from './httpError.ts';

/** Has `scope` or `group`. */
export interface Grant {
  scope?: string;
  group?: string;
  grants: readonly Scope[];
}

export interface Claims {
  [claim: string]: unknown;
  scope?: unknown;
  'wlcg.groups'?: unknown;
  'wlcg.ver'?: unknown;
}

/** For all relying parties (section 2.1.1). */
export const WLCG_ANY = 'https://wlcg.cern.ch/jwt/v1/any';

/** @throws HttpError 401 for tokens that the profile has refused */
export function scopesOf(claims: Claims, rules: readonly Grant[]): Set<Scope> {
  const version = claims['wlcg.ver'];
  if (version !== undefined && !/^1\.\d+$/.test(String(version)))
    throw badToken(`its wlcg.ver is ${JSON.stringify(version).slice(0, 40)}; versions 1.x are understood`);
  const scopes = typeof claims.scope === 'string' ? claims.scope.split(' ').filter(Boolean) : [];
  // Section 2.2.1: without a path such a token must be rejected.
  const pathless = scopes.find((scope) => /^storage\.\w+$/.test(scope));
  if (pathless !== undefined) throw badToken(`its scope ${pathless} has no path`);
  const found = new Set<Scope>(SCOPES.filter((name) => scopes.includes(`lumiscope.${name}`)));
  // Section 2.2.3: who has capabilities is judged by them alone.
  const capable = scopes.some((scope) => /^(storage|compute)\./.test(scope));
  const groups = !capable && Array.isArray(claims['wlcg.groups']) ? claims['wlcg.groups'] : [];
  for (const { scope, group, grants } of rules) {
    const holds =
      scope !== undefined ? scopes.some((held) => covers(held, scope)) : groups.some((held) => held === group);
    if (holds) for (const grant of grants) found.add(grant);
  }
  return found;
}

/** Whether a scope that is held is, or includes, another: `storage.read:/` has `storage.read:/a`, `storage.modify:/a` has `storage.create:/a/b`. */
export function covers(held: string, wanted: string): boolean {
  if (held === wanted) return true;
  const [name, path] = parted(held);
  const [wantedName, wantedPath] = parted(wanted);
  if (path === undefined || wantedPath === undefined) return false;
  if (name !== wantedName && !(name === 'storage.modify' && wantedName === 'storage.create')) return false;
  return path.every((part, k) => part === wantedPath[k]);
}

/** Name, and the parts of an absolute path; undefined for a path that may lead elsewhere. */
function parted(scope: string): [string, string[]?] {
  const colon = scope.indexOf(':');
  if (colon < 0 || scope[colon + 1] !== '/') return [scope];
  const parts = scope
    .slice(colon + 1)
    .split('/')
    .filter(Boolean);
  if (parts.some((part) => part === '.' || part === '..' || /%2[ef]/i.test(part))) return [scope.slice(0, colon)];
  return [scope.slice(0, colon), parts];
}

export function badToken(why: string): HttpError {
  return new HttpError(401, `the token is not accepted: ${why}`, {
    where: 'Authorization',
    headers: { 'www-authenticate': 'Bearer realm="lumiscope", error="invalid_token"' },
  });
}
