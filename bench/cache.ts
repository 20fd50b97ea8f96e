/**
 * The cache of fetched ranges against fetching them from a server on the same machine: how fast it gives them back, and what keeping
 * them costs a first run. On disk in Node, and in the origin's private file system in headless Chromium.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { build } from 'vite';
import { CHROMIUM_FLAGS, ensureChromium } from '../scripts/chromium.ts';
import { serveFolder } from '../scripts/staticServer.ts';
import { root } from '../scripts/upToDate.ts';
import { openNodeStore } from '../workers/io/cache/nodeCache.ts';
import { FILE_BYTES, type Measured, measure } from './cacheWork.ts';
import { figure, print } from './report.ts';

const folder = mkdtempSync(join(tmpdir(), 'lumiscope-cache-bench-'));
let seed = 1;
const bytes = new Uint32Array(FILE_BYTES / 4).map(() => {
  seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
  return seed;
});
writeFileSync(join(folder, 'events.bin'), new Uint8Array(bytes.buffer));
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    outDir: folder,
    emptyOutDir: false,
    target: 'es2022',
    lib: { entry: join(root, 'bench/cacheWorker.ts'), formats: ['es'], fileName: 'worker' },
  },
});
writeFileSync(join(folder, 'index.html'), '<!doctype html><title>bench</title>');
const server = await serveFolder(folder);
try {
  const url = `${server.url}events.bin`;
  show('Cache on disk, in Node', await measure(async () => openNodeStore(join(folder, 'cache')), url));
  show('Cache in the private file system, in Chromium', await inBrowser(url));
} finally {
  await server.close();
  rmSync(folder, { recursive: true });
}

async function inBrowser(url: string): Promise<Measured[]> {
  // A profile on disk: without one, as in a private window, files are in the memory of another process.
  const profile = join(folder, 'profile');
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: ensureChromium(),
    args: CHROMIUM_FLAGS,
  });
  const page = await browser.newPage();
  await page.goto(server.url);
  const results = await page.evaluate(
    (address) =>
      new Promise<Measured[] | string>((resolve) => {
        const worker = new Worker('worker.js', { type: 'module' });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => resolve(message);
        worker.postMessage(address);
      }),
    url,
  );
  await browser.close();
  if (typeof results === 'string') throw new Error(results);
  return results;
}

function show(title: string, results: Measured[]): void {
  print(
    title,
    ['', 'from the cache', 'from the server takes', 'keeping costs a first run', 'on disk after'],
    results.map(({ name, bytes, fetch, fetchAndPut, flush, held }) => [
      name,
      `${figure(bytes / 1e6 / held)} MB/s`,
      `${(fetch / held).toFixed(1)}× as long`,
      `${(100 * (fetchAndPut / fetch - 1)).toFixed(0)} %`,
      `${figure(flush * 1000)} ms`,
    ]),
    [
      'the server is on the same machine, without latency; a thread that has not looked into the cache before',
      'medians of 5',
    ],
  );
}
