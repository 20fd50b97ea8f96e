import { parseArgs } from 'node:util';
import { scale } from '../core/hist/arithmetic.ts';
import { mergeResults } from '../core/hist/merge.ts';
import { toUhiFileJson } from '../core/hist/uhi.ts';
import { wrongOption } from './failure.ts';
import { readResult, write } from './resultFile.ts';

/** `lumiscope merge A.json B.json -o C.json`: adds up results of one analysis, made on parts of its data. */
export async function mergeCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { output: { type: 'string', short: 'o' }, scale: { type: 'string' } },
  });
  if (positionals.length < 2) throw wrongOption('merge takes two results or more');
  if (values.output === undefined) throw wrongOption('merge writes its result to a file: -o');
  const factors = values.scale?.split(',').map(Number);
  if (factors && (factors.length !== positionals.length || !factors.every(Number.isFinite)))
    throw wrongOption(`--scale takes a number for each result, as 1,0.5; not ${values.scale}`);
  const results = await Promise.all(
    positionals.map(async (path, i) => {
      const all = await readResult(path);
      const factor = factors?.[i];
      const histograms =
        factor === undefined ? all : all.map(({ name, histogram }) => ({ name, histogram: scale(histogram, factor) }));
      return { name: path, histograms };
    }),
  );
  await write(values.output, toUhiFileJson(mergeResults(results)));
}
