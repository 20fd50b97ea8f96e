import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const SOURCE = fileURLToPath(new URL('../app/offline/serviceWorker.js', import.meta.url));
/** Fonts of saved figures and DuckDB are large, and seldom used. */
const LATER = /\.(ttf|woff2?)$|^duckdb[.-]/;

/** Writes `sw.js` beside the page, with the list of what was built: another build is another service worker. */
export const offlineShell: Plugin = {
  name: 'offline-shell',
  apply: 'build',
  async writeBundle({ dir }) {
    const names = (await readdir(`${dir}/assets`)).filter((name) => !LATER.test(name)).sort();
    const files = names.map((name) => `assets/${name}`);
    const page = await readFile(`${dir}/index.html`, 'utf8');
    const hash = createHash('sha256').update(page).update(files.join()).digest('hex').slice(0, 12);
    const source = await readFile(SOURCE, 'utf8');
    await writeFile(`${dir}/sw.js`, source.replace("['__FILES__']", JSON.stringify(files)).replace('__NAME__', hash));
  },
};
