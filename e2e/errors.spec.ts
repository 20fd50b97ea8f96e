/** What goes wrong is told at its place, in words that help; what was typed stays, and the page goes on working. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { encodeLink } from '../core/analysis/link.ts';
import { parseDocument } from '../core/analysis/yaml.ts';
import type { Fault } from '../workers/testing/faultyServer.ts';
import {
  demoStillOpens,
  done,
  openAddress,
  openDemo,
  passed,
  pickFile,
  plot,
  problems,
  state,
  statistic,
  typeAtEnd,
} from './explorer.ts';
import { expect, test } from './fixtures.ts';

const DEMO = 'lumiscope-demo.parquet';
const DEMO_FILE = fileURLToPath(new URL(`../dist/demo/${DEMO}`, import.meta.url));

/** A file of `MET_pt` = 0, 1, 2, …, in pages that are not compressed. */
function smallFile(events: number): Buffer {
  const data = Array.from({ length: events }, (_, i) => i);
  return Buffer.from(
    parquetWriteBuffer({ codec: 'UNCOMPRESSED', columnData: [{ name: 'MET_pt', data, type: 'DOUBLE' }] }),
  );
}

/** Other data can be opened from here, and fill their plots. */
async function otherDataStillOpen(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Lumiscope: start page' }).click();
  await pickFile(page, { name: 'small.parquet', buffer: smallFile(100) });
  await done(page);
  await expect(statistic(plot(page, 'MET_pt'), 'entries')).toHaveText('100');
}

test.describe('in the text', () => {
  test('each wrong expression is told at its place with a way out, and the plots stay', async ({ page, app }) => {
    await openDemo(page, app.url);
    const told: [expression: string, message: string, marked: string][] = [
      ['Muon.pt >', 'The expression ends too early', '>'],
      ['Muon.ptt', 'An item of Muon has no field `ptt`. Did you mean `pt`?', 'ptt'],
      ['HLT_IsoMu42', 'There is no `HLT_IsoMu42` here. Did you mean `HLT_IsoMu24`?', 'HLT_IsoMu42'],
      [
        'Muon.pt + Jet.pt',
        "Items of Muon and items of Jet can't be combined one by one. " +
          'Write a comprehension, e.g. [… for x in Muon …], or cartesian(Muon, Jet)',
        'Muon.pt + Jet.pt',
      ],
    ];
    const lines = told.map(
      ([expression], i) => `  wrong ${i}:\n    axes:\n      - { value: ${expression}, bins: 10, range: [0, 100] }\n`,
    );
    await typeAtEnd(page, lines.join(''));
    const items = problems(page).getByRole('listitem');
    await expect(items).toHaveText(told.map(([, message]) => new RegExp(`^\\d+:\\d+${escaped(message)}$`)));
    await expect(page.locator('.cm-lintRange-error')).toHaveText(told.map(([, , marked]) => marked));
    await expect(state(page)).toHaveText('Text has errors');
    await expect(plot(page, 'dimuon mass').getByText('older text')).toBeVisible();
    await expect(plot(page, 'dimuon mass').locator('.scatterlayer .trace').first()).toBeAttached();
    await expect(page.locator('.cm-content')).toContainText('Muon.pt + Jet.pt');
    await page.locator('.cm-content').press('ControlOrMeta+z');
    await done(page);
  });

  test('wrong YAML and unknown keys are told with their lines', async ({ page, app }) => {
    await openDemo(page, app.url);
    const lines = readFileSync(fileURLToPath(new URL('../dist/examples/demo-dimuon.yaml', import.meta.url)), 'utf8');
    const line = lines.split('\n').length;
    for (const [text, message] of [
      ['  broken: [\n', 'A [ is not closed. Close it with ]'],
      ['histogram: 3\n', 'Unknown key histogram. Did you mean `histograms`?'],
      ['\tx: 1\n', 'A tab where the indentation stands. Indent with spaces'],
    ] as const) {
      await typeAtEnd(page, text);
      await expect(problems(page).getByRole('listitem').first()).toHaveText(
        new RegExp(`^(?:${line}|${line + 1}):\\d+${escaped(message)}`),
      );
      await expect(plot(page, 'dimuon mass')).toBeVisible();
      await page.locator('.cm-content').press('ControlOrMeta+z');
      await expect(problems(page)).toHaveCount(0);
    }
    await done(page);
  });
});

