/** A few hundred of the fuzzer's mutants (`npm run fuzz`), of this project's own small files. */
import { expect, it } from 'vitest';
import { fuzzFiles } from './fuzz/files.ts';
import { runFuzz } from './fuzz/run.ts';

it('damaged files end in an error that names them, or in values of the right form', { timeout: 120_000 }, async () => {
  const totals = await runFuzz(await fuzzFiles('fixtures'), { count: 400, seed: 1, threads: 2 });
  expect([...totals.keys()]).toEqual(['parquet', 'ttree', 'rntuple', 'histograms']);
  for (const { mutants, errors, right, violations } of totals.values()) {
    expect(violations).toEqual([]);
    expect(errors).toBeGreaterThan(mutants / 4);
    expect(right).toBeGreaterThan(0);
  }
});
