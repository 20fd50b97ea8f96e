import { expect, it, test } from 'vitest';
import { HIDDEN, passing, withHidden } from './cutBrush.ts';
import { cutConstants } from './cutConstants.ts';
import { parseDocument } from './yaml.ts';

const { document } = parseDocument(`lumiscope: 1
select:
  window: 60 < m <= 120 and n >= 2
  other: x > 1 or y > 2
  equal: n == 2
`);
const constants = cutConstants(document!.select);

test.each<['<' | '<=' | '>' | '>=']>([['<'], ['<='], ['>'], ['>=']])(
  'numbers that pass %s are a range, to the last double',
  (op) => {
    const passes = {
      '<': (x: number) => x < 20,
      '<=': (x: number) => x <= 20,
      '>': (x: number) => x > 20,
      '>=': (x: number) => x >= 20,
    }[op];
    const [from, to] = passing(op, 20)!;
    for (const x of [-1e300, 19.999999999999996, 20, 20.000000000000004, 1e300])
      expect([x, from <= x && x < to]).toEqual([x, passes(x)]);
  },
);

it('of zero and of negative numbers as well', () => {
  expect(passing('>', 0)![0]).toBe(Number.MIN_VALUE);
  expect(passing('>', -1)![0]).toBe(-0.9999999999999999);
  expect(passing('==', 1)).toBeUndefined();
});

it('the document has the rest of the cut, and a histogram with a bound for each stop', () => {
  const made = withHidden(document!, constants[0]!, [50, 60, 70])!;
  expect(made.select[0]!.expression).toBe('(m <= 120) and n >= 2');
  const [from] = passing('>', 60)!;
  const { name, axes } = made.histograms.at(-1)!;
  expect(name).toBe(HIDDEN);
  expect(axes[0]!.value).toMatch(/^min\(max\(m, /);
  expect(axes[0]!.edges!.slice(1, -1)).toEqual([passing('>', 50)![0], from, passing('>', 70)![0]]);
});

it('there is none for a comparison that does not decide alone', () => {
  const of = (cut: string) => constants.filter((one) => one.cut === cut);
  for (const constant of [...of('other'), ...of('equal')])
    expect(withHidden(document!, constant, [1, 2])).toBeUndefined();
  expect(of('other')).toHaveLength(2);
});