test.describe('with files', () => {
  for (const [what, message, buffer] of [
    [
      'of no known format',
      /^notes\.parquet: not a ROOT, Parquet, Arrow or CSV file: it has no magic bytes/i,
      () => Buffer.from('no events'),
    ],
    ['of 0 bytes', /^notes\.parquet: the file is empty/i, () => Buffer.alloc(0)],
    [
      'that are cut off',
      /it does not end with PAR1.*Copy or download it again/,
      () => readFileSync(DEMO_FILE).subarray(0, 1e6),
    ],
    ['without their start', /a column runs past the end of the file/, () => smallFile(1000).subarray(1000)],
    [
      'with damaged pages',
      /column MET_pt: can't be read, its bytes are damaged/,
      () => smallFile(1000).fill(0, 4, 2000),
    ],
  ] as const) {
    test(`files ${what} are told by name, and others open`, async ({ page, app }) => {
      await page.goto(app.url);
      await pickFile(page, { name: 'notes.parquet', buffer: buffer() });
      await expect(page.getByRole('alert').first()).toHaveText(message);
      await expect(page.locator('.cm-content')).toContainText('notes.parquet');
      await otherDataStillOpen(page);
    });
  }

  test('a file without events fills nothing, and no number is made of nothing', async ({ page, app }) => {
    await page.goto(app.url);
    await pickFile(page, { name: 'none.parquet', buffer: smallFile(0) });
    await done(page);
    await expect(statistic(plot(page, 'MET_pt'), 'entries')).toHaveText('0');
    await page.getByRole('textbox', { name: 'Expression of a new cut' }).fill('MET_pt > 3');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect.poll(() => passed(page)).toEqual(['0', '0']);
    await expect(page.locator('body')).not.toContainText(/NaN|Infinity|undefined/);
    await otherDataStillOpen(page);
  });

  test('a document that is dropped while a file is asked for is opened, not taken for the file', async ({
    page,
    app,
  }) => {
    await page.goto(`${app.url}?doc=examples/adl-q1.yaml`);
    await expect(page.getByText('was made with a local file')).toBeVisible();
    const buffer = readFileSync(fileURLToPath(new URL('../dist/examples/demo-dimuon.yaml', import.meta.url)));
    await page.getByTestId('file-input').first().setInputFiles({ name: 'mine.yaml', mimeType: '', buffer });
    await done(page);
    await expect(plot(page, 'dimuon mass')).toBeVisible();
  });
});

test.describe('on another host', () => {
  /** Opens the demo's data there, with consent. */
  async function openThere(page: Page, app: { url: string }, address: string): Promise<void> {
    await page.goto(app.url);
    await openAddress(page, address);
    await page.getByRole('button', { name: 'Load data' }).click();
  }

  for (const [fault, message] of [
    [
      'no-cors',
      /does not let this page read the answer \(CORS\): Access-Control-Allow-Origin is missing.*adds to every answer/,
    ],
    ['broken', /the server answered 500 Internal Server Error/],
    ['cut', /the answer was cut short, \d+ of \d+ bytes came/],
    ['changing-etag', /the file changed while it was read \(it was "v\d+", now it is "v\d+"\)/],
    [undefined, /not found \(the server answered 404 Not Found\)/],
  ] as [Fault | undefined, RegExp][]) {
    test(`a server with fault ${fault ?? '404'} is told by its address, and other data open`, async ({
      page,
      app,
      elsewhere,
      guard,
    }) => {
      guard.allow(new RegExp(elsewhere.origin));
      const address = fault ? elsewhere.url(DEMO, fault) : elsewhere.url('none.parquet');
      await openThere(page, app, address);
      const alert = page.getByRole('alert').first();
      await expect(alert).toContainText(address);
      await expect(alert).toHaveText(message);
      await expect(alert.getByRole('button', { name: 'Try again' })).toBeVisible();
      await expect(page.locator('.cm-content')).toContainText(address);
      await otherDataStillOpen(page);
    });
  }

  for (const fault of ['ignore-range', 'endless'] as const) {
    test(`a server without range requests (${fault}) is told, and its file is not read whole`, async ({
      page,
      app,
      elsewhere,
      guard,
    }) => {
      guard.allow(new RegExp(elsewhere.origin));
      const before = elsewhere.requests.length;
      await openThere(page, app, elsewhere.url(DEMO, fault));
      await expect(page.getByRole('alert').first()).toHaveText(
        /does not support range requests \(it answered 200\).*download it and open it here/,
      );
      const asked = () => elsewhere.requests.slice(before).filter(({ method }) => method === 'GET');
      await expect.poll(() => asked().map(({ aborted }) => aborted)).toEqual([true]);
      expect(asked()[0]!.sent).toBeLessThan(8e6);
      await otherDataStillOpen(page);
    });
  }

  for (const fault of ['busy-twice', 'cut-twice'] as const) {
    test(`a server that recovers (${fault}) leaves no trace in the numbers`, async ({
      page,
      app,
      elsewhere,
      guard,
    }) => {
      guard.allow(new RegExp(elsewhere.origin));
      await openThere(page, app, elsewhere.url(DEMO, fault));
      await done(page);
      expect(await passed(page)).toEqual(['300,000']);
      await expect(statistic(plot(page, 'MET_pt'), 'entries')).toHaveText('300,000');
    });
  }
});

