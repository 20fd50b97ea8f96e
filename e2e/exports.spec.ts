/** What the menus save, read again. */
import { readFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import { parse, parseAllDocuments } from 'yaml';
import { fromUhi, fromUhiFile } from '../core/hist/uhiRead.ts';
import { done, pickFile, type SaveItem, saved } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const DOCUMENT = `lumiscope: 1
title: Two samples
datasets:
  - { name: Data 2012, files: [demo/lumiscope-demo.parquet] }
  - { name: Z, files: [demo/lumiscope-demo.parquet] }
select:
  two muons: len(Muon) >= 2
histograms:
  pt:
    axes:
      - { value: "Muon[0].pt", bins: 12, range: [0, 120], label: "pT(μ)", unit: GeV }
  eta:
    axes:
      - { value: "Muon[0].eta", bins: 8, range: [-2.4, 2.4] }
`;

test.beforeEach(async ({ page, app }) => {
  await page.goto(app.url);
  await pickFile(page, { name: 'two.yaml', buffer: Buffer.from(DOCUMENT) });
  await done(page);
});

test('a histogram is the same in every format', async ({ page }) => {
  const { values } = fromUhi(await saved(page, 'pt', 'Save UHI JSON'));
  // With the data set axis, whose overflow is empty, and flow bins: 3 × 14.
  const data = [...values.subarray(1, 13)];
  const simulated = [...values.subarray(15, 27)];
  expect(data.some((n) => n > 0)).toBe(true);

  const rows = (await saved(page, 'pt', 'Save CSV')).trim().split('\n');
  expect(rows.slice(2, 14).map((row) => Number(row.split(',')[3]))).toEqual(data);

  const table = parse(await saved(page, 'pt', 'Save HEPData YAML'));
  expect(table.independent_variables[0].header).toEqual({ name: 'pT(μ)', units: 'GeV' });
  expect(table.dependent_variables[0].values.map((v: { value: number }) => v.value)).toEqual(data);

  const workspace = JSON.parse(await saved(page, 'pt', 'Save pyhf workspace'));
  expect(workspace.observations).toEqual([{ name: 'pt', data }]);
  expect(workspace.channels[0].samples).toMatchObject([{ name: 'Z', data: simulated }]);

  const script = await saved(page, 'pt', 'Save Python script');
  const [, json] = script.split('r"""\n') as [string, string];
  expect(fromUhiFile(json.slice(0, json.indexOf('\n"""')))[0]!.histogram.values).toEqual(values);
});

test('all histograms of a document are saved together', async ({ page }) => {
  const download = async (item: string) => {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    const file = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: item, exact: true }).click();
    const found = await file;
    return { name: found.suggestedFilename(), bytes: readFileSync(await found.path()) };
  };
  const uhi = await download('Save UHI JSON' satisfies SaveItem);
  expect(uhi.name).toBe('two-samples.json');
  expect(fromUhiFile(uhi.bytes.toString()).map(({ name }) => name)).toEqual(['pt', 'eta']);

  const hepdata = await download('Save HEPData YAML (zip)');
  expect(hepdata.name).toBe('two-samples.hepdata.zip');
  const files = unzipSync(hepdata.bytes);
  expect(Object.keys(files).sort()).toEqual(['eta.yaml', 'pt.yaml', 'submission.yaml']);
  const tables = parseAllDocuments(strFromU8(files['submission.yaml']!)).map((one) => one.toJS());
  expect(tables.map(({ data_file }) => data_file)).toEqual(['pt.yaml', 'eta.yaml']);

  const workspace = await download('Save pyhf workspace');
  expect(workspace.name).toBe('two-samples.pyhf.json');
  expect(JSON.parse(workspace.bytes.toString()).channels).toHaveLength(2);
});
