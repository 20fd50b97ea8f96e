/** Keys and tokens: what is refused opens with them, and nothing of them stays anywhere. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { encodeLink } from '../core/analysis/link.ts';
import { parseDocument } from '../core/analysis/yaml.ts';
import { type S3Server, startS3Server } from '../workers/testing/s3Server.ts';
import { done, plot, statistic } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const ID = 'AKIDEXAMPLE';
const SECRET = 'secret+KEY/of=tests';
const SESSION = 'session//TOKEN+of=tests';
const jwt = (exp: number) => ['{"alg":"none"}', `{"exp":${exp}}`, 'sig'].map((part) => btoa(part)).join('.');
const TOKEN = jwt(4e9);

let store: S3Server;
/** Where the store sends those who ask for `/away/…`. */
let other: S3Server;

test.beforeAll(async () => {
  const file = new Uint8Array(
    parquetWriteBuffer({
      codec: 'UNCOMPRESSED',
      columnData: [{ name: 'MET_pt', data: Array.from({ length: 100 }, (_, i) => i), type: 'DOUBLE' }],
    }),
  );
  other = await startS3Server({
    objects: new Map([['/public/a.parquet', file]]),
    accessKeyId: 'none',
    secretAccessKey: 'none',
  });
  const paths = [
    '/closed/run1/a+b c#é%.parquet',
    '/closed/run1/b.parquet',
    '/closed/run2/c.parquet',
    '/token/a.parquet',
  ];
  store = await startS3Server({
    objects: new Map(paths.map((path) => [path, file])),
    accessKeyId: ID,
    secretAccessKey: SECRET,
    sessionToken: SESSION,
    region: 'eu-west-3',
    token: TOKEN,
    redirectTo: other.endpoint,
  });
});
test.afterAll(() => Promise.all([store.close(), other.close()]));

const analysis = (...files: string[]) =>
  encodeLink(
    parseDocument(`lumiscope: 1
datasets:
  - { name: closed data, files: ${JSON.stringify(files)}, s3: { endpoint: "${store.endpoint}" } }
histograms:
  met: { axes: [{ value: MET.pt, bins: 10, range: [0, 100] }] }
`).document!,
  );

/** Everything that a browser keeps of the page, as text: storages, the files of OPFS, address and history's state. */
function kept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const parts = [
      location.href,
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
      document.cookie,
    ];
    parts.push(
      JSON.stringify(history.state),
      JSON.stringify(await indexedDB.databases()),
      JSON.stringify(await caches.keys()),
    );
    const walk = async (folder: FileSystemDirectoryHandle): Promise<void> => {
      for await (const [name, handle] of folder as unknown as AsyncIterable<[string, FileSystemHandle]>) {
        parts.push(name);
        if (handle.kind === 'directory') await walk(handle as FileSystemDirectoryHandle);
        else parts.push(await (await (handle as FileSystemFileHandle).getFile()).text().catch(() => ''));
      }
    };
    await walk(await navigator.storage.getDirectory());
    return parts.join('\n') + document.documentElement.outerHTML;
  });
}

async function keepsNothingOf(page: Page, secrets: string[]): Promise<void> {
  const text = await kept(page);
  for (const secret of secrets) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(encodeURIComponent(secret));
  }
}

test('keys open what matches a pattern in a closed bucket, and are gone when the page is loaded again', async ({
  page,
  app,
  guard,
}) => {
  guard.allow(new RegExp(`^${store.endpoint}/`));
  await page.goto(app.url + analysis('s3://closed/run1/*.parquet'));
  await expect(page.getByText('s3://closed/run1/*.parquet').first()).toBeVisible();
  expect(store.requests).toEqual([]);
  await page.getByRole('checkbox', { name: 'Remember this host' }).check();
  await page.getByRole('button', { name: 'Load data' }).click();
  const ask = page.getByRole('button', { name: `Give keys or a token for ${store.host}` });
  await expect(page.getByRole('alert')).toContainText(
    /^s3:\/\/closed\/run1\/\*\.parquet: its files can't be listed: no access \(.* no keys or token were given for 127/i,
  );
  await ask.click();
  const dialog = page.getByRole('dialog', { name: 'Access to data' });
  await expect(dialog.getByLabel('Host')).toHaveValue(store.host);
  await dialog.getByLabel('Access key').fill(ID);
  await dialog.getByLabel('Secret key').fill(SECRET);
  await dialog.getByLabel('Session token').fill(SESSION);
  await dialog.getByRole('button', { name: 'Use and try again' }).click();
  await done(page);
  await expect(statistic(plot(page, 'met'), 'entries')).toHaveText('200');
  await expect(page.getByText('2 files match')).toBeVisible();
  await keepsNothingOf(page, [SECRET, SESSION, ID]);
  await page.reload();
  await expect(ask).toBeVisible();
});

test('a token that expired is told, and another one opens the file', async ({ page, app, guard }) => {
  guard.allow(new RegExp(`^(${store.endpoint}|${other.endpoint})/`));
  await page.goto(app.url + analysis(`${store.endpoint}/token/a.parquet`, `${store.endpoint}/away/a.parquet`));
  await page.getByRole('button', { name: 'Load data' }).click();
  const dialog = page.getByRole('dialog', { name: 'Access to data' });
  for (const token of [jwt(1e9), TOKEN]) {
    await page.getByRole('button', { name: `Give keys or a token for ${store.host}` }).click();
    await dialog.getByLabel('A token').check();
    await dialog.getByLabel('Token', { exact: true }).fill(token);
    await page.keyboard.press('Enter');
    if (token !== TOKEN) await expect(page.getByText(/the token for 127.* expired on 2001-09-09/)).toBeVisible();
  }
  await done(page);
  await expect(statistic(plot(page, 'met'), 'entries')).toHaveText('200');
  await keepsNothingOf(page, [TOKEN, jwt(1e9)]);
  // The store gets the token, and the host that it sends us to does not.
  const away = store.requests.filter(({ url, method }) => url.startsWith('/away/') && method !== 'OPTIONS');
  expect(away.at(-1)?.authorization).toBe(`Bearer ${TOKEN}`);
  expect(other.requests.length).toBeGreaterThan(0);
  expect(other.requests.map(({ authorization }) => authorization)).toEqual(other.requests.map(() => undefined));
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Keys and tokens…' }).click();
  await expect(dialog.getByRole('listitem')).toHaveText(new RegExp(`^${store.host}a token until`));
  expect((await new AxeBuilder({ page }).include('dialog').analyze()).violations).toEqual([]);
  await dialog.getByRole('button', { name: `Remove the access to ${store.host}` }).click();
  await expect(dialog.getByRole('listitem')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});
