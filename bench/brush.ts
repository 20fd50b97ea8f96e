/**
 * Brushing: how long a move of the pointer takes, from the event to the last of six plots drawn, with the index of the other plots there; and how
 * long that index takes. The production build in headless Chromium (its canvas is drawn by the processor). Before that, what Plotly would take.
 * `npm run bench -- brush`, or `npx tsx bench/brush.ts --events 1,10` for other numbers of millions.
 */
import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Locator, type Page } from '@playwright/test';
import { CHROMIUM_FLAGS, ensureChromium } from '../scripts/chromium.ts';
import { serveFolder } from '../scripts/staticServer.ts';
import { root } from '../scripts/upToDate.ts';
import { BRUSH_HISTOGRAMS, writeBrushEvents } from './brushData.ts';
import { figure, median, print } from './report.ts';

const MOVES = 200;
/** Bytes that columns, engine, browser and server take for an event, about. */
const BYTES_AN_EVENT = 80;

const asked = process.argv[process.argv.indexOf('--events') + 1];
const millions = process.argv.includes('--events') ? asked!.split(',').map(Number) : [1, 10, 100];

const DOCUMENT = `lumiscope: 1
title: Brushing
datasets:
  - { name: events, files: [./events.parquet] }
histograms:${BRUSH_HISTOGRAMS}`;

const dist = join(root, 'dist');
if (!existsSync(dist)) {
  process.stdout.write('brush: skipped, there is no dist/ (npm run build)\n');
  process.exit(0);
}

const folder = await mkdtemp(join(tmpdir(), 'lumiscope-brush-'));
await cp(dist, folder, { recursive: true });
const server = await serveFolder(folder);
const rows: string[][] = [];
const skipped: string[] = [];
let plotly: Plotly | undefined;
try {
  for (const events of millions) {
    if (events * 1e6 * BYTES_AN_EVENT > freemem()) {
      skipped.push(`${events} million events: not enough memory`);
      continue;
    }
    const file = join(folder, 'events.parquet');
    await writeBrushEvents(file, events);
    rows.push(await measure(events));
    await rm(file);
  }
} finally {
  await server.close();
  await rm(folder, { recursive: true });
}

print(
  'Brushing: six plots follow, the index is there',
  ['events', 'range: median', '95 %', 'box: median', '95 %', 'first index', 'whole index', 'all events read'],
  rows,
  [
    `${MOVES} moves of an end of a brush; a range on one axis, a box on a map; from the pointer's event to the last plot drawn`,
    'goal: 95 % of the moves within 16 ms, whatever the number of events',
    'first and whole index: from the pointer coming to the plot, 0.12 s of which it has to stay there; columns in memory',
    ...skipped,
  ],
);
if (plotly) {
  print(
    'Six plots with new numbers, drawn by Plotly',
    ['', 'median'],
    [
      ['the whole figure (`react`)', `${figure(plotly.react)} ms`],
      ['numbers and y axis alone (`update`)', `${figure(plotly.update)} ms`],
    ],
    ['four of 60 to 120 bins, two maps of 2,500; one after the other, a million events in the page'],
  );
}

async function measure(events: number): Promise<string[]> {
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_FLAGS });
  const page = await browser.newPage({ viewport: { width: 1440, height: 1400 } });
  page.setDefaultTimeout(1_200_000);
  // tsx gives functions that are sent to the page their names by this helper.
  await page.addInitScript('globalThis.__name = (fn) => fn');
  await page.addInitScript(timeMoves);
  const begun = performance.now();
  await page.goto(`${server.url}?memory=3.6`);
  await page
    .getByTestId('file-input')
    .first()
    .setInputFiles({ name: 'brush.yaml', mimeType: '', buffer: Buffer.from(DOCUMENT) });
  await done(page);
  const read = (performance.now() - begun) / 1000;
  plotly ??= await plotlyTimes(page);
  await page.keyboard.press('b');
  // What hears of the pointer is loaded with that.
  await page.waitForTimeout(1000);
  const range = await brush(page, 'met', false);
  const box = await brush(page, 'directions', true);
  await browser.close();
  const ms = (value: number) => `${figure(value)} ms`;
  const tail = (moves: number[]) => moves.toSorted((a, b) => a - b)[Math.floor(0.95 * moves.length)]!;
  return [
    `${events} million`,
    ms(median(range.moves)),
    ms(tail(range.moves)),
    ms(median(box.moves)),
    ms(tail(box.moves)),
    `${figure(range.first)} s`,
    `${figure(range.whole)} s`,
    `${figure(read)} s`,
  ];
}

