/** The engine of the page: chosen in the status bar, and what happens where there is no GPU, or none any more. */
import type { Page } from '@playwright/test';
import { encodeLink } from '../core/analysis/link.ts';
import { parseDocument } from '../core/analysis/yaml.ts';
import { done, passed, saved } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const LINK = encodeLink(
  parseDocument(`
lumiscope: 1
datasets: [{ name: demo, files: [demo/lumiscope-demo.parquet] }]
select: { two muons: len(Muon) >= 2 }
weight: 0.25 + Muon[0].eta
histograms:
  met: { axes: [{ value: MET.pt, bins: 40, range: [0, 160] }] }
`).document!,
);

const engine = (page: Page) => page.getByRole('contentinfo').getByRole('button', { name: /^Engine: / });

async function choose(page: Page, name: string): Promise<void> {
  await engine(page).click();
  await page.getByRole('menuitemradio', { name: new RegExp(`^${name}`) }).click();
  await page.keyboard.press('Escape');
}

/** Runs code in the GPU's thread before the app's own. */
async function beforeGpuThread(page: Page, code: string): Promise<void> {
  await page.route(/gpu\.worker-.*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${code}\n${await response.text()}` });
  });
}

test('WebGPU counts what WebAssembly counts; what is saved is WebAssembly’s; a software adapter is not taken by itself', async ({
  page,
  app,
  guard,
}) => {
  test.slow();
  const json = async () => saved(page, 'met', 'Save UHI JSON');
  await page.goto(app.url + LINK);
  await done(page);
  await expect(engine(page)).toHaveText('WebAssembly');
  expect(guard.requested.filter((url) => /gpu/i.test(url))).toEqual([]);
  const [wanted, file] = [await passed(page), await json()];

  await choose(page, 'WebGPU');
  await expect(engine(page)).toHaveText('WebGPU', { timeout: 120_000 });
  await done(page);
  expect(await passed(page)).toEqual(wanted);
  await expect(page.getByText('not on WebGPU')).toHaveCount(0);
  await engine(page).click();
  await expect(page.getByRole('menuitemradio', { name: /^WebGPU .*swiftshader.*\(software\)/i })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(engine(page)).toBeFocused();

  expect(await json()).toBe(file);
  await expect(engine(page)).toHaveText('WebAssembly');

  await page.reload();
  await engine(page).press('Enter');
  await expect(page.getByRole('menuitemradio', { name: /^WebGPU/ })).toBeChecked();
  await page.keyboard.press('Escape');
  await expect(engine(page)).toBeFocused();
  await choose(page, 'Automatic');
  await done(page);
  await expect(engine(page)).toHaveText('WebAssembly');
});

for (const [what, code, note] of [
  ['no GPU', 'Object.defineProperty(navigator, "gpu", { value: undefined });', /this browser has no WebGPU/i],
  [
    'a GPU that is lost in every run',
    `const request = GPUAdapter.prototype.requestDevice;
    let last;
    GPUAdapter.prototype.requestDevice = async function (...asked) { return last = await request.apply(this, asked); };
    addEventListener('message', ({ data }) => { if (data.path?.[0] === 'run') last.destroy(); });`,
    /the GPU was lost twice/i,
  ],
] as const) {
  test(`with ${what}, WebAssembly runs what WebGPU was asked for, and the page says so`, async ({ page, app }) => {
    await beforeGpuThread(page, code);
    await page.goto(`${app.url}${LINK}&engine=gpu`);
    await expect(page.getByText('This ran on WebAssembly, not on WebGPU')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText(note)).toBeVisible();
    await done(page);
    await expect(engine(page)).toHaveText('WebAssembly');
    expect(await passed(page)).toEqual(['300,000', '218,764']);
    expect(page.url()).toContain('&engine=gpu');
  });
}
