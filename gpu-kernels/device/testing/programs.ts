/** Programs by hand, in the manner of lowered ones, for tests of the device. */
import { declareBuffers, declareParams } from '../../params.ts';
import { type ConstantWords, type LoweredProgram, PARAMS, type ResidentArray } from '../../types.ts';

export interface HandWritten {
  /** WGSL that is done for event `e`: `bin(i, n)` adds to bin i, `note(e)` has it in doubt, `base(k)` is where array k begins, `weight(w)` notes |w|. */
  body: string;
  arrays?: ResidentArray[];
  constants?: ConstantWords[];
  bins: number;
  weights?: number;
}

const WORKGROUP = 64;

/** A program of one histogram of counts, whose bins the body adds to as it likes. */
export function program({ body, arrays = [], constants = [], bins, weights = 0 }: HandWritten): LoweredProgram {
  const probe = 4;
  const first = probe + 4;
  const code = `${declareParams(arrays.length, weights)}${declareBuffers()}
fn base(k: u32) -> u32 { return param(${PARAMS.BASES}u + k); }
fn add(word: u32, n: u32) {
  let first = param(${PARAMS.WINDOW}u);
  if (word >= first && word < param(${PARAMS.WINDOW_END}u)) { atomicAdd(&results[word - first], n); }
}
fn bin(i: u32, n: u32) { add(${first}u + i, n); }
fn note(e: u32) {
  if (param(${PARAMS.WINDOW}u) != 0u) { return; }
  let at = param(${PARAMS.DOUBTS}u);
  let k = atomicAdd(&doubts[at], 1u);
  if (k < param(${PARAMS.DOUBT_CAPACITY}u)) { atomicStore(&doubts[at + 1u + k], e); }
}
fn weight(w: f32) { if (param(${PARAMS.MODE}u) == 0u) { atomicMax(&results[${probe}u], bitcast<u32>(abs(w))); } }

@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  block = group.y;
  for (var e = param(${PARAMS.BEGIN}u) + id.x; e < param(${PARAMS.END}u); e += groups.x * ${WORKGROUP}u) {
    if (param(${PARAMS.MODE}u) == 1u) { add(0u, 1u); }
    ${body}
  }
}
`;
  return {
    code,
    workgroup: WORKGROUP,
    arrays,
    collections: [],
    constants,
    weights,
    layout: {
      cutflow: 0,
      cuts: 0,
      missingWeight: 1,
      probe,
      histograms: [{ missing: 2, bins: first, binCount: bins, binWords: 1, storage: 'count', fillsAtMost: 1 }],
      words: first + bins,
    },
  };
}

/** WGSL for entry `i` of array `k`, of 8, 16 or 32 bits. */
export function entry(k: number, bits: number, i: string): string {
  if (bits === 32) return `columns[base(${k}u) + (${i})]`;
  const shift = bits === 8 ? 2 : 1;
  const mask = 2 ** bits - 1;
  return `((columns[base(${k}u) + ((${i}) >> ${shift}u)] >> (((${i}) & ${2 ** shift - 1}u) * ${bits}u)) & ${mask}u)`;
}
