import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { pickCommand } from './pick.ts';

const DEMO = 'public/demo/catalogue';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiscope-pick-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What a command writes, and what it says on standard error. */
async function pick(...args: string[]): Promise<{ text: string; said: string }> {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const path = join(folder, 'answer');
  try {
    await pickCommand([DEMO, ...args, '--no-cache', '--workers', '1', '-o', path]);
    return { text: await readFile(path, 'utf8'), said: said.mock.calls.join('') };
  } finally {
    said.mockRestore();
  }
}

test('events that fulfil a condition can be picked as a list', async () => {
  const { text, said } = await pick('--dataset', 'run:358031 stream:physics_Main type:AOD', '--lb', '2-3');
  const lines = text.trim().split('\n');
  expect(said).toMatch(new RegExp(`^${lines.length} of \\d+ records pass\\n$`));
  const list = join(folder, 'list.txt');
  await writeFile(list, `# mine\n${text}358031:1:18446744073709551615\n`);
  const picked = await pick('--list', list, '--stream', 'physics_Main', '--format', 'csv');
  expect(picked.said).toBe(`1 of ${lines.length + 1} events were not found\n`);
  const rows = picked.text.trim().split('\r\n');
  expect(rows).toHaveLength(lines.length + 2);
  const block = rows[0]!.split(',').indexOf('lb');
  expect(new Set(rows.slice(1, -1).map((row) => row.split(',')[block]))).toEqual(new Set(['2', '3']));
  expect(rows.at(-1)).toMatch(/^358031,18446744073709551615,0,/);
});

test('wrong options and lists say what is wrong', async () => {
  await expect(pick()).rejects.toThrow('which events?');
  await expect(pick('358031', '7', '--lb', '3')).rejects.toThrow('about events of a --dataset');
  await expect(pick('358031', 'x')).rejects.toThrow('line 1: 358031 x: x is no event number');
  await expect(pick('--dataset', 'type:NOPE')).rejects.toThrow('no container is like this');
});
