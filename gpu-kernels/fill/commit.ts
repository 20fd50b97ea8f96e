/** WGSL of the queue of an event's fills, of what adds them, and of the entry point. */
import { type HistogramLayout, PARAMS, type ResultLayout } from '../types.ts';
import { hasSums, SUM_WORDS } from './layout.ts';
import { type FillPlan, QUEUE_FILLS } from './plan.ts';

export interface Accumulators {
  layout: ResultLayout;
  plan: FillPlan;
  firstScale: number;
  /** Whether `commit` is given the document's weight. */
  weighted: boolean;
}

/** Histograms that are filled once an event at most have variables of their own, which stay in registers; the others share a queue. */
const isQueued = (one: HistogramLayout) => one.fillsAtMost > 1;

export function commitCode(code: Accumulators): string {
  return [declareState(code.layout, code.plan), addFunctions(code), fillFunctions(code), commitFunction(code)].join(
    '\n',
  );
}

function declareState({ histograms, cuts, cutflowSums }: ResultLayout, { sharedWords }: FillPlan): string {
  const queued = histograms.some(isQueued);
  const lines = [
    `var<workgroup> shared_words: array<atomic<u32>, ${sharedWords}>;`,
    'var<private> lane: u32;',
    'var<private> probing: bool;',
    ...Array.from({ length: cuts + 1 }, (_, row) => `var<private> passed_${row}: u32;`),
    'var<private> without_weight: u32;',
  ];
  if (cutflowSums !== undefined)
    for (let row = 0; row <= cuts; row++)
      lines.push(`var<private> sum_${row}: vec2<u32>;`, `var<private> squares_${row}: vec2<u32>;`);
  if (queued)
    lines.push(
      `const QUEUE_FILLS: u32 = ${QUEUE_FILLS}u;`,
      'var<private> queue_length: u32;',
      'var<private> queue_histogram: array<u32, QUEUE_FILLS>;',
      'var<private> queue_bin: array<u32, QUEUE_FILLS>;',
    );
  if (histograms.some((one) => isQueued(one) && one.ownWeight))
    lines.push('var<private> queue_weight: array<vec2<u32>, QUEUE_FILLS>;');
  histograms.forEach((one, k) => {
    lines.push(`var<private> event_missing_${k}: u32;`, `var<private> all_missing_${k}: u32;`);
    if (one.entries !== undefined) lines.push(`var<private> all_entries_${k}: u32;`);
    if (isQueued(one)) return;
    lines.push(`var<private> has_fill_${k}: bool;`, `var<private> fill_bin_${k}: u32;`);
    if (one.ownWeight) lines.push(`var<private> fill_weight_${k}: vec2<u32>;`);
  });
  return lines.join('\n');
}

/** `add_K(bin)`, or `add_K(bin, w, square)`; `add_word` and `add_sum` add to `results`, in the window. */
function addFunctions({ layout, plan }: Accumulators): string {
  const place = plan.windowed
    ? `  let place = at - param(${PARAMS.WINDOW});\n  if (place >= param(${PARAMS.WINDOW_END}) - param(${PARAMS.WINDOW})) { return; }\n`
    : '  let place = at;\n';
  const sums = hasSums(layout);
  return [
    `fn add_word(at: u32, count: u32) {\n${place}  atomicAdd(&results[place], count);\n}`,
    sums
      ? `fn add_sum(at: u32, sum: vec2<u32>) {\n${place}${addPair('results[place]', 'results[place + 1u]', 'sum')}}`
      : '',
    sums
      ? `fn add_shared(low: u32, high: u32, sum: vec2<u32>) {\n${addPair('shared_words[low]', 'shared_words[high]', 'sum')}}`
      : '',
    ...layout.histograms.map((one, k) => addFunction(one, k, plan)),
  ].join('\n');
}

/** Adds 64 bits in two words: the one whose addition wraps the low word carries. */
function addPair(low: string, high: string, sum: string): string {
  return `  if (${sum}.x != 0u || ${sum}.y != 0u) {
    let before = atomicAdd(&${low}, ${sum}.x);
    let upper = ${sum}.y + select(0u, 1u, before + ${sum}.x < before);
    if (upper != 0u) { atomicAdd(&${high}, upper); }
  }
`;
}

