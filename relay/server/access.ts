/** Who may call what: every route says which scope it asks for, or that it is open to anybody who may reach the server. */
import type { FastifyInstance } from 'fastify';

export const SCOPES = ['produce', 'consume', 'read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks. `name`: for logs and limits; never a secret. */
export interface Principal {
  name: string;
  scopes: ReadonlySet<Scope>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Which scope a request needs; `open`: none. Routes without it can't be registered. */
    access?: Scope | 'open';
  }
  interface FastifyRequest {
    principal?: Principal;
  }
}

/** Routes that forgot to say who may call them stop the server from starting; those that say it have it in the OpenAPI document. */
export function requireAccess(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const access = route.config?.access;
    if (access === undefined)
      throw new Error(`${String(route.method)} ${route.url} does not say who may call it: config.access`);
    if (access !== 'open') route.schema = { ...route.schema, security: [{ bearer: [access] }] };
  });
}
