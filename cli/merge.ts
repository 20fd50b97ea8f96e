import { parseArgs } from 'node:util';
import { mergeResults } from '../core/hist/merge.ts';
import { toUhiFileJson } from '../core/hist/uhi.ts';
import { wrongOption } from './failure.ts';
import { readResult, write } from './resultFile.ts';

/** `lumiscope merge A.json B.json -o C.json`: adds up results of one analysis, made on parts of its data. */
export async function mergeCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { output: { type: 'string', short: 'o' } },
  });
  if (positionals.length < 2) throw wrongOption('merge takes two results or more');
  if (values.output === undefined) throw wrongOption('merge writes its result to a file: -o');
  const results = await Promise.all(
    positionals.map(async (path) => ({ name: path, histograms: await readResult(path) })),
  );
  await write(values.output, toUhiFileJson(mergeResults(results)));
}
