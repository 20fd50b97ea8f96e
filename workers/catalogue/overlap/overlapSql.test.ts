import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Stream } from '../../../core/catalogue/stream.ts';
import { countRecords } from '../records/countRecords.ts';
import { countOverlaps } from './countOverlaps.ts';
import type { KeysOf } from './testing/keyCatalogue.ts';
import { memoryCatalogue } from './testing/memoryCatalogue.ts';

const PYTHON = process.env.LUMISCOPE_PYTHON;
const LAST = 2n ** 64n - 1n;
const STREAMS = 12;

/** Streams of two runs whose event numbers are dense, sparse, and at the end of 64 bits; parts that overlap, events that come twice. */
function datasets(): KeysOf[] {
  let state = 2026;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const part = (stream: number) => {
    const keys = Array.from({ length: 400 + random(1500) }, () => {
      const near = BigInt(random(3000) * (1 + (stream % 3)));
      return [near, 2n ** 40n + near * 1_000_003n, LAST - near][random(3)]!;
    });
    return { eventno: BigUint64Array.from(keys).sort() };
  };
  return [358_031, 358_096].flatMap((runNumber, dspid) =>
    Array.from({ length: STREAMS }, (_, dstypeid) => ({
      dspid,
      dstypeid,
      runNumber,
      parts: dstypeid === 5 ? [] : Array.from({ length: 1 + random(3) }, () => part(dstypeid)),
    })),
  );
}

describe.skipIf(!PYTHON)('counts are those of plain SQL in DuckDB (needs LUMISCOPE_PYTHON with duckdb)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lumiscope-overlap-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('pairs, k-fold counts, records, distinct events and duplicates', async () => {
    const all = datasets();
    const catalogue = await memoryCatalogue(all, { workers: 2, groupRows: 500 });
    for (const [path, bytes] of catalogue.objects) writeFileSync(join(folder, path.replace('memory/', '')), bytes);
    const { families, parts } = catalogue.manifest;
    const runOf = new Map(families.map(({ dspid, runNumber }) => [dspid, runNumber]));
    const input = {
      folder: `${folder}/`,
      streams: Array.from({ length: STREAMS }, (_, stream) =>
        parts.filter(({ dstypeid }) => dstypeid === stream).map(({ dspid, keys }) => [runOf.get(dspid), keys.path]),
      ),
    };
    const script = fileURLToPath(new URL('fixtures/overlap_sql.py', import.meta.url));
    const sql = JSON.parse(execFileSync(PYTHON!, [script], { input: JSON.stringify(input) }).toString());
    const streams: Stream[] = Array.from({ length: STREAMS }, (_, dstypeid) => ({
      name: `stream ${dstypeid}`,
      members: [0, 1].map((dspid) => ({ dspid, dstypeid })),
    }));
    const { both, inExactly, records } = await countOverlaps(catalogue, streams);
    expect([...both]).toEqual(sql.both);
    expect([...inExactly]).toEqual(sql.inExactly);
    expect([...records]).toEqual(sql.records);
    const counts = await countRecords(catalogue, all);
    const sum = (dstypeid: number, of: 'events_uniq' | 'events_dup') =>
      counts.reduce((total, one) => total + (one.dstypeid === dstypeid ? one[of] : 0), 0);
    expect(streams.map((_, i) => sum(i, 'events_uniq'))).toEqual(sql.uniq);
    expect(streams.map((_, i) => sum(i, 'events_dup'))).toEqual(sql.dup);
    expect(Math.max(...sql.dup)).toBeGreaterThan(100);
  });
});
