import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { bundleCrashPart, crashRound } from './crash.ts';

it('parts of a relay that are killed again and again publish everything once', async () => {
  // Packages are found from there.
  const folder = fileURLToPath(new URL(`../../node_modules/.cache/lumiscope/crash-${process.pid}`, import.meta.url));
  try {
    const script = await bundleCrashPart(folder);
    const kills: Record<string, number> = {};
    for (const seed of [1, 2]) {
      const result = await crashRound({ seed, kills: 14, script });
      expect(result.faults, `seed ${seed}`).toEqual([]);
      for (const [name, count] of Object.entries(result.kills)) kills[name] = (kills[name] ?? 0) + count;
    }
    console.info('killed', kills);
    expect(Object.values(kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(20);
    expect(Object.keys(kills).length).toBeGreaterThan(3);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 300_000);
