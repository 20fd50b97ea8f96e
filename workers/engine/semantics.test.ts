/** What expressions are worth, from their text: corners of the language's rules on missing values and numbers. */
import { expect, it } from 'vitest';
import { checkExpression } from '../../core/expr/check.ts';
import { Context } from '../../core/expr/context.ts';
import type { Expr } from '../../core/expr/typedForm.ts';
import { buildSchema } from '../../core/schema/build.ts';
import type { ColumnData, ColumnInfo } from '../../core/schema/column.ts';
import { flat, jagged } from './testing/data.ts';
import { testedEngine } from './testing/engines.ts';
import { type ProbeValue, probe } from './testing/probe.ts';

/** Two events: muons of 30 and 20 GeV, the first one in the jet of 40 GeV; one muon of 10 GeV in no jet. */
const columns: Record<string, ColumnData> = {
  Muon_pt: jagged('float32', [[30, 20], [10]]),
  Muon_jetIdx: jagged('int32', [[0, -1], [-1]]),
  Jet_pt: jagged('float32', [[40], [60]]),
  event: flat('uint64', [2n ** 53n + 1n, 2n ** 64n - 1n]),
  x: flat('float32', [1, undefined]),
};

const collections = [
  { name: 'Muon', columns: ['Muon_pt', 'Muon_jetIdx'] },
  { name: 'Jet', columns: ['Jet_pt'] },
];

function typed(text: string): Expr {
  const infos = Object.entries(columns).map(
    ([name, { type, offsets, valid }]): ColumnInfo => ({ name, type, depth: offsets.length, nullable: Boolean(valid) }),
  );
  const value = checkExpression(new Context(buildSchema(infos)), text);
  if (value.kind !== 'one') throw new TypeError(`${text} is no single value`);
  return value.expr;
}

const REFS = '[m.jet for m in Muon]';

const cases: [string, [ProbeValue, ProbeValue]][] = [
  // A missing item answers for itself: it is not the same as no item.
  [`sum(${REFS} is None)`, [1n, 1n]],
  [`sum((${REFS} is None)[:2])`, [1n, 1n]],
  [`len((${REFS} is None)[${REFS} is None])`, [1n, 1n]],
  [`all((${REFS} is None)[${REFS} is None])`, [true, true]],
  [`(${REFS} is None)[-1]`, [true, true]],
  [`(${REFS} is None)[7]`, [undefined, undefined]],
  [`True in (${REFS} is None)`, [true, true]],
  [`fill_none(sort(${REFS}, key=lambda j: -fill_none(j.pt, 1000))[0].pt, 7)`, [7, 7]],
  [`max(fill_none(${REFS}.pt, 5), key=fill_none(${REFS}.pt, 1000))`, [5, 5]],
  ['fill_none(Muon.jet.pt, 3)[1]', [3, undefined]],
  ['sum(fill_none(Muon.jet.pt, 3)[Muon.pt > 15])', [43, 0]],
  // Missing spreads, until it is dealt with.
  ['x + 1', [2, undefined]],
  ['x is None', [false, true]],
  ['x > 0 or len(Muon) == 1', [true, true]],
  ['Muon[1].pt > 0 and False', [false, false]],
  ['fill_none(Muon[1].pt, -1)', [20, -1]],
  ['len(Muon) // 0', [undefined, undefined]],
  // Integers stay exact.
  ['event == 9007199254740993', [true, false]],
  ['event > 0', [true, true]],
  ['event + 1', [2n ** 53n + 2n, 0n]],
  ['-7 // 2', [-4n, -4n]],
  ['-7 % 3', [2n, 2n]],
  ['7 / 2', [3.5, 3.5]],
  // Python's spellings of numbers.
  ['2. + len(Muon)', [4, 3]],
  ['1.e2', [100, 100]],
  ['0x1F + 0b11 + 1_000', [1034n, 1034n]],
];

it.each(cases)('%s', async (text, wanted) => {
  const engine = await testedEngine('reference');
  const [values] = await probe(engine, { events: 2, columns, collections }, [typed(text)]);
  expect(values).toEqual(wanted);
});
