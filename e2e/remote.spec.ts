/** Data on other hosts: replicas, what is planned, and the way around a server that does not let the page read its answers. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { encodeLink } from '../core/analysis/link.ts';
import { parseDocument } from '../core/analysis/yaml.ts';
import { startFaultyServer } from '../workers/testing/faultyServer.ts';
import { writeSparseParquet } from '../workers/testing/sparseParquet.ts';
import { done, plot, state, statistic } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const DEMO = 'lumiscope-demo.parquet';

const linkOf = (files: string) =>
  encodeLink(
    parseDocument(`lumiscope: 1
title: On other hosts
datasets:
  - name: data
    files: [${files}]
histograms:
  pt: { axes: [{ value: MET.pt, bins: 10, range: [0, 100] }] }
`).document!,
  );

test('a replica that fails in the middle is replaced; the data list says so, and the plan says what is asked of whom', async ({
  page,
  app,
  elsewhere,
  guard,
}) => {
  const other = await startFaultyServer(new URL('../dist/demo', import.meta.url).pathname);
  guard.allow(new RegExp(`${elsewhere.origin}|${other.origin}`));
  const [first, second] = [elsewhere.url(DEMO, 'broken', 3), other.url(DEMO)];
  const [firstHost, secondHost] = [new URL(first).host, new URL(second).host];
  await page.goto(app.url + linkOf(`{ replicas: ["${first}", "${second}"] }`));
  await expect(page.getByRole('status').filter({ hasText: 'reads data from 2 other hosts' })).toContainText(secondHost);
  expect(elsewhere.requests.filter(({ url }) => first.endsWith(url))).toEqual([]);
  await page.getByRole('button', { name: 'Load data' }).click();
  await done(page);
  await expect(statistic(plot(page, 'pt'), 'entries')).toHaveText('300,000');
  const data = page.getByRole('listitem').filter({ hasText: 'Parquet' }).first();
  await expect(data).toContainText(`read from ${secondHost}, replica 2 of 2`);
  await expect(data).toContainText(`${firstHost} failed: the server answered 500`);
  await page.getByTestId('cost').click();
  await expect(page).toHaveURL(/&show=plan/);
  await expect(page.getByText('nobody is asked for anything')).toBeVisible();
  await page.reload();
  await expect(state(page)).toHaveText('Waiting for data');
  await other.close();
});

test('a server that does not let the page read its answers is asked through the proxy of the app, after a click', async ({
  page,
  app,
  elsewhere,
  guard,
}) => {
  const address = elsewhere.url(DEMO, 'no-cors');
  const proxy = createServer(async ({ url, method, headers }, response) => {
    const wanted = new URL(url!, 'http://proxy').searchParams.get('url')!;
    const answer = await fetch(wanted, { method: method!, headers: { Range: headers.range! } });
    const shown = ['ETag', 'Content-Range', 'Content-Length'].map((name) => [name, answer.headers.get(name) ?? '']);
    response.writeHead(answer.status, {
      ...Object.fromEntries(shown),
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': 'Content-Range, ETag',
    });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  guard.allow(new RegExp(`${elsewhere.origin}|${host}`));
  await page.route('**/config.json', (route) => route.fulfill({ json: { proxy: `http://${host}/range` } }));
  await page.goto(app.url + linkOf(`"${address}"`));
  await page.getByRole('button', { name: 'Load data' }).click();
  const alert = page.getByRole('alert').first();
  await expect(alert).toHaveText(/does not let this page read the answer \(CORS\)/);
  expect(guard.requested.filter((url) => url.includes(host))).toEqual([]);
  await alert.getByRole('button', { name: `Ask through ${host}` }).click();
  await done(page);
  await expect(statistic(plot(page, 'pt'), 'entries')).toHaveText('300,000');
  proxy.close();
});

test('a plan asks nobody who was not agreed to, however the opening ended', async ({ page, app, elsewhere, guard }) => {
  const address = elsewhere.url(DEMO);
  await page.route('**/demo/*.parquet', () => {});
  await page.goto(`${app.url}${linkOf(`demo/${DEMO}, "${address}"`)}&show=plan`);
  await expect(page.getByRole('button', { name: 'Load data' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('There is a plan once the data are open.')).toBeVisible();
  expect(guard.requested.filter((url) => url.startsWith(elsewhere.origin))).toEqual([]);
});

/** Bytes of memory of all pages of the browser, workers' included. */
async function residentBytes(browser: Browser): Promise<number> {
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  await devtools.detach();
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  const resident = ({ id }: { id: number }) =>
    1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]);
  return pages.reduce((sum, page) => sum + resident(page), 0);
}

test('a file of 10 GB costs the bytes of its needed columns, and little memory', async ({
  page,
  app,
  browser,
  guard,
}) => {
  test.skip(process.platform !== 'linux', 'memory of processes is read from /proc');
  const folder = mkdtempSync(join(tmpdir(), 'lumiscope-large-'));
  const large = writeSparseParquet(join(folder, 'large.parquet'), { groups: 4, events: 250_000, hole: 2.5e9 });
  const server = await startFaultyServer(folder);
  guard.allow(new RegExp(server.origin));
  await page.goto(app.url + linkOf(`"${server.url('large.parquet')}"`));
  const before = await residentBytes(browser);
  await page.getByRole('button', { name: 'Load data' }).click();
  await done(page);
  await expect(statistic(plot(page, 'pt'), 'entries')).toHaveText('1,000,000');
  const added = (await residentBytes(browser)) - before;
  const sent = server.requests.reduce((sum, one) => sum + one.sent, 0);
  test.info().annotations.push({ type: 'measured', description: `${sent} bytes sent, ${added} bytes of memory added` });
  expect(large.size).toBeGreaterThan(10e9);
  expect(sent).toBeGreaterThanOrEqual(large.columnBytes);
  expect(sent).toBeLessThan(large.columnBytes * 1.02);
  expect(added).toBeLessThan(1e9);
  await server.close();
  rmSync(folder, { recursive: true });
});
