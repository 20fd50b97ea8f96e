import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { cutflow, done, dropFile, openDemo, passed, pickFile } from './explorer.ts';
import { expect, test } from './fixtures.ts';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

const names = (page: Page): Promise<string[]> =>
  page.getByRole('region', { name: 'Cutflow table' }).locator('tbody th[scope=row] [class*=label]').allTextContents();

const ORDER = ['at least two muons', 'opposite charge', 'close vertices'];
const MOVED = ['close vertices', 'at least two muons', 'opposite charge'];

/** The demo, with the parts that come in late: the rows can be dragged. */
async function openSortable(page: Page, url: string): Promise<void> {
  await openDemo(page, url);
  await expect(page.getByRole('button', { name: 'Move close vertices' })).toHaveAttribute('aria-roledescription');
}

/** What a cutflow of these cuts in another order must agree on: the first row and the last one. */
async function expectSameEnds(page: Page, before: string[]): Promise<void> {
  await done(page);
  const after = await passed(page);
  expect([after[0], after.at(-1)]).toEqual([before[0], before.at(-1)]);
  expect(after).not.toEqual(before);
}

test('a cut is dragged to another place, and the cutflow follows; undo brings it back', async ({ page, app }) => {
  await openSortable(page, app.url);
  const before = await passed(page);
  const handle = page.getByRole('button', { name: 'Move close vertices' });
  const target = page.getByRole('button', { name: 'Move at least two muons' });
  const [from, to] = [await handle.boundingBox(), await target.boundingBox()];
  await page.mouse.move(from!.x + 6, from!.y + 8);
  await page.mouse.down();
  await page.mouse.move(from!.x + 6, from!.y - 10, { steps: 4 });
  await page.mouse.move(to!.x + 6, to!.y + 2, { steps: 8 });
  await page.mouse.up();
  await expect.poll(() => names(page)).toEqual(MOVED);
  await expectSameEnds(page, before);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => names(page)).toEqual(ORDER);
  await done(page);
  expect(await passed(page)).toEqual(before);
});

test('a cut is moved by keyboard alone, and a screen reader hears where it is', async ({ page, app }) => {
  await openSortable(page, app.url);
  const before = await passed(page);
  await page.getByRole('button', { name: 'Move close vertices' }).focus();
  await page.keyboard.press('Space');
  await expect(page.getByText('Picked up close vertices, cut 3 of 3.')).toBeAttached();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByText('close vertices would be cut 2 of 3.')).toBeAttached();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByText('close vertices would be cut 1 of 3.')).toBeAttached();
  await page.keyboard.press('Space');
  await expect.poll(() => names(page)).toEqual(MOVED);
  await expectSameEnds(page, before);
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  expect(await names(page)).toEqual(MOVED);
});

