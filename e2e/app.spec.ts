/** What a person does with the app, from the demo to a link in another browser. */
import { AxeBuilder } from '@axe-core/playwright';
import { axe } from './axe.ts';
import { cutflow, done, openDemo, typeAtEnd } from './explorer.ts';
import { expect, test } from './fixtures.ts';

test('the demo fills plots and the cutflow, and says that its data are simulated', async ({ page, app }) => {
  await openDemo(page, app.url);
  const plot = page.getByRole('article', { name: 'dimuon mass' });
  await expect(plot.locator('.js-plotly-plot .scatterlayer .trace').first()).toBeAttached();
  await expect(plot.getByText('entries', { exact: true })).toBeVisible();
  await expect(plot.locator('.xtitle')).toHaveText('m(μμ) [GeV]');
  await expect(page.getByText('Simulated data').first()).toBeVisible();
  const rows = await cutflow(page);
  expect(rows[0]?.[0]).toBe('300,000');
  expect(rows).toHaveLength(4);
  expect(page.url()).toContain('#a=');
});

test('an edit runs again without fetching what is in memory', async ({ page, app, guard }) => {
  await openDemo(page, app.url);
  const before = await cutflow(page);
  const requested = guard.requested.length;
  await typeAtEnd(page, '  again:\n    axes:\n      - { value: good.pt, bins: 10, range: [0, 100] }\n');
  await expect(page.getByRole('article', { name: 'again' }).getByText('entries', { exact: true })).toBeVisible();
  await done(page);
  expect(await cutflow(page)).toEqual(before);
  expect(guard.requested.slice(requested).filter((url) => url.endsWith('.parquet'))).toEqual([]);
});

test('a cut that is switched off passes everything on, and the link says so', async ({ page, app }) => {
  await openDemo(page, app.url);
  const link = page.url();
  const [all, , second] = await cutflow(page);
  await page.getByRole('checkbox', { name: /at least two muons/ }).click();
  await done(page);
  const after = await cutflow(page);
  expect(after[0]).toEqual(all);
  expect(after[1]?.[0]).toBe('');
  expect(after[2]?.[2]).toBe(after[2]?.[1]);
  expect(after[2]?.[0]).toBe(second?.[0]);
  expect(page.url()).not.toBe(link);
  await page.getByRole('checkbox', { name: /at least two muons/ }).click();
  await expect.poll(() => page.url()).toBe(link);
});

test('a link gives the same numbers and views in a fresh browser', async ({ page, app, browser }) => {
  await openDemo(page, app.url);
  await page.getByRole('article', { name: 'muon pT' }).getByRole('button', { name: 'log', exact: true }).click();
  const url = page.url();
  const numbers = await cutflow(page);
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(url);
  await done(other);
  expect(await cutflow(other)).toEqual(numbers);
  const log = other.getByRole('article', { name: 'muon pT' }).getByRole('button', { name: 'log', exact: true });
  await expect(log).toHaveAttribute('aria-pressed', 'true');
  await context.close();
});

test('a wrong expression is told at its place, the plots stay, and the text can be put right', async ({
  page,
  app,
}) => {
  await openDemo(page, app.url);
  await typeAtEnd(page, '  wrong:\n    axes:\n      - { value: Muon.ptt, bins: 10, range: [0, 100] }\n');
  const problems = page.getByRole('list', { name: 'Problems of the text' });
  await expect(problems).toContainText('ptt');
  await expect(page.locator('.cm-lintRange-error')).toHaveText('ptt');
  await expect(page.getByRole('article', { name: 'dimuon mass' }).getByText('older text')).toBeVisible();
  await problems.getByRole('button').click();
  await page.keyboard.insertText('pt');
  await expect(page.getByRole('article', { name: 'wrong' }).getByText('entries', { exact: true })).toBeVisible();
  await done(page);
});

test('wrong YAML is told with its line, and nothing typed is lost', async ({ page, app }) => {
  await openDemo(page, app.url);
  await typeAtEnd(page, '  broken: [\n');
  await expect(page.getByRole('list', { name: 'Problems of the text' })).toContainText('Close it with ]');
  await page.reload();
  // The editor holds the lines that can be seen.
  await page.locator('.cm-content').click();
  await page.keyboard.press('ControlOrMeta+End');
  await expect(page.locator('.cm-content')).toContainText('broken: [');
});

