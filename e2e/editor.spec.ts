/** The editor that helps: completion, hover, renaming, tidying, and one history for the whole page. */
import type { Page } from '@playwright/test';
import { done, openDemo, passed, problems, typeAtEnd, typeDocument } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const editor = (page: Page) => page.locator('.cm-content').first();
const offered = (page: Page) => page.locator('.cm-tooltip-autocomplete');

/** The text of the document as the editor has it. */
const text = (page: Page) => editor(page).innerText();

/** A document whose last part is its histograms. */
const DOCUMENT = `lumiscope: 1
datasets:
  - name: demo
    files: [demo/lumiscope-demo.parquet]
define:
  # fine muons
  good: Muon[Muon.pt > 20]
  pair: combinations(good, 2)
  os: pair[pair.a.charge != pair.b.charge]
select:
  two: "len(good) >= 2"
histograms:
  pt:
    axes:
      - { value: good.pt, bins: 30, range: [0, 60] }
`;

/** The middle of some words in the text. */
async function placeOf(page: Page, words: string): Promise<[x: number, y: number]> {
  const found = await editor(page).evaluate((element, part) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = (node.textContent ?? '').indexOf(part);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + part.length);
      const { x, y, width, height } = range.getBoundingClientRect();
      return [x + width / 2, y + height / 2] as [number, number];
    }
    return undefined;
  }, words);
  if (!found) throw new Error(`no ${words} in one piece`);
  return found;
}

// The editor draws the lines in sight only, and these tests read them all.
test.use({ viewport: { width: 1280, height: 2000 } });

test('completion offers the fields of a derived collection with their types, and what functions do', async ({
  page,
  app,
}) => {
  await openDemo(page, app.url);
  await typeDocument(page, `${DOCUMENT}    select: good.`);
  await page.keyboard.press('ControlOrMeta+Space');
  await expect(offered(page).getByRole('option', { name: /^pt\s*number GeV/ })).toBeVisible();
  await expect(offered(page).getByRole('option', { name: /^charge\s*integer/ })).toBeVisible();
  await expect(offered(page).getByRole('option', { name: /^jet\s*item of Jet/ })).toBeAttached();
  await page.keyboard.type('ch');
  await expect(offered(page).getByRole('option', { selected: true })).toContainText('charge');
  await page.keyboard.press('Enter');
  expect(await text(page)).toContain('select: good.charge');
  await page.keyboard.type(' > len(combi');
  await expect(offered(page).getByRole('option', { name: /^combinations/ })).toBeVisible();
  await expect(page.getByText('all choices of n items, with the fields .a .b .c …')).toBeVisible();
  // For 75 ms after it appeared, CodeMirror takes Enter for a new line that was meant before.
  await page.waitForTimeout(100);
  await page.keyboard.press('Enter');
  await expect.poll(() => text(page)).toContain('len(combinations(');
});

test('completion offers keys with their meaning, and the words that a value may be', async ({ page, app }) => {
  await openDemo(page, app.url);
  await typeDocument(page, `${DOCUMENT}  again:\n    axes:\n      - { value: good.pt, `);
  await page.keyboard.press('ControlOrMeta+Space');
  await expect(offered(page).getByRole('option', { name: 'bins' })).toBeVisible();
  await expect(offered(page).getByRole('option', { name: 'value' })).toHaveCount(0);
  await page.keyboard.type('sca');
  await expect(offered(page).getByRole('option', { selected: true })).toHaveText('scale');
  await expect(page.getByText('linear, log or sqrt: bins of one width on that scale')).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ControlOrMeta+Space');
  await expect(offered(page).getByRole('option', { name: 'log', exact: true })).toBeVisible();
});

test('the pointer over a name tells its type and its definition', async ({ page, app }) => {
  await openDemo(page, app.url);
  await typeDocument(page, DOCUMENT);
  await done(page);
  await page.mouse.move(...(await placeOf(page, 'good')));
  const card = page.locator('.cm-tooltip-hover');
  await expect(card).toContainText('the collection good');
  await expect(card).toContainText('e.g. [{ ');
  await expect(card).toContainText('= Muon[Muon.pt > 20]');
});

