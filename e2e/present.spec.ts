/** What readers and first-time visitors see: the read-only view, also in a frame, sliders, the tour, explanations. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { FrameLocator, Page } from '@playwright/test';
import { serveFolder } from '../scripts/staticServer.ts';
import { cutflow, done, openDemo, plot, statistic } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const DEMO = '?view=present&doc=examples/demo-dimuon.yaml';

/** Waits until the view to be read has counted everything. */
async function filled(page: Page | FrameLocator): Promise<void> {
  await expect(page.getByRole('contentinfo').getByRole('status')).toContainText('computed on this device');
}

const slider = (page: Page | FrameLocator) => page.getByRole('slider', { name: 'Least pT of a muon' });

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  for (const scheme of ['light', 'dark'] as const) {
    test(`the read-only view shows text, slider and plots, and nothing to edit with, ${scheme}`, async ({
      page,
      app,
    }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(app.url + DEMO);
      await filled(page);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Dimuon spectrum (simulated)');
      await expect(page.getByText('nothing here was measured')).toBeVisible();
      await expect(page.getByText('Simulated data')).toBeVisible();
      await expect(page.getByText('CC0-1.0')).toBeVisible();
      const card = plot(page, 'dimuon mass');
      await expect(card.locator('.scatterlayer .trace').first()).toBeAttached();
      await expect(page.locator('.cm-editor, [data-pane], [data-tour]')).toHaveCount(0);
      await page.getByRole('button', { name: 'Menu of dimuon mass' }).click();
      for (const item of await page.getByRole('menuitem').allTextContents())
        expect(item).toMatch(/^(Save|Copy|Brush$)/);
      await page.keyboard.press('Escape');
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    });
  }

  test('a slider changes the plots and the address, and goes back to its start, also after a reload', async ({
    page,
    app,
  }) => {
    await page.goto(app.url + DEMO);
    await filled(page);
    const entries = statistic(plot(page, 'muon pT'), 'entries');
    const before = await entries.textContent();
    await slider(page).focus();
    await page.keyboard.press('End');
    await expect(slider(page)).toHaveAttribute('aria-valuetext', '40 GeV');
    await expect(entries).not.toHaveText(before!);
    await filled(page);
    const moved = await entries.textContent();
    await expect.poll(() => page.url()).toMatch(/\?view=present#a=.*&from=ptmin:3$/);
    await page.reload();
    await filled(page);
    await expect(entries).toHaveText(moved!);
    await page.getByRole('button', { name: 'Least pT of a muon: back to the start' }).click();
    await expect(entries).toHaveText(before!);
    await expect.poll(() => page.url()).not.toContain('&from=');
  });

  test('the tour fits, and its steps pass axe', async ({ page, app }) => {
    test.slow();
    await openDemo(page, app.url);
    await page.getByRole('button', { name: 'Show me' }).click();
    const dialog = page.getByRole('dialog');
    for (const title of ['What a plot shows', 'You decide which collisions count', 'The link holds it all']) {
      await expect(dialog.getByRole('heading')).toHaveText(title);
      await expect(dialog).toBeInViewport({ ratio: 1 });
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      await dialog.getByRole('button', { name: /Next|Done/ }).click();
    }
    await expect(dialog).toHaveCount(0);
  });
});

for (const width of [300, 3840]) {
  test(`the read-only view fits ${width} pixels`, async ({ page, app }) => {
    await page.setViewportSize({ width, height: 700 });
    await page.goto(app.url + DEMO);
    await filled(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await expect(plot(page, 'dimuon mass').locator('.scatterlayer .trace').first()).toBeAttached();
  });
}

test('it works in a frame of another origin that has no storage, and tells its height', async ({
  page,
  app,
  context,
  guard,
}) => {
  guard.allow(/\/(outreach\.html|favicon\.ico)/);
  await context.addInitScript(() => {
    if (window.parent === window) return;
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException('denied', 'SecurityError');
        },
      });
    }
    Object.defineProperty(document, 'cookie', {
      get() {
        throw new DOMException('denied', 'SecurityError');
      },
    });
  });
  const folder = mkdtempSync(join(tmpdir(), 'lumiscope-outreach-'));
  writeFileSync(
    join(folder, 'outreach.html'),
    `<!doctype html><title>Outreach</title><iframe title="Plots" width="100%" height="500" src="${app.url}${DEMO}&theme=dark"></iframe>
    <script>addEventListener('message', ({ data }) => { if (data.lumiscope === 'height') document.querySelector('iframe').height = data.height })</script>`,
  );
  const other = await serveFolder(folder);
  try {
    await page.goto(`${other.url}outreach.html`);
    const frame = page.frameLocator('iframe');
    await filled(frame);
    await expect(frame.locator('.scatterlayer .trace').first()).toBeAttached();
    await expect(frame.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
    await expect.poll(async () => Number(await page.locator('iframe').getAttribute('height'))).toBeGreaterThan(700);
    await slider(frame).focus();
    await page.keyboard.press('End');
    await expect(slider(frame)).toHaveAttribute('aria-valuetext', '40 GeV');
    await filled(frame);
    const open = frame.getByRole('link', { name: 'Open in Lumiscope' });
    await expect(open).toHaveAttribute('target', '_blank');
    await expect(open).toHaveAttribute('href', new RegExp(`^${app.url}#a=`));
  } finally {
    await other.close();
    rmSync(folder, { recursive: true });
  }
});

