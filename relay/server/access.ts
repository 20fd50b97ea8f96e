/** Who may call what: every route says which scope it asks for, or that it is open to anybody who may reach the server. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpError } from './httpError.ts';

export const SCOPES = ['produce', 'consume', 'read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks. `name`: for logs and limits; never a secret. */
export interface Principal {
  name: string;
  scopes: ReadonlySet<Scope>;
  /** Until when, in ms since 1970-01-01 UTC: what goes on longer than a request is looked at ends then. */
  expires?: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Which scope a request needs; `open`: none. Routes without it can't be registered. */
    access?: Scope | 'open';
  }
  interface FastifyRequest {
    /** Who showed a good token. */
    principal?: Principal;
    /** What is wrong with the token that was shown. */
    refused?: unknown;
  }
}

export interface AccessRules {
  /** What a token says; undefined where none is asked for: then everybody may do everything. @throws HttpError */
  verify?: (token: string) => Promise<Principal>;
  /** What needs no token. */
  anonymous: readonly Scope[];
}

/**
 * Tokens are looked at before requests are counted, so that each client has a limit of its own, and refused after, so that guessing is limited, too. Routes that forgot to say who may call
 * them stop the server from starting; those that say it have it in the OpenAPI document.
 */
export function requireAccess(app: FastifyInstance, rules: AccessRules): void {
  const { verify } = rules;
  app.addHook('onRoute', (route) => {
    const access = route.config?.access;
    if (access === undefined)
      throw new Error(`${String(route.method)} ${route.url} does not say who may call it: config.access`);
    if (access !== 'open') route.schema = { ...route.schema, security: [{ bearer: [access] }] };
  });
  if (!verify) return;
  app.addHook('onRequest', async (request) => {
    const token = tokenOf(request);
    if (token === undefined) return;
    try {
      request.principal = await verify(token);
    } catch (error) {
      request.refused = error;
    }
  });
  app.addHook('preParsing', async (request) => {
    if (request.refused) throw request.refused;
    const { access } = request.routeOptions.config;
    if (access !== undefined && access !== 'open') refuseWithout(access, request, rules);
  });
}

/** Who asks, as limits and logs tell clients apart: by token, else by address. */
export function clientOf({ principal, ip }: FastifyRequest): string {
  return principal?.name ?? ip;
}

/** Whether a request may do what needs a scope. */
export function holds(request: FastifyRequest, scope: Scope, { verify, anonymous }: AccessRules): boolean {
  if (!verify || anonymous.includes(scope)) return true;
  const { scopes } = request.principal ?? {};
  return scopes !== undefined && (scopes.has(scope) || scopes.has('admin'));
}

function refuseWithout(scope: Scope, request: FastifyRequest, rules: AccessRules): void {
  if (holds(request, scope, rules)) return;
  if (!request.principal)
    throw new HttpError(401, `this takes a token with the scope ${scope}`, {
      hint: 'send it as Authorization: Bearer …',
      where: 'Authorization',
      headers: { 'www-authenticate': 'Bearer realm="lumiscope"' },
    });
  const held = [...request.principal.scopes].join(', ') || 'none';
  throw new HttpError(403, `this takes the scope ${scope}; the token gives ${held}`, {
    hint: 'who runs the relay maps scopes and groups of tokens by auth.issuers[].grants',
    where: 'Authorization',
    headers: { 'www-authenticate': `Bearer realm="lumiscope", error="insufficient_scope", scope="lumiscope.${scope}"` },
  });
}

function tokenOf({ headers }: FastifyRequest): string | undefined {
  const said = headers.authorization;
  if (said === undefined) return undefined;
  return /^Bearer +([\w.~+/=-]+)$/i.exec(said)?.[1] ?? '';
}