test('a definition is renamed wherever it is used; a bad name is refused in place', async ({ page, app }) => {
  await openDemo(page, app.url);
  const before = await passed(page);
  await editor(page).click();
  await page.mouse.click(...(await placeOf(page, 'zpair')));
  await page.keyboard.press('F2');
  const field = page.getByRole('textbox', { name: 'New name of the definition zpair' });
  await field.fill('good');
  await field.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'There is a good already' })).toBeVisible();
  await field.fill('candidate');
  await field.press('Enter');
  await expect(field).toHaveCount(0);
  const renamed = await text(page);
  expect(renamed).toContain('candidate: combinations(isolated, 2)');
  expect(renamed).toContain('candidate[candidate.a.charge != candidate.b.charge]');
  expect(renamed).not.toContain('zpair');
  await done(page);
  expect(await passed(page)).toEqual(before);
  await expect(editor(page)).toBeFocused();
});

test('the text is tidied by key, and says why it can’t be', async ({ page, app }) => {
  await openDemo(page, app.url);
  await typeDocument(
    page,
    `${DOCUMENT}  again:\n      axes:\n      -   value:   good.pt\n          bins:    10\n          range: [0,   100]\n`,
  );
  await page.keyboard.press('Shift+Alt+F');
  await expect.poll(() => text(page)).toContain('- { value: good.pt, bins: 10, range: [0, 100] }');
  expect(await text(page)).toContain('# fine muons');
  await typeAtEnd(page, '  more: [');
  await page.getByRole('button', { name: 'Menu of the text' }).click();
  await page.getByRole('menuitem', { name: /Tidy the text/ }).click();
  await expect(page.getByRole('alert').filter({ hasText: "The text can't be edited" })).toBeVisible();
});

test('undo goes back over typing, a cut that was switched, and the form, from wherever the focus is', async ({
  page,
  app,
}) => {
  await openDemo(page, app.url);
  const undo = page.getByRole('button', { name: 'Undo' });
  await expect(undo).toBeDisabled();
  const start = await text(page);
  await typeAtEnd(page, '# typed');
  const typed = await text(page);
  await page.getByRole('checkbox', { name: /opposite charge/ }).click();
  await expect.poll(() => text(page)).toContain('enabled: false');
  await page.getByRole('button', { name: 'Form', exact: true }).click();
  await page.locator('summary', { hasText: 'About' }).click();
  const title = page.getByRole('textbox', { name: 'Title' }).first();
  await title.fill('Another title');
  await expect(page.getByRole('heading', { name: 'Another title' })).toBeVisible();
  await title.press('ControlOrMeta+z');
  await expect(title).toHaveValue('Dimuon spectrum (simulated)');
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  await page.getByRole('heading', { name: 'Cuts and cutflow' }).click();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(page.getByRole('checkbox', { name: /opposite charge/ })).toBeChecked();
  expect(await text(page)).toBe(typed);
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(() => text(page)).toBe(start);
  await expect(undo).toBeDisabled();
  for (let i = 0; i < 3; i++) await page.keyboard.press(i ? 'ControlOrMeta+y' : 'ControlOrMeta+Shift+Z');
  await expect(page.getByRole('heading', { name: 'Another title' })).toBeVisible();
  await expect(page.getByRole('checkbox', { name: /opposite charge/ })).not.toBeChecked();
});

test('another text field keeps an undo of its own', async ({ page, app }) => {
  await openDemo(page, app.url);
  await typeAtEnd(page, '# typed');
  const search = page.getByRole('textbox', { name: 'Search columns' });
  await search.fill('pt');
  await search.press('ControlOrMeta+z');
  expect(await text(page)).toContain('# typed');
  await expect(problems(page)).toHaveCount(0);
});
