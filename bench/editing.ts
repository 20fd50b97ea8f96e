/**
 * From a key that is pressed in the editor to the new plot, with all columns in memory: the production build in headless Chromium,
 * ten histograms of a million events, then of ten million (the same file under ten addresses). And how long the page is
 * blocked (`longtask`, over 50 ms) while the plots are scrolled through.
 */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { CHROMIUM_FLAGS, ensureChromium } from '../scripts/chromium.ts';
import { serveFolder } from '../scripts/staticServer.ts';
import { root } from '../scripts/upToDate.ts';
import { REAL_EVENTS, writeTiledEvents } from '../workers/testing/tiledEvents.ts';
import { figure, median, print } from './report.ts';

const EDITS = 9;
/** The file has 1,000 events a tile. */
const TILES = 1000;

const dist = join(root, 'dist');
if (!existsSync(dist) || !REAL_EVENTS) {
  process.stdout.write('editing: skipped, there is no dist/ (npm run build) or no ../shared/data\n');
  process.exit(0);
}

const folder = await mkdtemp(join(tmpdir(), 'lumiscope-editing-'));
await cp(dist, folder, { recursive: true });
await writeTiledEvents(join(folder, 'events.parquet'), { tiles: TILES, rowGroup: 100_000 });
const server = await serveFolder(folder);
const executablePath = ensureChromium();
const rows: string[][] = [];
for (const files of [1, 10]) rows.push(await measure(files));
await server.close();
await rm(folder, { recursive: true });

print(
  'Editing: key press to new plot, ten histograms, columns in memory',
  ['events', 'first plot', 'all events', 'blocked while typing', 'blocked while scrolling'],
  rows,
  [
    `medians of ${EDITS} edits of a cut that all histograms depend on, 150 ms of which wait for the next key`,
    'first plot: the first that shows numbers of the new text; all events: the run is done',
    'blocked: the longest task over 50 ms',
  ],
);

async function measure(files: number): Promise<string[]> {
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  // tsx gives functions that are sent to the page their names by this helper.
  await page.addInitScript('globalThis.__name = (fn) => fn');
  await page.goto(server.url);
  await page
    .getByTestId('file-input')
    .first()
    .setInputFiles({
      name: 'editing.yaml',
      mimeType: '',
      buffer: Buffer.from(documentOf(files)),
    });
  await page.getByRole('contentinfo').getByRole('status').getByText('Done').waitFor({ timeout: 300_000 });
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((e) => e.duration))).observe({
      type: 'longtask',
    });
  });
  await page.locator('.cm-line', { hasText: 'harder:' }).click();
  await page.keyboard.press('End');
  const times: Edit[] = [];
  for (let i = 0; i < EDITS; i++) {
    await watch(page);
    await page.keyboard.press('Backspace');
    await page.keyboard.press(String(1 + (i % 9)));
    times.push(await page.evaluate(() => (globalThis as unknown as { edit: Promise<Edit> }).edit));
    await page.waitForTimeout(300);
  }
  const typing = await longest(page);
  const plots = page.getByRole('region', { name: 'Plots' });
  await plots.hover();
  for (let i = 0; i < 40; i++) {
    await page.mouse.wheel(0, i < 20 ? 150 : -150);
    await page.waitForTimeout(30);
  }
  const scrolling = await longest(page);
  await browser.close();
  const ms = (seconds: number) => `${figure(seconds)} ms`;
  return [
    `${files} million`,
    ms(median(times.map((t) => t.first))),
    ms(median(times.map((t) => t.all))),
    ms(typing),
    ms(scrolling),
  ];
}

/** Milliseconds from a digit that is pressed to the first numbers of the new text, drawn, and to the end of its run. */
interface Edit {
  first: number;
  all: number;
}

/** Times the next digit that is pressed: `edit` of the page's globals settles when its run has ended. */
function watch(page: Page): Promise<void> {
  return page.evaluate(() => {
    Object.assign(globalThis, {
      edit: new Promise<Edit>((resolve) => {
        const entries = () => document.querySelector('article dl dd')?.textContent;
        const status = () => document.querySelector('footer [role="status"]')?.textContent;
        let pressed = 0;
        let first = 0;
        let before = entries();
        const onKey = (event: KeyboardEvent) => {
          if (!/^\d$/.test(event.key)) return;
          pressed = performance.now();
          before = entries();
          removeEventListener('keydown', onKey, true);
        };
        addEventListener('keydown', onKey, true);
        const look = () => {
          // In the frame after the numbers came, the first plot is drawn.
          if (pressed > 0 && first === 0 && entries() !== before) first = performance.now() - pressed;
          if (first > 0 && status() === 'Done') resolve({ first, all: performance.now() - pressed });
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
    });
  });
}

/** The longest task since the last call, in ms; 0 where none was longer than 50. */
function longest(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, ...(globalThis as unknown as { tasks: number[] }).tasks.splice(0)));
}

function documentOf(files: number): string {
  const addresses = Array.from({ length: files }, (_, i) => `./events.parquet?copy=${i}`);
  const axes = ['MET_pt', 'Muon.pt', 'Muon.eta', 'Muon.phi', 'len(Muon)', 'sum(Muon.pt)', 'max(Muon.pt)', 'genWeight'];
  const ranges = ['[0, 200]', '[0, 100]', '[-2.5, 2.5]', '[-3.2, 3.2]', '[0, 10]', '[0, 200]', '[0, 100]', '[-10, 10]'];
  const one = axes.map(
    (value, i) => `  h${i}:\n    axes:\n      - { value: ${value}, bins: 100, range: ${ranges[i]} }\n`,
  );
  const two = [1, 2].map(
    (i) =>
      `  map${i}:\n    axes:\n      - { value: Muon.eta, bins: 50, range: [-2.5, 2.5] }\n      - { value: Muon.phi, bins: 50, range: [-3.2, 3.2] }\n`,
  );
  return `lumiscope: 1
title: Editing
datasets:
  - { name: events, files: [${addresses.join(', ')}] }
select:
  harder: MET_pt > 10
histograms:
${[...one, ...two].join('')}`;
}
