/** Files of more than 2 GB have other headers, and places past 32 bits. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { fileSource, openSourceInNode } from '../../io/nodeFile.ts';
import { openEventFile } from '../open.ts';
import { openHistograms } from './histograms/readHistograms.ts';

const PYTHON = process.env.LUMISCOPE_PYTHON;

describe.skipIf(!PYTHON)('a file of 10 GB (needs LUMISCOPE_PYTHON with uproot)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lumiscope-big-'));
  const path = join(folder, 'big.root');
  if (PYTHON) execFileSync(PYTHON, [fileURLToPath(new URL('fixtures/big.py', import.meta.url)), path]);
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['tree', 'ntuple'])('its %s is read by some kilobytes', async (tree) => {
    expect(statSync(path).size).toBeGreaterThan(10e9);
    const counter = { bytes: 0, requests: 0 };
    const { source, file } = await openSourceInNode({ kind: 'path', path, tree }, { counter });
    const opened = await openEventFile(source, file);
    expect(opened.summary.events).toBe(5000);
    const runs: bigint[] = [];
    let sum = 0;
    for (const chunk of opened.summary.chunks.keys()) {
      const [run, x] = await opened.readChunk(chunk, ['run', 'x']);
      runs.push(...(run!.values as BigUint64Array));
      for (const value of x!.values) sum += value as number;
    }
    expect(runs).toEqual(
      Array.from({ length: 5000 }, (_, i) => BigInt(i % 1000) + 10n ** 12n * BigInt(Math.floor(i / 1000))),
    );
    expect(sum).toBe(1_258_750);
    expect(counter.bytes).toBeLessThan(300_000);
  });

  it('its histogram too', async () => {
    const { histograms } = await openHistograms(await fileSource(path, { bytes: 0, requests: 0 }));
    expect(histograms.map(({ name, histogram }) => [name, ...histogram.values])).toEqual([
      ['histogram', 0, 2, 2, 2, 2, 2, 0],
    ]);
  });
});
