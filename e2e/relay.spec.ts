/** The whole way: a relay, producers, the catalogue that it publishes, and the Monitor, as built. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test as base, expect } from '@playwright/test';
import { sharedData } from '../workers/testing/sharedData.ts';
import { axe } from './axe.ts';
import { Guard } from './fixtures.ts';

const built = (name: string) => fileURLToPath(new URL(`../dist-cli/${name}.js`, import.meta.url));
const FILES = ['nano_dy.root', 'nano_tt_v12.root', 'Run2012B_SingleMu-1000.parquet'].map(sharedData);
/** The first event of the first file, as uproot reads it. */
const FIRST = { event: 3749778, guid: 'A9490124-3648-11EA-89E9-F5B55C90BEEF', lumi: '13889' };
const DATASET = 'mc16_13TeV.000001.demo.merge.NANO.r1_tid00000001_00';

const test = base.extend<{ relay: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are wanted from the pattern
  relay: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'lumiscope-relay-'));
    const process = spawn(globalThis.process.execPath, [built('relay'), '--port', '0', '--folder', folder], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      await use(await addressOf(process));
    } finally {
      process.kill('SIGTERM');
      if (process.exitCode === null) await once(process, 'exit');
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

/** Where a relay says that it serves the app. */
async function addressOf({ stderr }: ChildProcess): Promise<string> {
  let text = '';
  for await (const piece of stderr!) {
    text += piece;
    const address = /app\s+(http\S+)/.exec(text)?.[1];
    if (address && text.includes('Stop with')) return address;
  }
  throw new Error(`the relay ended: ${text}`);
}

/** A command of the built tool, as a batch job would run it. */
async function lumiscope(job: number, ...args: string[]): Promise<void> {
  const env = { ...process.env, SLURM_JOB_ID: String(job) };
  await promisify(execFile)(process.execPath, [built('lumiscope'), ...args], { env });
}

test.skip(
  FILES.includes(undefined),
  'needs nano_dy.root, nano_tt_v12.root and Run2012B_SingleMu-1000.parquet in ../shared/data',
);

test('what producers stage is in the catalogue, each event once, and the Monitor tells of it', async ({
  page,
  context,
  relay,
}) => {
  const guard = new Guard(context, new URL(relay).origin);
  await page.goto(relay);
  await page.getByRole('link', { name: 'Monitor' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Live' })).toBeVisible();
  await expect(page.getByText('Nothing was staged or declared yet')).toBeVisible();

  // Three producers, and one that does again what two of them do.
  const produce = (job: number, ...files: string[]) =>
    lumiscope(job, 'produce', ...files, '--dataset', DATASET, '--relay', relay, '--job', String(job));
  const files = FILES as string[];
  await Promise.all([...files.map((file, k) => produce(k + 1, file)), produce(4, files[0]!, files[1]!)]);
  await lumiscope(5, 'declare', ...files, '--dataset', DATASET, '--relay', relay);

  const datasets = page.getByRole('region', { name: 'Datasets by state' });
  const row = datasets.getByRole('row').filter({ hasText: DATASET });
  await expect(row.getByRole('cell').nth(1)).toHaveText('Done');
  await expect(row.getByRole('cell').nth(4)).toHaveText('1,240');
  await expect(row.getByRole('cell').nth(5)).toHaveText('2');
  const producers = page.getByRole('region', { name: 'Producers since the start' }).getByRole('row');
  for (const job of [1, 2, 3, 4]) await expect(producers.filter({ hasText: `SLURM_JOB_ID=${job}` })).toHaveCount(1);
  await expect(page.getByLabel('Counters')).toContainText(`Published1,240 events`);
  await expect(page.getByLabel('Counters')).toContainText('Duplicates avoided2 objects');
  await expect(page.getByText(/^median/)).toBeVisible();
  await expect(page.getByText(/^Passed/)).toBeVisible();
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    expect((await axe(page, scheme).analyze()).violations).toEqual([]);
  }

  // Its catalogue, served by the relay; an event of the first file.
  await row.getByRole('link').click();
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details).toContainText('imported');
  await details.getByRole('link', { name: 'Pick by number' }).click();
  await page.getByLabel('Events', { exact: true }).fill(`1 ${FIRST.event}`);
  await page.getByLabel('Events', { exact: true }).press('Control+Enter');
  const record = page.getByRole('region', { name: `Event ${FIRST.event}` });
  await expect(record).toContainText(FIRST.guid);
  await expect(record).toContainText(FIRST.lumi);
  await expect(page.getByText('1 record of 1 event')).toBeVisible();

  // Metrics say the same.
  const metrics = await (await page.request.get(`${relay}metrics`)).text();
  expect(metrics).toMatch(/^lumiscope_relay_catalogue_events 1240$/m);
  expect(metrics).toMatch(/^lumiscope_relay_duplicate_objects_avoided_total 2$/m);
  expect(guard.problems(), 'problems that the page had').toEqual([]);
});
