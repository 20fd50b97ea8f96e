/**
 * A static server for the built app: what `npm start` and the browser tests serve `dist` with. Ranges, MIME
 * types and ETags are sirv's; no header is sent that a plain static host would not send.
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import sirv from 'sirv';

export interface StaticServer {
  /** Ends with a slash. */
  url: string;
  close(): Promise<void>;
}

export interface StaticServerOptions {
  /** 0 takes a free one. */
  port?: number;
  /** How many ports to try, upwards, where one is taken. */
  tries?: number;
  /** The sub-path that the folder appears at: starts and ends with a slash. */
  base?: string;
}

/** Serves the files that `folder` holds now, on the loopback interface. */
export async function serveFolder(folder: string, options: StaticServerOptions = {}): Promise<StaticServer> {
  const { port = 0, tries = 1, base = '/' } = options;
  const files = sirv(folder, { etag: true });
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    if (!url.startsWith(base)) return notFound(response);
    request.url = `/${url.slice(base.length)}`;
    files(request, response, () => notFound(response));
  });
  const taken = await listen(server, port, tries);
  return {
    url: `http://localhost:${taken}${base}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
}

/** The port that the server listens on. */
function listen(server: Server, port: number, tries: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && tries > 1) resolve(listen(server, port + 1, tries - 1));
      else reject(error);
    });
    // `localhost` may mean either loopback address: listening on that name takes the one it resolves to here.
    server.listen(port, 'localhost', () => resolve((server.address() as AddressInfo).port));
  });
}