test('the cutflow is copied as Markdown, LaTeX and CSV', async ({ page, app }) => {
  await openDemo(page, app.url);
  const copied = async (item: string): Promise<string> => {
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await page.getByRole('button', { name: 'Copy the cutflow' }).click();
    await page.getByRole('menuitem', { name: item }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).not.toBe('');
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const shown = await cutflow(page);
  const markdown = (await copied('Copy as Markdown')).trim().split('\n');
  const cells = markdown.slice(2).map((line) => line.split('|').map((cell) => cell.trim()));
  expect(cells.map((line) => line[1])).toEqual(['all events', ...ORDER]);
  expect(cells.map((line) => line[2])).toEqual(shown.map(([events]) => events));
  const latex = await copied('Copy as LaTeX');
  expect(latex).toContain('\\toprule');
  expect(latex).toContain(`opposite charge & ${shown[2]![0]!.replace(',', '\\,')} & `);
  const csv = (await copied('Copy as CSV')).trim().split('\r\n');
  expect(csv.slice(1).map((line) => line.split(',')[2])).toEqual(shown.map(([events]) => events!.replace(/,/g, '')));
});

test('a dropped list of certified runs comes first in the cutflow, and can be removed', async ({ page, app }, info) => {
  await openDemo(page, app.url);
  const before = await passed(page);
  const path = info.outputPath('Cert_JSON.txt');
  writeFileSync(path, '{"1": [[1, 40], [60, 80]]}');
  await dropFile(page, path);
  await expect(
    page.getByText('only events of 1 certified run (2 ranges of luminosity blocks) count now'),
  ).toBeVisible();
  await done(page);
  await expect(page.getByRole('rowheader', { name: /certified runs/ })).toBeVisible();
  const after = await passed(page);
  expect(after).toHaveLength(before.length + 1);
  expect(after[0]).toBe(before[0]);
  const count = (text: string | undefined) => Number(text?.replaceAll(',', ''));
  expect(count(after[1])).toBeLessThan(count(before[0]));
  expect(count(after[1])).toBeGreaterThan(0);
  writeFileSync(path, '{"1": [[40, 1]]}');
  await dropFile(page, path);
  await expect(page.getByText(/can't be read: run 1 has a wrong range/)).toBeVisible();
  expect(await passed(page)).toEqual(after);
  await page.getByRole('button', { name: 'Actions for certified runs' }).click();
  await page.getByRole('menuitem', { name: 'Remove from the document' }).click();
  await done(page);
  expect(await passed(page)).toEqual(before);
});

test('N−1 plots: what each condition removes agrees with the cutflow; the pane survives reload; one becomes a histogram', async ({
  page,
  app,
}) => {
  await openDemo(page, app.url);
  const events = await passed(page);
  await page.getByRole('region', { name: 'Cuts and cutflow' }).getByRole('button', { name: 'N−1' }).click();
  const card = page.getByRole('article', { name: 'N−1 of all(abs(good.dz) < 0.2)' });
  const figure = (name: string) => card.locator(`[data-figure=${name}]`);
  await expect(figure('without')).toHaveText(events[2] ?? '');
  await expect(figure('with')).toHaveText(events[3] ?? '');
  await expect(page.getByRole('article', { name: /^N−1 of/ })).toHaveCount(3);
  const first = page.getByRole('article', { name: 'N−1 of len(good) >= 2' });
  await expect(first.locator('.shapelayer path').first()).toBeAttached();
  await page.getByRole('button', { name: 'log', exact: true }).click();
  expect(page.url()).toContain('&show=n-1&nlog');
  await page.reload();
  await done(page);
  await expect(figure('with')).toHaveText(events[3] ?? '');
  await expect(page.getByRole('button', { name: 'log', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await first.getByRole('button', { name: 'Add to the analysis' }).click();
  await done(page);
  await expect(page.getByRole('article', { name: 'len(good) >= 2: all other cuts' })).toBeVisible();
  await page.goBack();
  await expect(figure('without')).toHaveText(events[2] ?? '');
});

/** A small file with a branch or without it. */
function triggerFile(path: string, triggers: Record<string, boolean[]>): string {
  const columnData = [
    { name: 'MET_pt', data: [10, 20, 30, 40], type: 'DOUBLE' as const },
    ...Object.entries(triggers).map(([name, data]) => ({ name, data, type: 'BOOLEAN' as const })),
  ];
  writeFileSync(path, Buffer.from(parquetWriteBuffer({ columnData })));
  return path;
}

test('files with different triggers: the message offers the default, one click adds it, undo takes it back', async ({
  page,
  app,
}, info) => {
  const files = [
    triggerFile(info.outputPath('a.parquet'), { HLT_Mu: [true, true, false, true] }),
    triggerFile(info.outputPath('b.parquet'), { HLT_Ele: [true, true, true, true] }),
  ];
  await page.goto(app.url);
  await page.getByTestId('file-input').first().setInputFiles(files);
  await done(page);
  await page.getByRole('textbox', { name: 'Expression of a new cut' }).fill('HLT.Mu');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText('b.parquet has no branch HLT_Mu')).toBeVisible();
  await expect(page.getByText('A default can stand in for it: defaults: { HLT_Mu: false }')).toBeVisible();
  await page.getByRole('button', { name: 'Add the default' }).click();
  await done(page);
  expect(await passed(page)).toEqual(['8', '3']);
  await expect(page.locator('.cm-content')).toContainText('HLT_Mu: false');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('b.parquet has no branch HLT_Mu')).toBeVisible();
});

test('a number of a cut is dragged on a plot: text, cutflow and link follow, and one undo brings all back', async ({
  page,
  app,
}) => {
  const text = `lumiscope: 1
datasets:
  - { name: demo, files: [./demo/lumiscope-demo.parquet] }
select:
  muons: len(Muon) >= 1   # at least
histograms:
  number:
    axes:
      - { value: "len( Muon )", bins: 6, range: [-0.5, 5.5] }
`;
  await page.goto(app.url);
  await pickFile(page, { name: 'cut.yaml', buffer: Buffer.from(text) });
  await done(page);
  const before = await passed(page);
  const line = page.getByRole('slider', { name: 'Cut muons: len(Muon) ≥' });
  const box = (await line.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const bin = (await page.locator('.nsewdrag').boundingBox())!.width / 6;
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 2.1 * bin, y, { steps: 12 });
  await expect(line).toHaveAttribute('aria-valuetext', 'len(Muon) ≥ 3');
  // A browser may tell the last move and the release at once.
  await line.evaluate(
    (element, clientX) => {
      const tell = (type: string) =>
        element.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1, clientX }));
      tell('pointermove');
      tell('pointerup');
    },
    x + 1.1 * bin,
  );
  await page.mouse.up();
  await expect(page.locator('.cm-content')).toContainText('muons: len(Muon) >= 2   # at least');
  await done(page);
  const after = await passed(page);
  expect(after).not.toEqual(before);

  await page.getByRole('button', { name: 'Sliders of muons' }).click();
  const slider = page.getByRole('slider', { name: 'muons: len(Muon) ≥', exact: true });
  await expect(slider).toHaveAttribute('aria-valuetext', '2');
  await slider.press('ArrowRight');
  await expect(page.locator('.cm-content')).toContainText('muons: len(Muon) >= 3   # at least');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(slider).toHaveAttribute('aria-valuetext', '2');

  await page.reload();
  await done(page);
  expect(await passed(page)).toEqual(after);
  await page.locator('.cm-line', { hasText: 'muons:' }).click();
  await page.getByRole('button', { name: 'Slider of muons: len(Muon) ≥' }).click();
  await slider.press('ArrowLeft');
  // It goes, and keeps no focus that was given to another field.
  await page.getByRole('textbox', { name: 'Expression of a new cut' }).click();
  await expect(slider).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'Expression of a new cut' })).toBeFocused();
  await done(page);
  await expect.poll(() => passed(page)).toEqual(before);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => passed(page)).toEqual(after);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
});