function addFunction({ bins, binCount, weight }: HistogramLayout, k: number, { shared }: FillPlan): string {
  const own = shared[k];
  const isCount = weight === undefined;
  const head = isCount ? `fn add_${k}(bin: u32) {` : `fn add_${k}(bin: u32, w: vec2<u32>, square: vec2<u32>) {`;
  if (!own) {
    if (isCount) return `${head} add_word(${bins}u + bin, 1u); }`;
    return `${head}\n  add_sum(${bins}u + ${SUM_WORDS}u * bin, w);\n  add_sum(${bins + 2}u + ${SUM_WORDS}u * bin, square);\n}`;
  }
  const { at, copies } = own;
  const part = binCount * copies;
  const index = copies === 1 ? `${at}u + bin` : `${at}u + ((bin << ${Math.log2(copies)}u) | (lane & ${copies - 1}u))`;
  if (isCount) return `${head} atomicAdd(&shared_words[${index}], 1u); }`;
  return `${head}
  let place = ${index};
  add_shared(place, place + ${part}u, w);
  add_shared(place + ${2 * part}u, place + ${3 * part}u, square);
}`;
}

function fillFunctions({ layout, firstScale }: Accumulators): string {
  return layout.histograms
    .map((one, k) => {
      const parameters = one.ownWeight ? 'bin: u32, w: Num' : 'bin: u32';
      const tooMany = isQueued(one) ? ` if (event_missing_${k} > QUEUE_FILLS) { doubt = true; }` : '';
      const lines = [`fn missing_${k}() { event_missing_${k} += 1u;${tooMany} }`, `fn fill_${k}(${parameters}) {`];
      if (one.ownWeight) {
        const weight = one.weight as number;
        lines.push(
          `  if (probing) { if (!doubt) { note_weight(${layout.probe + weight}u, w); } return; }`,
          `  let fixed = to_fixed(w, param(${firstScale + weight}u));`,
        );
      }
      if (isQueued(one)) {
        lines.push(
          '  if (queue_length >= QUEUE_FILLS) { doubt = true; return; }',
          `  queue_histogram[queue_length] = ${k}u;`,
          '  queue_bin[queue_length] = bin;',
          ...(one.ownWeight ? ['  queue_weight[queue_length] = fixed;'] : []),
          '  queue_length += 1u;',
        );
      } else {
        lines.push(`  has_fill_${k} = true;`, `  fill_bin_${k} = bin;`);
        if (one.ownWeight) lines.push(`  fill_weight_${k} = fixed;`);
      }
      lines.push('}');
      return lines.join('\n');
    })
    .join('\n');
}

function commitFunction({ layout, firstScale, weighted }: Accumulators): string {
  const { histograms, cuts } = layout;
  const lines = [`fn commit(rows: u32, weight_missing: bool${weighted ? ', w: Num' : ''}) {`];
  if (weighted) {
    lines.push(
      `  if (probing) { if (!weight_missing && !doubt) { note_weight(${layout.probe}u, w); } return; }`,
      '  var fixed = vec2<u32>(0u, 0u);',
      '  var square = vec2<u32>(0u, 0u);',
      '  if (!weight_missing) {',
      `    let scale = param(${firstScale}u);`,
      '    fixed = to_fixed(w, scale);',
      '    square = square_fixed(fixed, scale);',
      '  }',
    );
  } else lines.push('  if (probing) { return; }');
  lines.push('  if (doubt) { return; }');
  for (let row = 0; row <= cuts; row++) {
    const sums = weighted
      ? ` sum_${row} = add_fixed(sum_${row}, fixed); squares_${row} = add_fixed(squares_${row}, square);`
      : '';
    lines.push(`  if (rows > ${row}u) { passed_${row} += 1u;${sums} }`);
  }
  lines.push(`  if (rows <= ${cuts}u) { return; }`, '  if (weight_missing) { without_weight += 1u; return; }');
  histograms.forEach((one, k) => {
    lines.push(`  all_missing_${k} += event_missing_${k};`);
    if (isQueued(one)) return;
    lines.push(`  if (has_fill_${k}) {`, ...addLines(one, k, firstScale, `fill_bin_${k}`, `fill_weight_${k}`), '  }');
  });
  if (histograms.some(isQueued)) {
    lines.push(
      '  for (var i = 0u; i < queue_length; i++) {',
      '    let bin = queue_bin[i];',
      '    switch queue_histogram[i] {',
    );
    histograms.forEach((one, k) => {
      if (isQueued(one))
        lines.push(`    case ${k}u: {`, ...addLines(one, k, firstScale, 'bin', 'queue_weight[i]'), '    }');
    });
    lines.push('    default: {}', '    }', '  }');
  }
  lines.push('}');
  return lines.join('\n');
}

function addLines(one: HistogramLayout, k: number, firstScale: number, bin: string, own: string): string[] {
  if (one.weight === undefined) return [`    add_${k}(${bin});`];
  const count = `    all_entries_${k} += 1u;`;
  if (!one.ownWeight) return [count, `    add_${k}(${bin}, fixed, square);`];
  return [count, `    add_${k}(${bin}, ${own}, square_fixed(${own}, param(${firstScale + one.weight}u)));`];
}

