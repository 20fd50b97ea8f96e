/**
 * `npm run fuzz [-- mutants] [seed] [kind or name of a file …]`: damages Parquet, TTree and RNTuple files, and reads them. Each has to end
 * in an error that names the file, or in values of the right form; of RNTuple, whose bytes have checksums, in the right values.
 * The same seed gives the same damage; a single mutant is `-- 1 SEED NAME`.
 */
import { availableParallelism } from 'node:os';
import { print } from '../bench/report.ts';
import { fuzzFiles } from './fuzz/files.ts';
import { runFuzz } from './fuzz/run.ts';

const [count = '20000', seed = '1', ...only] = process.argv.slice(2);
const files = (await fuzzFiles('all')).filter(
  ({ kind, name }) => only.length === 0 || only.includes(kind) || only.includes(name),
);
const started = performance.now();
const totals = await runFuzz(
  files,
  { count: Number(count), seed: Number(seed), threads: availableParallelism() },
  ({ file, seed, how, what }) => process.stdout.write(`${file.name}, seed ${seed} (${how}): ${what}\n`),
);
print(
  `${count} mutants from seed ${seed}`,
  ['kind', 'files', 'mutants', 'errors', 'right values', 'other values', 'violations', 'slowest', 'largest allocation'],
  [...totals].map(([kind, t]) => [
    kind,
    ...[t.files, t.mutants, t.errors, t.right, t.changed, t.violations.length].map(String),
    `${Math.round(t.slowest)} ms`,
    `${(t.largest / 2 ** 20).toFixed(1)} MiB`,
  ]),
  [
    `${((performance.now() - started) / 1000).toFixed(0)} s, ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB resident`,
  ],
);
process.exit([...totals.values()].some(({ violations }) => violations.length > 0) ? 1 : 0);
