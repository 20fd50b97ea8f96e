/** WGSL that generated code calls beside the number library: what is there only if it is called. */

import { CHOOSE, TIMES } from './lists.ts';
import { IN_RANGES } from './ranges.ts';
import { POLAR, POLAR_NEEDS } from './vectors.ts';

interface Declaration {
  text: string;
  /** Functions of the prelude or of the number library that it calls. */
  needs: readonly string[];
}

/** A single against a constant: next to a single `bound`, on one side of it. */
const comparison = (name: string, operator: string, side: string): Declaration => ({
  text: `fn single_${name}(x: f32, at: u32) -> bool {
  let bound = bitcast<f32>(constants[at]);
  return x ${operator} bound || (x == bound && bitcast<f32>(constants[at + 1u]) ${side} 0f);
}`,
  needs: [],
});

const PRELUDE: Record<string, Declaration> = {
  constant_int: { text: 'fn constant_int(at: u32) -> i32 { return bitcast<i32>(constants[at]); }', needs: [] },
  constant_num: {
    text: `fn constant_num(at: u32) -> Num {
  return num_const(bitcast<f32>(constants[at]), bitcast<f32>(constants[at + 1u]), bitcast<f32>(constants[at + 2u]));
}`,
    needs: ['num_const'],
  },
  single_lt: comparison('lt', '<', '>'),
  single_le: comparison('le', '<', '>='),
  single_gt: comparison('gt', '>', '<'),
  single_ge: comparison('ge', '>', '<='),
  single_eq: {
    text: `fn single_eq(x: f32, at: u32) -> bool {
  return x == bitcast<f32>(constants[at]) && bitcast<f32>(constants[at + 1u]) == 0f;
}`,
    needs: [],
  },
  times: { text: TIMES, needs: [] },
  choose: { text: CHOOSE, needs: ['times'] },
  in_ranges: { text: IN_RANGES, needs: [] },
  polar: { text: POLAR, needs: POLAR_NEEDS },
};

/** The prelude's functions among `called`, and the names that are left for the number library, with what the former call. */
export function prelude(called: Iterable<string>): { texts: string[]; others: Set<string> } {
  const names = new Set(called);
  // A set hands out what is added to it while it is gone through.
  for (const name of names) for (const need of PRELUDE[name]?.needs ?? []) names.add(need);
  const own = Object.entries(PRELUDE).filter(([name]) => names.has(name));
  return {
    texts: own.map(([, { text }]) => text),
    others: new Set([...names].filter((name) => !(name in PRELUDE))),
  };
}