test('a column becomes a histogram by click and by keyboard', async ({ page, app }) => {
  await openDemo(page, app.url);
  await page.getByRole('textbox', { name: 'Search columns' }).fill('muon pt');
  await page.getByRole('treeitem', { name: /^pt/ }).click();
  const plot = page.getByRole('article', { name: 'Muon_pt', exact: true });
  await expect(plot.getByText('entries', { exact: true })).toBeVisible();
  await done(page);
  await page.getByRole('textbox', { name: 'Search columns' }).fill('muon charge');
  await page.getByRole('tree', { name: 'Columns' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article', { name: 'Muon_charge' }).getByText('entries', { exact: true })).toBeVisible();
});

test('a clicked column spans its values, and its plot comes into view', async ({ page, app }) => {
  await openDemo(page, app.url);
  // The editor comes after the plots: one that is there scrolls to what is added.
  await expect(page.locator('.cm-content')).toBeVisible();
  await page.getByRole('textbox', { name: 'Search columns' }).fill('nConstituents');
  await page.getByRole('treeitem', { name: /^nConstituents/ }).click();
  await expect(page.locator('.cm-content')).toContainText('bins: 34, range: [2.5, 36.5]');
  await expect(page.getByRole('article', { name: 'Jet_nConstituents' })).toBeInViewport({ ratio: 0.9 });
});

test('axes and overflow of a heat map go into the link', async ({ page, app }) => {
  await openDemo(page, app.url);
  const axes = [
    'pt, bins: 4, range: [0, 8], label: pT',
    'eta, bins: 3, range: [-3, 3]',
    'phi, bins: 3, range: [-3, 3]',
  ];
  const lines = axes.map((axis) => `      - { value: good.${axis} }\n`).join('');
  await typeAtEnd(page, `  three:\n    axes:\n${lines}`);
  const card = page.getByRole('article', { name: 'three' });
  await card.getByRole('combobox', { name: 'y' }).selectOption('good.phi');
  await card.getByRole('combobox', { name: 'x' }).selectOption('good.eta');
  await page.getByRole('button', { name: 'Menu of three' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Show overflow' }).click();
  await expect(card.locator('.ytitle')).toHaveText('good.phi');
  await expect(card.locator('.shapelayer path')).toHaveCount(1);
  await expect.poll(() => page.url()).toMatch(/&flow=three&axes=three:1-2$/);
  await page.reload();
  await done(page);
  await card.scrollIntoViewIfNeeded();
  await expect(card.locator('.xtitle')).toHaveText('good.eta');
  await card.getByRole('combobox', { name: 'x' }).selectOption('pT');
  await expect(card.locator('.xtitle tspan').filter({ hasText: /^T$/ })).toBeAttached();
});

test('a weighted plot says that it is', async ({ page, app }) => {
  await page.goto(`${app.url}?doc=examples/demo-top.yaml`);
  await done(page);
  const card = page.getByRole('article', { name: 'trijet mass' });
  await expect(card.locator('.ytitle')).toHaveText('Weighted events / 5 GeV');
  await expect(card.getByText('Σw', { exact: true })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'Σw' })).toBeVisible();
});

test('bins are read with the arrow keys', async ({ page, app }) => {
  await openDemo(page, app.url);
  const bins = page.getByRole('slider', { name: 'Bins of Z → μμ' });
  await bins.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(bins).toHaveAttribute('aria-valuetext', /^61 – 62 GeV: [\d.]+ ± [\d.]+$/);
  await expect(page.getByText(/^61 – 62 GeV: /)).toBeVisible();
});

test('the help explains the language and gives the focus back', async ({ page, app, context, guard }) => {
  // A browser looks for an icon beside a page that names none, as the text of the reference.
  guard.allow(/favicon\.ico/);
  await openDemo(page, app.url);
  const help = page.getByRole('button', { name: 'Help' });
  await help.click();
  const dialog = page.getByRole('dialog', { name: 'Help' });
  await expect(dialog.getByText('combinations(items, n)')).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  const opened = context.waitForEvent('page');
  await dialog.getByRole('link', { name: 'The whole language' }).click();
  await expect((await opened).getByText('# The expression language')).toBeVisible();
  await page.bringToFront();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(help).toBeFocused();
});

test('the data of a plot can be saved', async ({ page, app }) => {
  await openDemo(page, app.url);
  for (const [item, name] of [
    ['Save CSV', 'dimuon_mass.csv'],
    ['Save UHI JSON', 'dimuon_mass.json'],
  ] as const) {
    await page.getByRole('button', { name: 'Menu of dimuon mass' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: item }).click();
    expect((await download).suggestedFilename()).toBe(name);
  }
});

test('data on another host are not asked for before a click', async ({ page, app, guard }) => {
  await page.goto(app.url);
  await page.getByRole('textbox', { name: /Address/ }).fill('https://data.example/run.parquet');
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page.getByText('reads data from data.example')).toBeVisible();
  expect(guard.requested.filter((url) => url.includes('data.example'))).toEqual([]);
});

test('who is asked for consent sees how much the document says that there is', async ({ page, app }) => {
  await page.goto(`${app.url}?doc=examples/cms-open-data-dimuon.yaml`);
  await expect(page.getByText(/about 2\.00 GB/)).toBeVisible();
});

test('?doc= opens a document of the app itself at once, and one of another host after a click', async ({
  page,
  app,
  guard,
}) => {
  await page.goto(`${app.url}?doc=examples/demo-top.yaml`);
  await done(page);
  await expect(page.getByRole('article', { name: 'trijet mass' })).toBeVisible();
  await page.goto(`${app.url}?doc=https://docs.example/a.yaml`);
  await expect(page.getByText('lies on docs.example')).toBeVisible();
  expect(guard.requested.filter((url) => url.startsWith('https://docs.example'))).toEqual([]);
});

test('Back leads to the start page, and a recent document opens with its comments', async ({ page, app }) => {
  await openDemo(page, app.url);
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Open the demo' })).toBeVisible();
  await page
    .getByRole('region', { name: 'Recent' })
    .getByRole('button', { name: /Dimuon/ })
    .click();
  await done(page);
  await expect(page.locator('.cm-content')).toContainText('# Muons that the tracker sees well.');
});

test('a damaged link and a file of no known format leave the page usable', async ({ page, app }) => {
  await page.goto(`${app.url}#a=AAAA`);
  await expect(page.getByRole('alert')).toContainText('link');
  await page
    .getByTestId('file-input')
    .setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no events here') });
  await expect(page.getByRole('alert').first()).toContainText('not a ROOT, Parquet, Arrow or CSV file');
  await page.getByRole('button', { name: 'Lumiscope: start page' }).click();
  await page.getByRole('button', { name: 'Open the demo' }).click();
  await done(page);
});

test('a link to a local file asks for it by name', async ({ page, app, browser }) => {
  await page.goto(app.url);
  const buffer = Buffer.from('no events here');
  await page.getByTestId('file-input').setInputFiles({ name: 'mine.parquet', mimeType: '', buffer });
  await expect(page.getByRole('alert').first()).toBeVisible();
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByText('was made with a local file: mine.parquet')).toBeVisible();
  await other
    .getByTestId('file-input')
    .setInputFiles({ name: 'mine.parquet', mimeType: '', buffer: Buffer.from('other') });
  await expect(other.getByText(/5 bytes, not 14/)).toBeVisible();
  await expect(other.getByRole('button', { name: 'Use it anyway' })).toBeVisible();
  await context.close();
});

