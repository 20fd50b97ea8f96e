import { expect, test } from './fixtures.ts';

test('the built page opens from a sub-path, and calls no other host', async ({ page, app, guard }) => {
  await page.goto(app.url);
  await expect(page).toHaveTitle(/Lumiscope/);
  await expect(page.locator('#root')).not.toBeEmpty();
  expect(guard.requested.length).toBeGreaterThan(1);
});

test('the built page carries a policy without eval', async ({ page, app }) => {
  await page.goto(app.url);
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
  expect(policy).not.toContain("'unsafe-eval'");
});

test('the server answers ranges, as readers of large files need', async ({ request, app }) => {
  const url = `${app.url}demo/lumiscope-demo.parquet`;
  const response = await request.get(url, { headers: { range: 'bytes=0-3' } });
  expect(response.status()).toBe(206);
  expect(await response.text()).toBe('PAR1');
  expect(response.headers()['content-range']).toMatch(/^bytes 0-3\/\d+$/);
  expect(response.headers().etag).toBeTruthy();
});
