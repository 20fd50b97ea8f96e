/** The form beside the text: the same document, for those who don't write YAML. */
import type { Page } from '@playwright/test';
import { axe } from './axe.ts';
import { done, openDemo, passed, plot, problems, typeDocument } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const form = (page: Page) => page.getByRole('region', { name: 'Form of the analysis' });
const textOf = (page: Page) => page.locator('.cm-content').first().innerText();

async function show(page: Page, view: 'Form' | 'Text'): Promise<void> {
  await page.getByRole('button', { name: view, exact: true }).click();
}

async function unfold(page: Page, section: string): Promise<void> {
  await form(page).locator('summary', { hasText: section }).first().click();
}

// The editor draws the lines in sight only, and these tests read them all.
test.use({ viewport: { width: 1280, height: 2000 } });

test('a histogram is built by the form alone', async ({ page, app }) => {
  await openDemo(page, app.url);
  await show(page, 'Form');
  await form(page).getByLabel('Collection').first().selectOption({ label: 'Muon' });
  await form(page).getByLabel('Quantity').first().selectOption({ label: 'pt' });
  await form(page).getByRole('button', { name: 'Add a histogram' }).click();
  const card = plot(page, 'Muon_pt');
  await expect(card.getByText('entries', { exact: true })).toBeVisible();
  await form(page).getByRole('textbox', { name: 'Number of bins' }).fill('25');
  await form(page).getByRole('textbox', { name: 'To', exact: true }).fill('50');
  await form(page).getByRole('textbox', { name: 'Title' }).last().fill('all muons');
  await done(page);
  await expect(plot(page, 'all muons').locator('.js-plotly-plot .scatterlayer .trace').first()).toBeAttached();
  await show(page, 'Text');
  await expect
    .poll(() => textOf(page))
    .toContain('{ value: Muon.pt, bins: 25, range: [0, 50], label: Muon pT, unit: GeV }');
});

test('a cut is changed by the form while its comments stay', async ({ page, app }) => {
  await openDemo(page, app.url);
  const before = await passed(page);
  await show(page, 'Form');
  await unfold(page, 'Cuts and weight');
  const field = form(page).getByRole('textbox', { name: 'Condition of at least two muons' });
  await field.click();
  await page.keyboard.press('End');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('3');
  await expect(field).toBeFocused();
  // The run that is done may still be that of the text before: keys are taken when they pause.
  await expect
    .poll(async () => Number((await passed(page))[1]?.replaceAll(',', '')))
    .toBeLessThan(Number(before[1]?.replaceAll(',', '')));
  await show(page, 'Text');
  await expect.poll(() => textOf(page)).toContain('at least two muons: len(good) >= 3');
  expect(await textOf(page)).toContain('# Muons that the tracker sees well.');
});

test('a wrong expression is told under its field, and completed there', async ({ page, app }) => {
  await openDemo(page, app.url);
  await show(page, 'Form');
  await unfold(page, 'Cuts and weight');
  const field = form(page).getByRole('textbox', { name: 'Condition of opposite charge' });
  await field.click();
  await page.keyboard.press('End');
  await page.keyboard.type(' and len(god) > 0');
  await expect(form(page).getByText('There is no `god` here. Did you mean `good`?')).toBeVisible();
  await expect(field).toHaveAccessibleDescription(/There is no `god` here/);
  for (let i = 0; i < ') > 0'.length; i++) await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('oo');
  await page.locator('.cm-tooltip-autocomplete').getByRole('option', { name: /^good/ }).click();
  await expect(form(page).getByText('There is no')).toHaveCount(0);
  await done(page);
  await expect(field).toHaveText('len(os) >= 1 and len(good) > 0');
  await field.press('ControlOrMeta+a');
  await field.press('Delete');
  await expect(form(page).getByText(/must be an expression, but is empty/)).toBeVisible();
  await expect(problems(page)).toHaveCount(0);
});

test('names, sliders and all else reach the text; a taken name is refused', async ({ page, app }) => {
  await openDemo(page, app.url);
  await show(page, 'Form');
  await unfold(page, 'Definitions');
  await form(page).getByRole('button', { name: 'Add a definition' }).click();
  const name = form(page).getByRole('textbox', { name: 'Name of the definition value' });
  await name.fill('good');
  await name.press('Enter');
  await expect(form(page).getByText('There is a good already')).toBeVisible();
  await name.fill('least');
  await name.press('Enter');
  const expression = form(page).getByRole('textbox', { name: 'Expression of least' });
  await expression.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('20');
  await unfold(page, 'Sliders');
  await form(page).getByLabel('Add a slider for').selectOption('least');
  await form(page).getByRole('textbox', { name: 'Step' }).last().fill('5');
  await unfold(page, 'Publication');
  await form(page).getByRole('textbox', { name: 'Experiment' }).fill('Lumiscope');
  await unfold(page, 'Data');
  await form(page).getByText('Certified runs', { exact: true }).click();
  await form(page)
    .getByRole('textbox', { name: /Paste the list/ })
    .fill('{"1": [[1, 2]]}');
  await form(page).getByRole('button', { name: 'Take the list' }).click();
  await show(page, 'Text');
  await expect.poll(() => textOf(page)).toContain('least: { range: [0, 40], step: 5 }');
  const text = await textOf(page);
  expect(text).toContain('publication: { experiment: Lumiscope }');
  expect(text).toMatch(/lumis:\n\s*"?1"?: \[ ?\[1, 2\] ?\]/);
});

test('while the text is wrong the form shows what was right, and says so', async ({ page, app }) => {
  await openDemo(page, app.url);
  await typeDocument(page, 'lumiscope: 1\ntitle: Right\n');
  await show(page, 'Form');
  await unfold(page, 'About');
  const title = form(page).getByRole('textbox', { name: 'Title' });
  await expect(title).toHaveValue('Right');
  await show(page, 'Text');
  await typeDocument(page, 'lumiscope: 1\ntitle: [\n');
  await show(page, 'Form');
  await expect(form(page).getByRole('alert')).toContainText('The text has an error, line');
  await expect(title).toHaveValue('Right');
  await expect(title).toBeDisabled();
  await form(page).getByRole('button', { name: 'Show in the text' }).click();
  await expect(page.locator('.cm-content').first()).toBeFocused();
});

test('the choice of the form is remembered', async ({ page, app }) => {
  await openDemo(page, app.url);
  await show(page, 'Form');
  await page.reload();
  await expect(form(page)).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the form has nothing to complain about in ${colorScheme} colours, also on a phone`, async ({ page, app }) => {
    await page.emulateMedia({ colorScheme });
    await openDemo(page, app.url);
    await show(page, 'Form');
    for (const section of ['About', 'Data', 'Definitions', 'Cuts and weight', 'Sliders', 'Publication'])
      await unfold(page, section);
    await form(page).getByRole('button', { name: 'Fields of muon pT' }).click();
    const closed = form(page).locator('details:not([open]) > summary');
    for (let left = await closed.count(); left > 0; left--) await closed.first().click();
    const check = async () => {
      const { violations } = await axe(page, colorScheme).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual(
        [],
      );
    };
    await check();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: /^Editor/ }).click();
    await expect(form(page)).toBeVisible();
    const overflow = await form(page).evaluate((element) => element.scrollWidth - element.clientWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await check();
  });
}
