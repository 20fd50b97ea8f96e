/**
 * What every engine must answer, op by op and around the loop. A test file of an engine calls
 * `describeConformance` with its name.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Program } from '../../../core/expr/typedForm.ts';
import { forEachFilled } from '../../../core/hist/tiles.ts';
import type { Engine, LoopName, PartialResult } from '../engine.ts';
import {
  charge,
  constants,
  data,
  event,
  everywhere,
  flag,
  gappy,
  id,
  iso,
  lists,
  MIN,
  met,
  muon,
  muons,
  perEvent,
  pt,
  run,
} from './conformanceCases.ts';
import { flat, jagged, strings } from './data.ts';
import { testedEngine } from './engines.ts';
import * as f from './forms.ts';
import { probe, probeList } from './probe.ts';

function histogramProgram(parts: Partial<Program>): Program {
  return { columns: Object.keys(data.columns), collections: data.collections, cuts: [], histograms: [], ...parts };
}

async function runProgram(engine: Engine, program: Program): Promise<PartialResult> {
  const run = (await engine.prepare(program)).start(program.columns.map((name) => data.columns[name]!));
  run.run(0, 1);
  run.run(1, data.events);
  try {
    return run.result();
  } finally {
    run.release();
  }
}

/** The tests of one engine. */
export function describeConformance(name: LoopName): void {
  describe(`${name} engine`, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await testedEngine(name);
    });

    describe('op by op', () => {
      it.each(constants)('%s', async (_name, e, value) => {
        expect((await probe(engine, data, [e]))[0]).toEqual(everywhere(value));
      });

      it.each(perEvent)('%s', async (_name, e, values) => {
        expect((await probe(engine, data, [e]))[0]).toEqual(values);
      });

      it.each(lists)('%s', async (_name, list, body, values) => {
        expect(await probeList(engine, data, list, body)).toEqual(values);
      });

      it('finds the sign of a zero in a list', async () => {
        expect(await probeList(engine, data, f.slice(gappy, f.int(4)), id)).toEqual(Array(4).fill([-0, 0]));
      });
    });

    describe('around the loop', () => {
      const regular = { type: 'regular', bins: 2, lo: 0, hi: 20, scale: 'linear' } as const;

      it('counts events, Σw and Σw² before and after each cut', async () => {
        const result = await runProgram(
          engine,
          histogramProgram({
            weight: f.cond(f.compare('eq', run, f.int(-7)), f.none(f.FLOAT), f.float(0.5)),
            cuts: [
              { name: 'a muon', cond: f.compare('ge', f.len(muons()), f.int(1)) },
              { name: 'flag', cond: flag },
            ],
          }),
        );
        expect([...result.cutflow]).toEqual([4, 1.5, 0.75, 3, 1, 0.5, 2, 1, 0.5]);
        expect(result.events).toBe(4);
        expect(result.missingWeight).toBe(0);
      });

      it('leaves out and counts events whose weight is missing', async () => {
        const axes = [{ axis: regular, value: f.float(5) }];
        const result = await runProgram(
          engine,
          histogramProgram({
            weight: met,
            cuts: [{ name: 'not NaN', cond: f.not(f.fillMissing(f.isnan(met), f.bool(false))) }],
            histograms: [
              { name: 'w', storage: 'weighted', axes },
              { name: 'n', storage: 'count', axes },
            ],
          }),
        );
        expect(result.missingWeight).toBe(1);
        expect([...result.histograms[0]!.values]).toEqual([0, 10.5, 0, 0]);
        expect([...result.histograms[0]!.variances!]).toEqual([0, 110.25, 0, 0]);
        expect([...result.histograms[1]!.values]).toEqual([0, 2, 0, 0]);
        expect(result.histograms[1]!.variances).toBeUndefined();
        expect(result.histograms[1]!.entries).toBe(2);
      });

      it('fills per item, skips what select refuses, counts missing coordinates and weights', async () => {
        const list = muons();
        const result = await runProgram(
          engine,
          histogramProgram({
            histograms: [
              {
                name: 'iso',
                storage: 'weighted',
                per: { list, var: 1 },
                axes: [
                  { axis: { type: 'regular', bins: 2, lo: 0, hi: 2, scale: 'linear' }, value: iso(muon(1)) },
                  { axis: { type: 'boolean' }, value: f.compare('gt', charge(muon(1)), f.int(0)) },
                ],
                select: f.compare('ne', pt(muon(1)), f.float(20)),
                weight: f.cond(f.compare('eq', pt(muon(1)), f.float(50)), f.none(f.FLOAT), f.float(2)),
              },
            ],
          }),
        );
        const [histogram] = result.histograms;
        // Of six muons one is not selected, one has no iso, one no weight; NaN is overflow.
        expect(histogram!.missing).toBe(2);
        expect(histogram!.entries).toBe(3);
        expect([...histogram!.values]).toEqual([0, 0, 0, 2, 2, 0, 2, 0]);
        expect([...histogram!.variances!]).toEqual([0, 0, 0, 4, 4, 0, 4, 0]);
      });

      it('fills means: Σw, Σw², the mean and its deltas; what has no sample is missing', async () => {
        const list = muons();
        const axes = [{ axis: { type: 'boolean' } as const, value: f.compare('gt', charge(muon(1)), f.int(0)) }];
        const mean = { storage: 'mean', per: { list, var: 1 }, axes } as const;
        const weight = f.cond(f.compare('eq', pt(muon(1)), f.float(50)), f.float(0), f.toFloat(charge(muon(1))));
        const result = await runProgram(
          engine,
          histogramProgram({
            histograms: [
              { name: 'pt', ...mean, sample: pt(muon(1)) },
              { name: 'iso', ...mean, sample: iso(muon(1)), weight },
            ],
          }),
        );
        const [plain, weighted] = result.histograms;
        // Charges are 1 −1 | 1 | −1 1 −1, pT 30 20 | NaN | 5 50 5, iso 0.5 – | – | NaN 2 1.
        expect(plain).toMatchObject({ entries: 6, missing: 0 });
        expect([...plain!.values]).toEqual([3, 3]);
        expect([...plain!.variances!]).toEqual([3, 3]);
        expect([...plain!.means!]).toEqual([10, Number.NaN]);
        expect([...plain!.deltas!]).toEqual([150, Number.NaN]);
        expect(weighted).toMatchObject({ entries: 4, missing: 2 });
        expect([...weighted!.values]).toEqual([-2, 1]);
        expect([...weighted!.variances!]).toEqual([2, 1]);
        expect([...weighted!.means!]).toEqual([Number.NaN, 0.5]);
        expect([...weighted!.deltas!]).toEqual([Number.NaN, 0]);
      });

      it('holds the tiles of large histograms that something was filled into', async () => {
        const fine = { type: 'regular', bins: 64, lo: 0, hi: 64, scale: 'linear' } as const;
        const event = f.toFloat(charge(muon(1)));
        const axes = [pt(muon(1)), event, event, event, event, f.float(3), f.float(1), f.float(63)].map((value) => ({
          axis: fine,
          value,
        }));
        const list = muons();
        for (const [storage, values] of [
          ['count', [1, 2, 1, 1, 1]],
          ['weighted', [1, -2, -1, 1, 1]],
          ['mean', [1, -2, -1, 1, 1]],
        ] as const) {
          const per = { list, var: 1 };
          const weight = f.toFloat(charge(muon(1)));
          const result = await runProgram(
            engine,
            histogramProgram({
              histograms: [
                { name: 'h', storage, per, axes, ...(storage === 'mean' && { sample: pt(muon(1)) }), weight },
              ],
            }),
          );
          const [histogram] = result.histograms;
          expect(histogram).toMatchObject({ entries: 6, missing: 0 });
          const bin = (first: number, charge: number) =>
            [first, charge, charge, charge, charge, 4, 2, 64].reduce((at, index) => at * 66 + index, 0);
          // pT 30 20 | NaN | 5 50 5, charges 1 −1 | 1 | −1 1 −1: in the order of the bins 5 (twice), 20, 30, 50, NaN.
          const filled: [number, number][] = [];
          forEachFilled(histogram!, (at, index) => filled.push([at, histogram!.values[index]!]));
          const [, two, , ...rest] = values;
          expect(filled).toEqual([
            [bin(6, 0), two],
            [bin(21, 0), values[2]],
            [bin(31, 2), rest[0]],
            [bin(51, 2), rest[1]],
            [bin(65, 2), values[0]],
          ]);
          expect(histogram!.tiles!.at.length).toBe(5);
          if (storage === 'mean')
            expect(histogram!.means!.filter((mean) => mean !== 0)).toEqual(Float64Array.of(5, 20, 30, 50, Number.NaN));
        }
      });

      it('says which histogram takes too much memory', async () => {
        const fine = { type: 'intCategory', categories: Array.from({ length: 9000 }, (_, k) => BigInt(k)) } as const;
        const values = Array.from({ length: 5000 }, (_, k) => k % 2500);
        const numbers = f.column('n', f.INT);
        const prepared = await engine.prepare({
          columns: ['n'],
          collections: [],
          cuts: [],
          histograms: [
            {
              name: 'far apart',
              storage: 'weighted',
              axes: [
                { axis: fine, value: numbers },
                { axis: fine, value: f.int(3) },
              ],
            },
          ],
        });
        const run = prepared.start([flat('int32', values)], 5e4);
        try {
          expect(() => run.run(0, 5000)).toThrow('histogram far apart takes more than 0 MB of memory');
        } finally {
          run.release();
        }
        const enough = prepared.start([flat('int32', values)], 1e6);
        enough.run(0, 5000);
        const [histogram] = enough.result().histograms;
        enough.release();
        expect(histogram!.tiles!.at.length).toBe(2500);
        const filled: number[] = [];
        forEachFilled(histogram!, (bin, index) => filled.push(bin, histogram!.variances![index]!));
        expect(filled).toEqual(Array.from({ length: 2500 }, (_, k) => [k * 9001 + 3, 2]).flat());
      });

      it('takes missing for false in select', async () => {
        const axes = [{ axis: regular, value: f.float(5) }];
        const result = await runProgram(
          engine,
          histogramProgram({ histograms: [{ name: 'h', storage: 'count', axes, select: flag }] }),
        );
        expect(result.histograms[0]!.entries).toBe(2);
        expect(result.histograms[0]!.missing).toBe(0);
      });

      it('fills categories of ints, uints past 2^53 and strings, the rest into overflow', async () => {
        const result = await runProgram(
          engine,
          histogramProgram({
            histograms: [
              {
                name: 'i',
                storage: 'count',
                axes: [{ axis: { type: 'intCategory', categories: [-7n, MIN] }, value: run }],
              },
              {
                name: 'u',
                storage: 'count',
                axes: [
                  { axis: { type: 'intCategory', categories: [2n ** 53n + 1n, 2n ** 64n - 1n, -1n] }, value: event },
                ],
              },
              {
                name: 's',
                storage: 'count',
                axes: [
                  { axis: { type: 'strCategory', categories: ['tau', 'mu'] }, value: f.column('name', f.STRING, true) },
                ],
              },
            ],
          }),
        );
        expect([...result.histograms[0]!.values]).toEqual([1, 1, 2]);
        expect([...result.histograms[1]!.values]).toEqual([1, 1, 0, 2]);
        expect([...result.histograms[2]!.values]).toEqual([0, 2, 1]);
        expect(result.histograms[2]!.missing).toBe(1);
      });

      it('names both columns where a collection has two sizes', async () => {
        const prepared = await engine.prepare({
          columns: ['Muon_pt', 'Muon_eta'],
          collections: [{ name: 'Muon', columns: ['Muon_pt', 'Muon_eta'] }],
          cuts: [{ name: 'n', cond: f.compare('gt', f.len(muons()), f.int(0)) }],
          histograms: [],
        });
        const start = () => prepared.start([jagged('float32', [[1, 2], [3]]), jagged('float32', [[1], [2, 3]])]);
        expect(start).toThrow(/Muon_pt.*Muon_eta/);
      });

      it('runs over zero events', async () => {
        const prepared = await engine.prepare(
          histogramProgram({ histograms: [{ name: 'h', storage: 'count', axes: [{ axis: regular, value: met }] }] }),
        );
        const empty = Object.values(data.columns).map((c) =>
          c.type === 'string'
            ? { ...strings([]), dictionary: [] }
            : c.offsets.length > 0
              ? jagged(c.type, [])
              : flat(c.type, []),
        );
        const run_ = prepared.start(empty);
        run_.run(0, 0);
        expect(run_.result()).toMatchObject({ events: 0, missingWeight: 0, cutflow: Float64Array.of(0, 0, 0) });
      });
    });
  });
}