for (const scheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on the start page and in the explorer, ${scheme}`, async ({ page, app }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(app.url);
    await expect(page.getByRole('button', { name: 'Open the demo' })).toBeEnabled();
    expect((await axe(page, scheme).analyze()).violations).toEqual([]);
    await page.getByRole('button', { name: 'Open the demo' }).click();
    await done(page);
    await expect(page.locator('.cm-content')).toBeVisible();
    expect((await axe(page, scheme).analyze()).violations).toEqual([]);
    await typeAtEnd(page, '  broken: [\n');
    await expect(page.getByRole('list', { name: 'Problems of the text' })).toBeVisible();
    expect((await axe(page, scheme).analyze()).violations).toEqual([]);
  });
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('every part fits the width', async ({ page, app }) => {
    await page.goto(app.url);
    const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
    expect(await fits()).toBe(true);
    await page.getByRole('button', { name: 'Open the demo' }).click();
    await done(page);
    for (const part of ['Plots', 'Events', 'Cuts', 'Editor', 'Columns']) {
      await page.getByRole('navigation').getByRole('button', { name: part }).click();
      expect(await fits()).toBe(true);
    }
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.getByRole('treeitem', { name: /^PV_npvs/ }).click();
    await expect(page.getByRole('article', { name: 'PV_npvs' })).toBeInViewport({ ratio: 0.9 });
  });
});
