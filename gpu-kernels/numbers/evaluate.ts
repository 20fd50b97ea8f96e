/** Functions of the library on arguments that the host gives: for the check of a device, and for tests. */
import { MAP_READ, USAGE } from '../device/flags.ts';
import { library } from './library.ts';

/** One function as WGSL sees it, of numbers `a`, `b` or their words `w` (`array<u32, 6>`): what it returns. */
export interface Probe {
  /** Like `num_add(a, b)` or `int_add(i32(w[0]), i32(w[3]))`. */
  expression: string;
  result: 'number' | 'pair' | 'word' | 'bool';
}

/** Words (hi, lo, err) of two operands each. */
export type Operands = Uint32Array<ArrayBuffer>;

const RESULTS = {
  number: (text: string) => `let n = ${text}; r = vec3u(bitcast<u32>(n.hi), bitcast<u32>(n.lo), bitcast<u32>(n.err));`,
  pair: (text: string) => `let n = ${text}; r = vec3u(bitcast<u32>(n.x), bitcast<u32>(n.y), 0u);`,
  word: (text: string) => `r.x = u32(${text});`,
  bool: (text: string) => `r.x = select(0u, 1u, ${text});`,
};

const CALLED = /\b[a-z]\w*(?=\()/g;
const NOT_OURS = new Set(['i32', 'u32', 'bitcast']);

/** A module that evaluates `probes[which]`, `which` and a zero being the first words of its input. */
function probeModule(probes: readonly Probe[]): string {
  const called = probes
    .flatMap(({ expression }) => expression.match(CALLED) ?? [])
    .filter((name) => !NOT_OURS.has(name));
  const cases = probes.map(({ expression, result }, k) => `    case ${k}u: { ${RESULTS[result](expression)} }`);
  return /* wgsl */ `${library(called)}

@group(0) @binding(0) var<storage, read> given: array<u32>;
@group(0) @binding(1) var<storage, read_write> found: array<vec4u>;

fn number(w: u32) -> Num { return Num(bitcast<f32>(given[w]), bitcast<f32>(given[w + 1]), bitcast<f32>(given[w + 2])); }

@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&found)) { return; }
  zero = given[1];
  doubt = false;
  let at = 8u + 6u * id.x;
  let w = array<u32, 6>(given[at], given[at + 1], given[at + 2], given[at + 3], given[at + 4], given[at + 5]);
  let a = number(at);
  let b = number(at + 3);
  var r = vec3u();
  switch (given[0]) {
${cases.join('\n')}
    default: {}
  }
  found[id.x] = vec4u(r, u32(doubt));
}
`;
}

const HEAD_WORDS = 8;
const OPERAND_WORDS = 6;

/**
 * Compiles `probes` for `device`; what comes back runs the one at `which` over operands, and gives words (x, y, z, doubt) of each: hi, lo, err of a
 * number; two singles of a pair; one word, or 0 and 1.
 */
export async function prepareProbes(
  device: GPUDevice,
  probes: readonly Probe[],
): Promise<(which: number, operands: Operands) => Promise<Uint32Array<ArrayBuffer>>> {
  const module = device.createShaderModule({ code: probeModule(probes) });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  return async (which, operands) => {
    const count = operands.length / OPERAND_WORDS;
    const given = device.createBuffer({
      size: 4 * (HEAD_WORDS + operands.length),
      usage: USAGE.STORAGE | USAGE.COPY_DST,
    });
    const found = device.createBuffer({ size: 16 * count, usage: USAGE.STORAGE | USAGE.COPY_SRC });
    const copy = device.createBuffer({ size: 16 * count, usage: USAGE.MAP_READ | USAGE.COPY_DST });
    device.queue.writeBuffer(given, 0, Uint32Array.of(which, 0));
    device.queue.writeBuffer(given, 4 * HEAD_WORDS, operands);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    const entries = [given, found].map((buffer, binding) => ({ binding, resource: { buffer } }));
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(Math.ceil(count / 64));
    pass.end();
    encoder.copyBufferToBuffer(found, 0, copy, 0, 16 * count);
    device.queue.submit([encoder.finish()]);
    await copy.mapAsync(MAP_READ);
    const words = new Uint32Array(copy.getMappedRange().slice(0));
    for (const buffer of [given, found, copy]) buffer.destroy();
    return words;
  };
}
