import { describe, expect, it } from 'vitest';
import { compileDocument } from '../../../core/analysis/compile.ts';
import type { AnalysisDocument } from '../../../core/analysis/document.ts';
import { buildSchema } from '../../../core/schema/build.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { testedEngine } from '../testing/engines.ts';

const AXIS = { bins: 48, range: [-2.4, 2.4] as [number, number] };

/** Every edge with its neighbours, values far outside, zeros, NaN, and some in between: places where two ways of binning could differ. */
function awkwardValues(): number[] {
  const [lo, hi] = AXIS.range;
  const values = [
    0,
    -0,
    Number.NaN,
    Infinity,
    -Infinity,
    5e-324,
    -5e-324,
    1e300,
    -1e300,
    2 ** 51 + 0.5,
    -(2 ** 51) - 0.5,
    2 ** 53,
  ];
  for (let k = -1; k <= AXIS.bins + 1; k++) {
    const edge = lo + (k * (hi - lo)) / AXIS.bins;
    for (const step of [0, 1, -1, 2, -2, 3, -3, 1e3, -1e3]) values.push(edge + step * 2 ** -53 * Math.abs(edge));
  }
  return values;
}

/** As many as asked for, the awkward ones in every place of a group of four. */
const values = (count: number): number[] => {
  const pool = awkwardValues();
  return Array.from({ length: count }, (_, k) => (k % 3 === 0 ? pool[(k / 3) % pool.length] : -3 + ((k * 0.618) % 6)));
};

const flat = (type: 'float32' | 'float64', numbers: number[]): ColumnData => ({
  type,
  length: numbers.length,
  offsets: [],
  values: type === 'float32' ? Float32Array.from(numbers) : Float64Array.from(numbers),
});

const EVENTS = 3003;

function data(type: 'float32' | 'float64'): Map<string, ColumnData> {
  const offsets = Uint32Array.from({ length: EVENTS + 1 }, (_, k) => Math.floor(k * 1.7));
  const items = flat(type, values(offsets[EVENTS]));
  const weights = Array.from({ length: EVENTS }, (_, k) => (k % 5 === 0 ? -0.25 : 0.5 + (k % 8) / 8));
  return new Map([
    ['x', flat(type, values(EVENTS))],
    ['w', flat(type, weights)],
    ['Muon_x', { ...items, length: EVENTS, offsets: [offsets] }],
  ]);
}

/** Results of both engines, the WebAssembly one in slices of odd lengths. */
async function results(parts: Partial<AnalysisDocument>, columns: Map<string, ColumnData>) {
  const schema = buildSchema(
    [...columns].map(([name, { type, offsets }]) => ({ name, type, depth: offsets.length, nullable: false })),
  );
  const document = { lumiscope: 1, datasets: [], define: [], select: [], histograms: [], defaults: {}, ...parts };
  const { program } = compileDocument(document as AnalysisDocument, schema);
  if (!program) throw new Error('the document is wrong');
  return Promise.all(
    (['reference', 'wasm'] as const).map(async (name) => {
      const prepared = await (await testedEngine(name)).prepare(program);
      const run = prepared.start(program.columns.map((column) => columns.get(column) as ColumnData));
      for (const [begin, end] of [
        [0, 1],
        [1, 7],
        [7, 1001],
        [1001, EVENTS],
      ])
        run.run(begin, end);
      const result = run.result();
      run.release();
      return result;
    }),
  );
}

describe.each(['float32', 'float64'] as const)('a column of %s', (type) => {
  const histogram = (value: string, more = {}) => ({ name: 'h', axes: [{ value, ...AXIS }], ...more });

  it.each([
    ['counted', {}, 'x', {}],
    ['with the weight of a column', {}, 'x', { weight: 'w' }],
    ['with the weight of the document', { weight: 'w' }, 'x', {}],
    ['with sums of 1', {}, 'x', { storage: 'weighted' }],
    ['per item', {}, 'Muon.x', {}],
  ])('is filled as the reference fills it: %s', async (_name, parts, value, more) => {
    const [reference, wasm] = await results({ ...parts, histograms: [histogram(value, more)] }, data(type));
    expect(wasm).toEqual(reference);
    expect(reference.histograms[0].entries).toBeGreaterThan(EVENTS - 1);
  });

  it('is filled beside a histogram that needs the event loop', async () => {
    const second = { ...histogram('x * 2'), name: 'second' };
    const [reference, wasm] = await results({ weight: 'w', histograms: [histogram('x'), second] }, data(type));
    expect(wasm).toEqual(reference);
  });
});