export function mainCode({ layout, plan }: Accumulators): string {
  const { histograms, cuts } = layout;
  const { workgroup } = plan;
  const reset = ['doubt = false;'];
  const counters: [at: number, name: string][] = Array.from({ length: cuts + 1 }, (_, row) => [
    layout.cutflow + row,
    `passed_${row}`,
  ]);
  counters.push([layout.missingWeight, 'without_weight']);
  if (histograms.some(isQueued)) reset.push('queue_length = 0u;');
  histograms.forEach((one, k) => {
    reset.push(`event_missing_${k} = 0u;`);
    if (!isQueued(one)) reset.push(`has_fill_${k} = false;`);
    counters.push([one.missing, `all_missing_${k}`]);
    if (one.entries !== undefined) counters.push([one.entries, `all_entries_${k}`]);
  });
  const firstWindow = plan.windowed ? ` && param(${PARAMS.WINDOW}) == 0u` : '';
  const { cutflowSums } = layout;
  const sums: [at: number, name: string][] = [];
  if (cutflowSums !== undefined)
    for (let row = 0; row <= cuts; row++)
      sums.push([cutflowSums + SUM_WORDS * row, `sum_${row}`], [cutflowSums + SUM_WORDS * row + 2, `squares_${row}`]);
  return `
fn note_doubt(e: u32) {
  let list = param(${PARAMS.DOUBTS}u);
  let place = atomicAdd(&doubts[list], 1u);
  if (place < param(${PARAMS.DOUBT_CAPACITY}u)) { atomicStore(&doubts[list + 1u + place], e); }
}
@compute @workgroup_size(${workgroup})
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  block = group.y;
  zero = param(${PARAMS.ZERO}u);
  probing = param(${PARAMS.MODE}u) == 0u;
  lane = local;
  let end = param(${PARAMS.END}u);
  for (var e = param(${PARAMS.BEGIN}u) + group.x * ${workgroup}u + local; e < end; e += groups.x * ${workgroup}u) {
    ${reset.join('\n    ')}
    event(e);
    if (doubt && !probing${firstWindow}) { note_doubt(e); }
  }
${counters.map(([at, name]) => `  if (${name} != 0u) { atomicAdd(&shared_words[${at}u], ${name}); }`).join('\n')}
${sums.map(([at, name]) => `  add_shared(${at}u, ${at + 1}u, ${name});`).join('\n')}
  workgroupBarrier();
  for (var i = local; i < ${cutflowSums ?? layout.probe}u; i += ${workgroup}u) {
    let count = atomicLoad(&shared_words[i]);
    if (count != 0u) { add_word(i, count); }
  }
${cutflowSums === undefined ? '' : flushSums(cutflowSums, 2 * sums.length, workgroup)}
${histograms.map((one, k) => flushBins(one, plan.shared[k], workgroup)).join('')}}
`;
}

function flushSums(at: number, words: number, workgroup: number): string {
  return `  for (var i = ${at}u + 2u * local; i < ${at + words}u; i += ${2 * workgroup}u) {
    add_sum(i, vec2<u32>(atomicLoad(&shared_words[i]), atomicLoad(&shared_words[i + 1u])));
  }
`;
}

// Bounds with `zero` in them keep compilers from unrolling what runs once: SwiftShader took three times as long over it.
function flushBins(
  { bins, binCount, weight }: HistogramLayout,
  own: FillPlan['shared'][number],
  workgroup: number,
): string {
  if (!own) return '';
  const { at, copies } = own;
  const part = binCount * copies;
  const from = (piece: number) => `shared_words[${at + piece * part}u + bin * ${copies}u + copy]`;
  const body =
    weight === undefined
      ? `    var count = 0u;
    for (var copy = 0u; copy < ${copies}u + zero; copy++) { count += atomicLoad(&${from(0)}); }
    if (count != 0u) { add_word(${bins}u + bin, count); }
`
      : `    var sum = vec2<u32>(0u, 0u);
    var squares = vec2<u32>(0u, 0u);
    for (var copy = 0u; copy < ${copies}u + zero; copy++) {
      sum = add_fixed(sum, vec2<u32>(atomicLoad(&${from(0)}), atomicLoad(&${from(1)})));
      squares = add_fixed(squares, vec2<u32>(atomicLoad(&${from(2)}), atomicLoad(&${from(3)})));
    }
    add_sum(${bins}u + ${SUM_WORDS}u * bin, sum);
    add_sum(${bins + 2}u + ${SUM_WORDS}u * bin, squares);
`;
  return `  for (var bin = local; bin < ${binCount}u; bin += ${workgroup}u) {\n${body}  }\n`;
}
