/** A table of text in a session: read through once, whatever the number of threads, and cut by what is known of its chunks. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseDocument } from '../../../core/analysis/yaml.ts';
import { createSession } from '../../createSession.ts';
import { createEngine } from '../../engine/createEngine.ts';
import type { FileAddress } from '../../io/byteSource.ts';
import { openSourceInNode } from '../../io/nodeFile.ts';
import { localThreads } from '../../testing/localThreads.ts';
import { openEventFile } from '../open.ts';

const EVENTS = 300_000;
const DOCUMENT = `
lumiscope: 1
datasets: [{ name: b, files: [b.csv] }]
select: { late: i >= 200000 }
histograms:
  x: { axes: [{ value: x, bins: 10, range: [0, 10] }] }
  word: { axes: [{ value: word, categories: [a, b] }] }
`;

let folder: string;
let size: number;
let address: FileAddress;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiscope-csv-'));
  const rows = Array.from({ length: EVENTS }, (_, i) => `${i},${i % 7 ? (i % 10) + 0.5 : ''},${'abc'[i % 3]}`);
  const text = `i,x,word\n${rows.join('\n')}\n`;
  size = text.length;
  address = { kind: 'path', path: join(folder, 'b.csv') };
  await writeFile(address.path, text);
});
afterAll(() => rm(folder, { recursive: true }));

it('gives the same numbers for any number of threads, and reads no chunk in which no event can pass', async () => {
  const document = parseDocument(DOCUMENT).document!;
  const late = Array.from({ length: EVENTS }, (_, i) => i).filter((i) => i >= 200_000);
  const x = Array.from({ length: 10 }, (_, bin) => late.filter((i) => i % 7 && i % 10 === bin).length);
  const words = [0, 1].map((word) => late.filter((i) => i % 3 === word).length);
  for (const workers of [1, 3]) {
    const { spawn } = localThreads({ openSource: openSourceInNode, openEventFile, createEngine });
    const session = createSession(spawn, { workers });
    try {
      const { file } = await session.open(address);
      expect(file.size).toBe(size);
      const plan = await session.plan(document, [[address]]);
      expect([plan.events, plan.chunks]).toEqual([EVENTS, 3]);
      const result = await session.run(document, [[address]]);
      expect(result.cutflow[0]!.rows.map(({ events }) => events)).toEqual([EVENTS, late.length]);
      expect([...result.histograms[0]!.histogram.values].slice(1, -1)).toEqual(x);
      expect([...result.histograms[1]!.histogram.values].slice(0, 2)).toEqual(words);
      // The first of three chunks has no event that passes; what was read to open the file is not read again.
      expect(result.bytes).toBeLessThan(0.6 * size);
    } finally {
      session.close();
    }
  }
});
