/** Serves `dist` on localhost, at port 4173 (or PORT) or the next free one. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serveFolder } from './staticServer.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
if (!existsSync(dist)) {
  process.stderr.write('no dist/ here: run `npm run build` first\n');
  process.exit(1);
}
const { url } = await serveFolder(dist, { port: Number(process.env.PORT ?? 4173), tries: 50 });
process.stdout.write(`\nLumiscope is at ${url}\nStop with Ctrl+C.\n`);
