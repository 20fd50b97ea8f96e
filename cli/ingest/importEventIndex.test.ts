import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { madeEvent, printLegacyLine } from '../../core/ingest/testing/legacyLine.ts';
import { importEventIndexCommand } from './importEventIndex.ts';

const DATASET = 'data15_13TeV.00284484.physics_ZeroBias.merge.AOD.r7446_p2492';
const TEXT = `${[0, 1, 2].map((k) => printLegacyLine(madeEvent(k, 284484))).join('\n')}\nno record\n`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiscope-import-'));
  await mkdir(join(folder, DATASET));
  for (const name of [`${DATASET}.part-1.csv`, join(DATASET, 'x.csv'), 'other.csv', `${DATASET}_tid07402556_00`])
    await writeFile(join(folder, name), TEXT);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

async function printed(...args: string[]): Promise<string> {
  let text = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  await importEventIndexCommand(args);
  return text;
}

describe('lumiscope import-eventindex', () => {
  it.each([
    [`${DATASET}.part-1.csv`, DATASET],
    [join(DATASET, 'x.csv'), DATASET],
    [`${DATASET}_tid07402556_00`, `${DATASET}_tid07402556_00`],
  ])('says what is in %s, of the dataset that it is named after', async (name, dataset) => {
    const text = await printed(join(folder, name), '--dry-run');
    expect(text).toContain(`${dataset}: 3 records of 2 files; nothing was staged\n  4 lines: 1 bad, 0 blank\n`);
    expect(text).toContain(`${name}:4:1: line has 1 field, not 40 or 54\n`);
    expect(text).toContain('3 records with trigger decisions or keys, of the menu 2231');
    expect(text).toMatch(/\n {4}3 {2}L2trigMask \(field 12\), of a run without level 2/);
  });

  it.each([
    [['--dry-run'], 'no file is named'],
    [['x.csv'], 'which relay?'],
    [['other.csv', '--dry-run'], 'is not named after a dataset: --dataset has to be given'],
    [['-', '--dry-run'], '- is not named after a dataset'],
    [[`${DATASET}.part-1.csv`, `${DATASET}_tid07402556_00`, '--dry-run'], 'the files are of 2 datasets'],
    [
      ['other.csv', '--dry-run', '--max-bad', '2.5'],
      '--max-bad is a number of lines, or a share of them such as 2%, not 2.5',
    ],
    [['other.csv', '--dry-run', '--max-bad', '101%'], '--max-bad is a number'],
    [['other.csv', '--dry-run', '--dataset', DATASET, '--max-bad', '0'], '1 of 4 lines are no records of the dataset'],
    [['other.csv', '--relay', 'nowhere', '--dataset', DATASET], 'nowhere is no address of a relay'],
    [['other.csv', '--dry-run', '--dataset', 'nothing'], 'the dataset name nothing has 1 parts, not 6'],
    [['other.csv', '--relay', 'http://127.0.0.1:1', '--job', '-1', '--dataset', DATASET], 'argument is ambiguous'],
    [
      ['other.csv', '--relay', 'http://127.0.0.1:1', '--records-per-object', '0', '--dataset', DATASET],
      '--records-per-object is a whole number from 1 on, not 0',
    ],
  ])('refuses %j', async (args, message) => {
    const paths = args.map((arg) => (/\.csv$|_tid\d+_00$/.test(arg) ? join(folder, arg) : arg));
    await expect(printed(...paths)).rejects.toThrow(message);
  });
});
