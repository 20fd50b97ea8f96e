import { BINDINGS, PARAMS } from './types.ts';

/** Vectors of the uniform `params` in every module: 64 KiB, which all adapters bind. */
export const PARAM_VECTORS = 4096;

/** Vectors of four words that one chunk's block takes in `params`. */
export function blockVectors(arrays: number, weights: number): number {
  return Math.ceil((PARAMS.BASES + arrays + weights) / 4);
}

/**
 * WGSL that declares `params` and reads it, for a program with so many arrays and weights:
 *
 * - `block`: private; `main` sets it to `workgroup_id.y` before anything else
 * - `param(i)`: word `i` of the own block
 * - `param_of(block, i)`: the same, for code before a barrier: uniform where `block` is `workgroup_id.y` itself
 */
export function declareParams(arrays: number, weights: number): string {
  return `@group(0) @binding(${BINDINGS.PARAMS}) var<uniform> params: array<vec4<u32>, ${PARAM_VECTORS}>;
var<private> block: u32;
fn param_of(chunk: u32, i: u32) -> u32 { return params[chunk * ${blockVectors(arrays, weights)}u + (i >> 2u)][i & 3u]; }
fn param(i: u32) -> u32 { return param_of(block, i); }
`;
}

/** WGSL that declares the other buffers of group 0. */
export function declareBuffers(): string {
  return `@group(0) @binding(${BINDINGS.COLUMNS}) var<storage, read> columns: array<u32>;
@group(0) @binding(${BINDINGS.CONSTANTS}) var<storage, read> constants: array<u32>;
@group(0) @binding(${BINDINGS.RESULTS}) var<storage, read_write> results: array<atomic<u32>>;
@group(0) @binding(${BINDINGS.DOUBTS}) var<storage, read_write> doubts: array<atomic<u32>>;
`;
}
