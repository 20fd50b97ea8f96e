import fastifyStatic from '@fastify/static';
import { PAGE_POLICY } from '../../core/pagePolicy.ts';
import type { RelayConfig } from '../config.ts';
import { HttpError } from './httpError.ts';
import type { Routes } from './parts.ts';

/** The built app at `/`, with the `config.json` that names this relay. @param folder undefined where the app is not built */
export function appRoutes(folder: string | undefined, config: RelayConfig): Routes {
  return async (app) => {
    // Addresses are relative to where the app is served: right behind any reverse proxy.
    const proxies = config.roles.includes('proxy') && config.proxy.origins.length > 0;
    const names = { relay: './', ...(proxies && { proxy: './range' }) };
    app.get('/config.json', { config: { access: 'open' }, schema: { hide: true } }, async (_request, reply) =>
      reply.header('cache-control', 'no-cache').send(names),
    );
    const policy = `${PAGE_POLICY}; frame-ancestors 'self'`;
    if (folder !== undefined) await app.register(fastifyStatic, { root: folder, serve: false, cacheControl: false });
    app.route<{ Params: { '*': string } }>({
      method: ['GET', 'HEAD'],
      url: '/*',
      config: { access: 'open', navigable: true, quiet: true },
      schema: { hide: true },
      handler: (request, reply) => {
        if (folder === undefined) throw new HttpError(404, 'the app is not built', { hint: 'npm run build' });
        const path = request.params['*'] || 'index.html';
        reply.header('content-security-policy', policy);
        reply.header('cache-control', path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
        return reply.sendFile(path);
      },
    });
  };
}