test('the read-only view asks before it calls another host, as the explorer does', async ({
  page,
  app,
  elsewhere,
  guard,
}) => {
  const file = elsewhere.url('lumiscope-demo.parquet');
  const { host } = new URL(file);
  await page.goto(app.url);
  await page.getByRole('textbox', { name: /Address/ }).fill(file);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page.getByText(`reads data from ${host}`)).toBeVisible();
  await expect.poll(() => page.url()).toContain('#a=');
  await page.goto(page.url().replace('#', '?view=present#'));
  await expect(page.getByText(`This analysis reads data from ${host}`)).toBeVisible();
  expect(guard.requested.filter((url) => new URL(url).host === host)).toEqual([]);
  guard.allow(new RegExp(`^http://${host}/`));
  await page.getByRole('button', { name: 'Load data' }).click();
  await expect(page.getByText('reads data from')).toHaveCount(0);
});

test('an address without an analysis, and a damaged one, are told', async ({ page, app }) => {
  await page.goto(`${app.url}?view=present`);
  await expect(page.getByText('This address holds no analysis')).toBeVisible();
  await page.goto(`${app.url}?view=present#a=AAAA`);
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('damaged');
});

test('a part of the page that does not arrive is told', async ({ page, app, guard }) => {
  guard.allow(/Present-.*\.js|dynamically imported|The above error|Failed to load/);
  await page.route(/\/Present-[^/]*\.js$/, (route) => route.abort('failed'));
  await page.goto(app.url + DEMO);
  await expect(page.getByRole('alert')).toContainText('could not be loaded');
  await expect(page.getByRole('button', { name: 'Load again' })).toBeVisible();
});

test('the Share menu copies a read-only link and the code of a frame that open the same plots', async ({
  page,
  app,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openDemo(page, app.url);
  const copied = async (item: string) => {
    await page.getByRole('button', { name: /^(Share|Copied)$/ }).click();
    await page.getByRole('menuitem', { name: item }).click();
    await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const hash = new URL(page.url()).hash;
  expect(await copied('Copy link')).toBe(app.url + hash);
  const link = await copied('Copy read-only link');
  expect(link).toBe(`${app.url}?view=present${hash}`);
  expect(await copied('Copy iframe code')).toContain(`<iframe src="${app.url}?view=present${hash}" title="Dimuon`);
  const entries = await statistic(plot(page, 'dimuon mass'), 'entries').textContent();
  await page.goto(link);
  await filled(page);
  await expect(statistic(plot(page, 'dimuon mass'), 'entries')).toHaveText(entries!);
});

test('the read-only view loads less script than the explorer', async ({ page, app, guard }) => {
  const scripts = async (open: () => Promise<unknown>) => {
    const from = guard.requested.length;
    await open();
    await page.waitForTimeout(1000);
    const urls = guard.requested.slice(from).filter((url) => url.endsWith('.js'));
    const sizes = urls.map(async (url) => (await (await page.request.get(url)).body()).length);
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  };
  const present = await scripts(async () => {
    await page.goto(app.url + DEMO);
    await filled(page);
  });
  const explorer = await scripts(async () => {
    await page.goto(`${app.url}?doc=examples/demo-dimuon.yaml`);
    await done(page);
    await expect(page.locator('.cm-content')).toBeVisible();
  });
  expect(present).toBeGreaterThan(0);
  expect(present).toBeLessThan(0.9 * explorer);
});

test('in the explorer a drag of a slider moves the text and the plots, and is one step to undo', async ({
  page,
  app,
}) => {
  test.slow();
  await openDemo(page, app.url);
  const before = await cutflow(page);
  const track = (await slider(page).boundingBox())!;
  await page.mouse.move(track.x + track.width / 2, track.y + track.height / 2);
  await page.mouse.down();
  for (let step = 1; step <= 12; step++) {
    await page.mouse.move(track.x + 12 * step, track.y + track.height / 2);
    await page.waitForTimeout(30);
  }
  await page.mouse.up();
  await done(page);
  await expect.poll(() => cutflow(page)).not.toEqual(before);
  await expect(page.locator('.cm-content')).not.toContainText('ptmin: 3 ');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => cutflow(page)).toEqual(before);
  await expect(slider(page)).toHaveAttribute('aria-valuetext', '3 GeV');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
});

test('a value typed beside a slider counts, and lands on its steps', async ({ page, app }) => {
  await openDemo(page, app.url);
  const value = page.getByRole('textbox', { name: 'Least pT of a muon' });
  await value.fill('10.26');
  await value.press('Enter');
  await expect(value).toHaveValue('10.5');
  await expect(page.locator('.cm-content')).toContainText('ptmin: 10.5');
  await value.fill('nonsense');
  await value.press('Enter');
  await expect(value).toHaveValue('10.5');
});

test('the tour is taken by keyboard, ends with Esc, is offered once, and again from the help', async ({
  page,
  app,
}) => {
  await page.goto(app.url);
  await page.getByRole('button', { name: 'Open the demo' }).press('Enter');
  const offer = page.getByRole('button', { name: 'Show me' });
  await offer.press('Enter');
  const title = page.getByRole('dialog').getByRole('heading');
  await expect(title).toHaveText('What a plot shows');
  const next = page.getByRole('dialog').getByRole('button', { name: 'Next' });
  await expect(next).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(title).toHaveText('You decide which collisions count');
  await expect(next).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('contentinfo').getByRole('status')).toHaveText('Done');
  await page.reload();
  await done(page);
  await expect(offer).toHaveCount(0);
  await page.getByRole('button', { name: 'Help' }).click();
  await page.getByRole('button', { name: 'Take the tour' }).click();
  await expect(title).toHaveText('What a plot shows');
});

