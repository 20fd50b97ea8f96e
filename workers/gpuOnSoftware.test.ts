/** A session on a real WebGPU implementation: Dawn over SwiftShader. What it counts is held against WebAssembly. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseDocument } from '../core/analysis/yaml.ts';
import type { NamedHistogram } from '../core/hist/datasets.ts';
import { testAdapter } from '../gpu-kernels/testing/softwareGpu.ts';
import { createNodeSession } from './nodeSession.ts';

const FILE = join(import.meta.dirname, '../public/demo/lumiscope-demo.parquet');
const { document } = parseDocument(`
lumiscope: 1
datasets: [{ name: demo, files: [demo.parquet] }]
select: { two muons: len(Muon) >= 2 }
weight: 0.25 + Muon[0].eta
histograms:
  met: { axes: [{ value: MET.pt, bins: 40, range: [0, 160] }] }
`);

test('a session counts on the GPU what it counts without', async ({ skip }) => {
  if (!(await testAdapter())) return skip('no Vulkan loader with an adapter on this machine');
  const session = createNodeSession({ workers: 1 });
  const run = (engine: 'gpu' | 'wasm') => session.run(document!, [[{ kind: 'path', path: FILE }]], { engine });
  const [exact, result] = [await run('wasm'), await run('gpu')];
  const again = await run('gpu');
  session.close();
  expect(result.engineNote).toBeUndefined();
  expect(result).toMatchObject({ engine: 'gpu', eventsRead: exact.eventsRead });
  expect(again.histograms).toEqual(result.histograms);
  // Squares of weights below 4 in fixed point: each loses less than a unit of 2⁻³³ of the largest one's.
  const resolution = (fills: number) => fills * 4 ** 2 * 2 ** -33;
  exact.cutflow[0]!.rows.forEach(({ events, sumw, sumw2 }, k) => {
    const row = result.cutflow[0]!.rows[k]!;
    expect(row.events).toBe(events);
    expect(Math.abs(row.sumw - sumw)).toBeLessThan(resolution(events));
    expect(Math.abs(row.sumw2 - sumw2)).toBeLessThan(resolution(events));
  });
  const [{ histogram }] = exact.histograms as [NamedHistogram];
  const { values, variances, entries, missing } = result.histograms[0]!.histogram;
  expect({ entries, missing }).toEqual({ entries: histogram.entries, missing: histogram.missing });
  histogram.values.forEach((value, bin) => {
    expect(Math.abs(values[bin]! - value)).toBeLessThan(resolution(entries));
    expect(Math.abs(variances![bin]! - histogram.variances![bin]!)).toBeLessThan(resolution(entries));
  });
}, 120_000);
