import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from './upToDate.ts';

const FOLDER = join(root, `.cache/docs-${process.pid}`);

afterAll(() => rm(FOLDER, { recursive: true, force: true }));

/** What an example prints, and what it says that it does: `console.log(value); // expected`. */
async function run(code: string): Promise<{ printed: string[]; expected: string[] }> {
  const expected: string[] = [];
  const told = code.replaceAll(/console\.log\((.*)\); \/\/ (.*)$/gm, (_, value: string, text: string) => {
    expected.push(JSON.stringify(JSON.parse(text)));
    return `printed.push(JSON.stringify(${value}));`;
  });
  const path = join(FOLDER, `example-${expected.length}.ts`);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(path, `export const printed: string[] = [];\n${told.replaceAll("from './", `from '${root}/`)}`);
  const { printed } = (await import(path)) as { printed: string[] };
  return { printed, expected };
}

test('the examples of docs/catalogue.md print what they say', async () => {
  const text = await readFile(join(root, 'docs/catalogue.md'), 'utf8');
  const examples = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!);
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) {
    const { printed, expected } = await run(example);
    expect(expected.length).toBeGreaterThan(0);
    expect(printed).toEqual(expected);
  }
});