test('from the start page, the help takes the tour over the demo', async ({ page, app }) => {
  await page.goto(app.url);
  await page.getByRole('button', { name: 'Help' }).click();
  await page.getByRole('button', { name: 'Take the tour' }).click();
  await expect(page.getByRole('dialog').getByRole('heading')).toHaveText('What a plot shows');
});

test('one click on the start page leads to a plot that moves while it fills', async ({ page, app }) => {
  await page.goto(app.url);
  await page.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(window, { seen });
    new MutationObserver(() => {
      const path = document.querySelector('article .scatterlayer .trace path.js-line, article .scatterlayer path');
      if (path) seen.add(path.getAttribute('d') ?? '');
    }).observe(document, { subtree: true, childList: true, attributes: true });
  });
  await page.getByRole('button', { name: 'Open the demo' }).click();
  await done(page);
  const shapes = await page.evaluate(() => (window as unknown as { seen: Set<string> }).seen.size);
  // One at least before the last: a quick run has no time for more.
  expect(shapes).toBeGreaterThan(1);
});

test('an explanation opens from the start page, and a reload and Back keep to it', async ({ page, app }) => {
  await page.goto(app.url);
  await page.getByRole('button', { name: 'Read how it works: Z → μμ', exact: true }).click();
  const heading = page.getByRole('heading', { level: 1, name: 'Z → μμ', exact: true });
  await expect(heading).toBeVisible();
  await expect(page.getByRole('link', { name: 'pdg.lbl.gov' })).toHaveAttribute('target', '_blank');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.reload();
  await expect(heading).toBeVisible();
  await page.getByRole('navigation', { name: 'What is shown' }).getByRole('button', { name: 'Plots' }).click();
  await expect(heading).toHaveCount(0);
  await page.goBack();
  await expect(heading).toBeVisible();
});

test('an explanation on another host is linked to, not fetched; one that is missing is told', async ({
  page,
  app,
  guard,
}) => {
  await page.goto(app.url);
  const open = (explanation: string) =>
    page
      .getByTestId('file-input')
      .first()
      .setInputFiles({
        name: 'a.yaml',
        mimeType: '',
        buffer: Buffer.from(
          `lumiscope: 1\nexplanation: ${explanation}\ndatasets: [{ name: d, files: [demo/lumiscope-demo.parquet] }]\n`,
        ),
      });
  const tab = page.getByRole('navigation', { name: 'What is shown' }).getByRole('button', { name: 'Explanation' });
  await open('https://texts.example/a.md');
  await tab.click();
  await expect(page.getByText('The explanation lies on texts.example')).toBeVisible();
  expect(guard.requested.filter((url) => url.includes('texts.example'))).toEqual([]);
  guard.allow(/nowhere\.md|404/);
  await page.getByRole('button', { name: 'Lumiscope: start page' }).click();
  await open('examples/nowhere.md');
  await tab.click();
  await expect(page.getByRole('alert')).toContainText('answers 404');
});

for (const id of ['demo-dimuon', 'dimuon', 'z-mumu', 'w-mass', 'higgs-4l', 'trigger', 'top-agc', 'demo-top']) {
  test(`the example ${id} opens and fills every plot`, async ({ page, app }) => {
    await page.goto(`${app.url}?doc=examples/${id}.yaml`);
    await done(page);
    await expect(page.getByRole('list', { name: 'Problems of the text' })).toHaveCount(0);
    await expect(page.getByRole('alert')).toHaveCount(0);
    const cards = page.getByRole('article');
    for (const card of await cards.all()) {
      await card.scrollIntoViewIfNeeded();
      await expect(card.locator('.cartesianlayer :is(.trace path, .heatmaplayer image)').first()).toBeAttached();
    }
  });
}
