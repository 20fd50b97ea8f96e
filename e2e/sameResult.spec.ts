/** One document gives the same bytes in the page and on the command line. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { sharedData } from '../workers/testing/sharedData.ts';
import { done, openDemo, passed, pickFile, plot, saved } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SINGLE_MU = sharedData('Run2012B_SingleMu-1000.parquet');

interface CommandLineRun {
  /** UHI JSON of all histograms. */
  histograms: string;
  /** Events after each cut, as the page writes them. */
  passed: string[];
}

/** Runs an example with the command line tool that was built with the page. */
async function runHere(example: string, data: string): Promise<CommandLineRun> {
  const folder = await mkdtemp(join(tmpdir(), 'lumiscope-'));
  try {
    const [output, report] = [join(folder, 'histograms.json'), join(folder, 'report.json')];
    const args = ['run', `public/examples/${example}`, '--file', data, '-o', output, '--report', report];
    await promisify(execFile)(process.execPath, ['dist-cli/lumiscope.js', ...args], { cwd: ROOT });
    const { cutflow } = JSON.parse(await readFile(report, 'utf8')) as { cutflow: { rows: { events: number }[] }[] };
    return {
      histograms: await readFile(output, 'utf8'),
      passed: cutflow[0]!.rows.map(({ events }) => events.toLocaleString('en')),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** All histograms of the page as the command line writes them into one file: an object by name. */
async function savedAll(page: Page, histograms: Record<string, string>): Promise<string> {
  const parts: string[] = [];
  for (const [name, title] of Object.entries(histograms)) {
    const text = await saved(page, title, 'Save UHI JSON');
    parts.push(`  ${JSON.stringify(name)}: ${text.replaceAll('\n', '\n  ')}`);
  }
  return `{\n${parts.join(',\n')}\n}`;
}

test('the demo gives the same bytes in the page and on the command line', async ({ page, app }) => {
  const here = runHere('demo-dimuon.yaml', 'public/demo/lumiscope-demo.parquet');
  await openDemo(page, app.url);
  const text = await savedAll(page, {
    'dimuon mass': 'dimuon mass',
    'Z window': 'Z → μμ, both muons isolated',
    'muon pT': 'muon pT',
    'muon directions': 'muon directions',
  });
  const { histograms, passed: events } = await here;
  expect(text).toBe(histograms);
  expect(await passed(page)).toEqual(events);
});

test('weights of both signs give the same bytes in the page and on the command line', async ({ page, app }) => {
  const here = runHere('demo-top.yaml', 'public/demo/lumiscope-demo.parquet');
  await page.goto(`${app.url}?doc=examples/demo-top.yaml`);
  await done(page);
  const titles = ['trijet mass', 'missing transverse momentum', 'jets and b tags'];
  const text = await savedAll(page, Object.fromEntries(titles.map((title) => [title, title])));
  const { histograms, passed: events } = await here;
  expect(text).toBe(histograms);
  expect(await passed(page)).toEqual(events);
});

test('an ADL query over real events gives the same bytes in the page and on the command line', async ({
  page,
  app,
}) => {
  test.skip(!SINGLE_MU, 'needs ../shared/data/Run2012B_SingleMu-1000.parquet');
  const here = runHere('adl-q8.yaml', SINGLE_MU!);
  await page.goto(`${app.url}?doc=examples/adl-q8.yaml`);
  await expect(page.getByText('was made with a local file')).toBeVisible();
  await pickFile(page, SINGLE_MU!);
  await done(page);
  const title = (await page.getByRole('article').getAttribute('aria-label'))!;
  await expect(plot(page, title)).toBeVisible();
  const { histograms, passed: events } = await here;
  const [name] = Object.keys(JSON.parse(histograms));
  expect(await savedAll(page, { [name!]: title })).toBe(histograms);
  expect(await passed(page)).toEqual(events);
});