interface Brushed {
  /** Milliseconds of each move. */
  moves: number[];
  /** Seconds to the first index that plots follow, and to the finest. */
  first: number;
  whole: number;
}

/** Brushes a plot: the index first, then moves. */
async function brush(page: Page, title: string, box: boolean): Promise<Brushed> {
  const card = page.getByRole('article', { name: title, exact: true });
  await card.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await card.locator('.nsewdrag').boundingBox())!;
  const begun = performance.now();
  await page.mouse.move(x + width * 0.3, y + height * 0.3, { steps: 3 });
  await index(card, /coarse|fine/);
  const first = (performance.now() - begun) / 1000;
  await index(card, /fine/);
  const whole = (performance.now() - begun) / 1000;
  await page.mouse.down();
  await page.evaluate(() => {
    (globalThis as unknown as Timed).moves = [];
  });
  for (let k = 0; k < MOVES; k++) {
    const share = 0.35 + 0.3 * (1 + Math.sin(k / 15)) * 0.9;
    await page.mouse.move(x + width * share, y + height * (box ? share : 0.3));
    // One move a frame, as a screen shows them.
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  const moves = await page.evaluate(() => (globalThis as unknown as Timed).moves);
  await page.mouse.up();
  await done(page);
  await page.keyboard.press('Delete');
  await done(page);
  return { moves: moves.slice(5), first, whole };
}

/** Waits for the index of a plot. */
async function index(card: Locator, level: RegExp): Promise<void> {
  for (let tries = 0; tries < 100_000; tries++) {
    const [found] = await card
      .locator('[data-index]')
      .evaluateAll((all) => all.map((e) => e.getAttribute('data-index')));
    if (found && level.test(found)) return;
    if (found === 'run') throw new Error('there is no index for this plot');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('the index did not come');
}

async function done(page: Page): Promise<void> {
  await page.getByRole('contentinfo').getByRole('status').getByText('Done', { exact: true }).waitFor();
}

interface Timed {
  moves: number[];
}

/** In the page: notes how long all that hears of a move of the pointer takes. */
function timeMoves(): void {
  const timed = globalThis as unknown as Timed;
  timed.moves = [];
  let begun = 0;
  addEventListener(
    'pointermove',
    () => {
      begun = performance.now();
    },
    true,
  );
  addEventListener('pointermove', () => timed.moves.push(performance.now() - begun));
}

interface Plotly {
  react: number;
  update: number;
}

/** Milliseconds that Plotly takes for new numbers of all plots of the page. */
async function plotlyTimes(page: Page): Promise<Plotly> {
  const part = readdirSync(join(folder, 'assets')).find((name) => /^plotlyBundle.*\.js$/.test(name))!;
  await page.waitForFunction(() => document.querySelectorAll('.js-plotly-plot').length === 6);
  const times = await page.evaluate(async (path) => {
    type Trace = { y: number[]; z?: (number | null)[][] };
    type Drawn = HTMLElement & { data: Trace[]; layout: { yaxis: { range: number[] } } };
    type Draw = (plot: HTMLElement, ...rest: unknown[]) => Promise<unknown>;
    const module = (await import(path)) as Record<string, { react: Draw; update: Draw }>;
    const api = Object.values(module)[0]!;
    const plots = [...document.querySelectorAll<Drawn>('.js-plotly-plot')];
    const figures = plots.map(({ data, layout }) => ({ data: [...data], layout: structuredClone(layout) }));
    const vary = (trace: Trace, k: number): Trace =>
      trace.z
        ? { ...trace, z: trace.z.map((row) => row.map((v) => v && v * (1 + k / 100))) }
        : { ...trace, y: trace.y.map((v) => v && v * (0.5 + k / 100)) };
    const times: { react: number[]; update: number[] } = { react: [], update: [] };
    for (let k = 0; k < 15; k++) {
      for (const way of ['react', 'update'] as const) {
        const begun = performance.now();
        for (const [i, plot] of plots.entries()) {
          const { data, layout } = figures[i]!;
          const traces = data.map((trace) => vary(trace, k));
          const range = layout.yaxis.range.map((end) => end * (1 + k / 1000));
          const next = { ...layout, yaxis: { ...layout.yaxis, range } };
          const change = traces[0]!.z ? { z: traces.map(({ z }) => z) } : { y: traces.map(({ y }) => y) };
          await (way === 'react' ? api.react(plot, traces, next) : api.update(plot, change, { 'yaxis.range': range }));
        }
        times[way].push(performance.now() - begun);
        await new Promise(requestAnimationFrame);
      }
    }
    return times;
  }, `./assets/${part}`);
  return { react: median(times.react), update: median(times.update) };
}
