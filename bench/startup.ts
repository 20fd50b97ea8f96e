/**
 * From the click on a link to the first plot: the production build in headless Chromium, a fresh browser each time, with
 * the dimuon demo. Counts the JavaScript that came until then, as gzip would send it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { CHROMIUM_FLAGS, ensureChromium } from '../scripts/chromium.ts';
import { serveFolder } from '../scripts/staticServer.ts';
import { root } from '../scripts/upToDate.ts';
import { figure, median, print } from './report.ts';

const REPEATS = 5;
const DOCUMENT = 'examples/demo-dimuon.yaml';
/** A line or a heat map of a plot that is drawn. */
const PLOT = '.js-plotly-plot .cartesianlayer :is(.trace path, .heatmaplayer image)';
const GOAL = { seconds: 1.5, bytes: 700_000 };

interface Start {
  /** From the navigation, by the page's clock. */
  seconds: number;
  /** JavaScript, workers' included, gzipped. */
  script: number;
  /** Everything, as it came. */
  bytes: number;
  requests: number;
}

const dist = join(root, 'dist');
if (!existsSync(dist)) {
  process.stdout.write('start-up: skipped, there is no dist/ (npm run build)\n');
  process.exit(0);
}

const executablePath = ensureChromium();
const server = await serveFolder(dist);
const starts: Start[] = [];
const read: Start[] = [];
for (let i = 0; i < REPEATS; i++) {
  starts.push(await start(`${server.url}?doc=${DOCUMENT}`));
  read.push(await start(`${server.url}?view=present&doc=${DOCUMENT}`));
}
await server.close();

const seconds = median(starts.map((one) => one.seconds));
const script = median(starts.map((one) => one.script));
print(
  'Start-up: navigation to the first plot of the dimuon demo, cold',
  ['', 'measured', 'goal'],
  [
    ['time to first plot', `${figure(seconds)} s`, `${GOAL.seconds} s`],
    ['JavaScript until then, gzipped', `${figure(script / 1000)} kB`, `${GOAL.bytes / 1000} kB`],
    ['all bytes until then', `${figure(median(starts.map((one) => one.bytes)) / 1e6)} MB`, ''],
    ['requests until then', figure(median(starts.map((one) => one.requests))), ''],
  ],
  [
    `medians of ${REPEATS}; a browser of its own for each, empty cache, server on the same machine`,
    `slowest ${figure(Math.max(...starts.map((one) => one.seconds)))} s`,
    `read-only view: ${figure(median(read.map((one) => one.seconds)))} s, ${figure(median(read.map((one) => one.script)) / 1000)} kB of JavaScript`,
  ],
);

async function start(url: string): Promise<Start> {
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const answers: Promise<{ bytes: number; script: number }>[] = [];
  let drawn = false;
  page.on('response', (response) => {
    if (drawn) return;
    const isScript = /javascript/.test(response.headers()['content-type'] ?? '');
    answers.push(
      response.body().then(
        (body) => ({ bytes: body.length, script: isScript ? gzipSync(body, { level: 9 }).length : 0 }),
        () => ({ bytes: 0, script: 0 }),
      ),
    );
  });
  // In the page, so that the way between test and browser is not counted.
  await page.addInitScript((selector) => {
    const watch = new MutationObserver(() => {
      if (!document.querySelector(selector)) return;
      watch.disconnect();
      requestAnimationFrame(() => Object.assign(globalThis, { firstPlot: performance.now() }));
    });
    watch.observe(document, { childList: true, subtree: true });
  }, PLOT);
  await page.goto(url, { waitUntil: 'commit' });
  const shown = await page.waitForFunction(() => (globalThis as { firstPlot?: number }).firstPlot, undefined, {
    timeout: 60_000,
  });
  drawn = true;
  const milliseconds = (await shown.jsonValue()) ?? Number.NaN;
  const sizes = await Promise.all(answers);
  await browser.close();
  return {
    seconds: milliseconds / 1000,
    script: sizes.reduce((sum, one) => sum + one.script, 0),
    bytes: sizes.reduce((sum, one) => sum + one.bytes, 0),
    requests: sizes.length,
  };
}