test('without a network what is in memory still runs, and what is not can be tried again', async ({
  page,
  app,
  context,
  guard,
}) => {
  // Chromium may ask for the icon of the tab again at any time, and the app loads parts of itself some seconds after it started.
  guard.allow(/ERR_INTERNET_DISCONNECTED|lumiscope-demo\.parquet|\/icon-|\/assets\//);
  await openDemo(page, app.url);
  await expect(page.locator('.cm-content')).toBeVisible();
  await expect(plot(page, 'dimuon mass').locator('.scatterlayer .trace').first()).toBeAttached();
  await context.setOffline(true);
  await page.getByRole('checkbox', { name: /opposite charge/ }).click();
  await done(page);
  await typeAtEnd(page, '  jets:\n    axes:\n      - { value: Jet.pt, bins: 10, range: [0, 100] }\n');
  await expect(page.getByRole('alert').first()).toHaveText(/can't be reached.*this machine is offline/);
  await expect(plot(page, 'dimuon mass')).toBeVisible();
  await expect(page.locator('.cm-content')).toContainText('value: Jet.pt');
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await done(page);
  await expect(statistic(plot(page, 'jets'), 'entries')).toHaveText(/^[\d,]{5,}$/);
});

test.describe('in a link', () => {
  const linkOf = (json: string) => `#a=${deflateRawSync(json).toString('base64url')}`;
  const good = encodeLink(parseDocument('lumiscope: 1\ntitle: A document that is good in itself').document!);

  for (const [what, hash, message] of [
    ['that is no base64', '#a=%%%$$', /cut off or damaged: it holds no document.*copy the whole link again/i],
    ['that is cut off', good.slice(0, -8), /cut off or damaged/],
    ['that holds another thing', linkOf('[1, 2, 3]'), /the link holds a wrong document/i],
    ['of a wrong schema', linkOf('{"lumiscope":1,"datasets":3}'), /wrong document: datasets must be a list/],
    ['that inflates a thousandfold', linkOf(`{"title":"${'a'.repeat(5e7)}"}`), /more than 1000000 bytes of document/],
    ['that reaches for prototypes', linkOf('{"lumiscope":1,"__proto__":{"x":1}}'), /unknown key __proto__/],
  ] as const) {
    test(`a link ${what} is told on a start page that works`, async ({ page, app }) => {
      await page.goto(app.url + hash);
      await expect(page.getByRole('alert')).toHaveText(message);
      await page.getByRole('button', { name: 'Dismiss' }).click();
      await expect(page.getByRole('alert')).toHaveCount(0);
      await pickFile(page, { name: 'small.parquet', buffer: smallFile(100) });
      await done(page);
    });
  }

  test('a damaged link that is pasted over an open document leaves what was typed', async ({ page, app }) => {
    await openDemo(page, app.url);
    await typeAtEnd(page, '  # a word of mine\n');
    await page.evaluate(() => {
      location.hash = '#a=AAAA';
    });
    await expect(page.getByRole('alert')).toHaveText(/the link is cut off or damaged/i);
    await expect(page.locator('.cm-content')).toContainText('# a word of mine');
    await expect(plot(page, 'dimuon mass')).toBeVisible();
    await demoStillOpens(page);
  });

  test('HTML and script in every name are shown as the text that they are', async ({ page, app }) => {
    const names = {
      title: '<img src=x onerror=hacked=1>',
      dataset: '<script>hacked=1</script>',
      cut: '<svg onload=hacked=1>',
      histogram: '<iframe src="javascript:hacked=1">',
      label: '<a href="javascript:hacked=1">x</a>',
      unit: '<b>GeV</b>',
    };
    const text = `lumiscope: 1
title: '${names.title}'
datasets:
  - name: '${names.dataset}'
    files: [demo/${DEMO}]
    source: { note: '${names.title}', record: 'javascript:hacked=1', doi: '${names.cut}' }
select:
  '${names.cut}': len(Muon) >= 0
histograms:
  '${names.histogram}':
    axes:
      - { value: MET.pt, bins: 10, range: [0, 100], label: '${names.label}', unit: '${names.unit}' }
`;
    await page.goto(app.url + encodeLink(parseDocument(text).document!));
    await done(page);
    await expect(page).toHaveTitle(`${names.title} – Lumiscope`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(names.title);
    await expect(page.getByText(names.dataset, { exact: true })).toBeVisible();
    await expect(page.getByRole('checkbox', { name: names.cut })).toBeVisible();
    const card = page.getByRole('article');
    await expect(card.getByRole('heading')).toHaveText(names.histogram);
    await expect(card.locator('.xtitle')).toHaveText(`${names.label} [${names.unit}]`);
    await expect(page.locator('img[src=x], [onload], [onerror], iframe, a[href^=javascript]')).toHaveCount(0);
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
