/** The whole way without a pointer, with the focus in sight at every step. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { cutflow, done, plot, problems, statistic } from './explorer.ts';
import { expect, test } from './fixtures.ts';

/** More stops than any page has. */
const MOST_STOPS = 150;

/** Goes on with Tab until `target` has the focus; each stop on the way shows that it has it. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let stops = 0; stops < MOST_STOPS; stops++) {
    await page.keyboard.press(key);
    await expect.poll(() => unseenFocus(page), 'what has the focus, but does not show it').toBeUndefined();
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${MOST_STOPS} stops do not lead to ${target}`);
}

/** The element that has the focus without an outline, a shadow or a border that tells; undefined where it shows. */
function unseenFocus(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    const element = document.activeElement;
    // Past the last stop the browser has the focus.
    if (!element || element === document.body) return undefined;
    const { width, height, right, bottom } = element.getBoundingClientRect();
    // An editor shows it on its frame.
    const frames = [element, element.closest('.cm-editor')].filter((frame) => frame !== null);
    const shows = frames.some((frame) => {
      const style = getComputedStyle(frame);
      const outlined = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1;
      return outlined || style.boxShadow !== 'none';
    });
    const inView = width > 0 && height > 0 && right > 0 && bottom > 0;
    return shows && inView ? undefined : element.outerHTML.slice(0, 200);
  });
}

test('the demo is opened, cut, edited and saved by keyboard alone', async ({ page, app }) => {
  await page.goto(app.url);
  const demo = page.getByRole('button', { name: 'Open the demo' });
  await expect(demo).toBeEnabled();
  await tabTo(page, demo);
  await page.keyboard.press('Enter');
  await done(page);
  const editor = page.getByRole('textbox', { name: 'Text of the analysis' });
  await expect(editor).toBeVisible();

  const before = await cutflow(page);
  await tabTo(page, page.getByRole('checkbox', { name: /opposite charge/ }));
  await page.keyboard.press('Space');
  await expect.poll(async () => (await cutflow(page))[2]![0]).toBe('');
  await done(page);
  await page.keyboard.press('Space');
  await expect.poll(() => cutflow(page)).toEqual(before);

  await tabTo(page, editor);
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.insertText('  jets:\n    axes:\n      - { value: Jet.ptt, bins: 10, range: [0, 100] }\n');
  await expect(problems(page)).toContainText('Did you mean `pt`?');
  await page.keyboard.press('Escape');
  const problem = problems(page).getByRole('button');
  await tabTo(page, problem);
  await page.keyboard.press('Enter');
  await expect(editor).toBeFocused();
  await page.keyboard.insertText('pt');
  await expect(statistic(plot(page, 'jets'), 'entries')).toHaveText(/^\d/);
  await done(page);
  await page.keyboard.press('Escape');

  await tabTo(page, page.getByRole('button', { name: 'Menu of jets', exact: true }));
  await page.keyboard.press('Enter');
  const save = page.getByRole('menuitem', { name: 'Save CSV' });
  await expect(save).toBeVisible();
  await expect(async () => {
    await page.keyboard.press('ArrowDown');
    await expect(save).toBeFocused({ timeout: 100 });
  }).toPass();
  expect(await unseenFocus(page)).toBeUndefined();
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const file = await download;
  expect(file.suggestedFilename()).toBe('jets.csv');
  expect(readFileSync(await file.path(), 'utf8').split('\n').length).toBeGreaterThan(10);
  await expect(page.getByRole('button', { name: 'Menu of jets', exact: true })).toBeFocused();
});

test('Tab leaves the editor forwards and backwards, with a selection after Esc', async ({ page, app }) => {
  await page.goto(app.url);
  await page.getByRole('button', { name: 'Open the demo' }).click();
  await done(page);
  const editor = page.getByRole('textbox', { name: 'Text of the analysis' });
  await expect(editor).toBeVisible();
  const before = page.url();
  for (const key of ['Tab', 'Shift+Tab'] as const) {
    for (const keys of [['ArrowDown'], ['ControlOrMeta+a', 'Escape']]) {
      await editor.focus();
      for (const one of [...keys, key]) await page.keyboard.press(one);
      await expect(editor).not.toBeFocused();
    }
  }
  await editor.focus();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Tab');
  await expect(editor).toHaveText(/^ {2}lumiscope: 1/);
  await page.keyboard.press('Shift+Tab');
  await expect(editor).toHaveText(/^lumiscope: 1/);
  await done(page);
  expect(page.url()).toBe(before);
});

test('the first stop of each page skips to its content', async ({ page, app }) => {
  await page.goto(app.url);
  await expect(page.getByRole('button', { name: 'Open the demo' })).toBeEnabled();
  await tabTo(page, page.getByText('Skip to the content'));
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('main').getByRole('button').first()).toBeFocused();
  await page.getByRole('button', { name: 'Open the demo' }).press('Enter');
  await done(page);
  await tabTo(page, page.getByText('Skip to the plots'));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('article').first().getByRole('button').first());
});
