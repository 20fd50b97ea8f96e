/**
 * A full refill in each frame: a cut is dragged over up to 100 million events of five single-precision columns that lie on the GPU, and
 * all histograms are filled anew. As a share of what the device copies (`copyBufferToBuffer` of the same bytes), and beside the WebAssembly engine on one thread.
 *
 * On a software adapter there are as many events as it runs in a fraction of a second.
 */
import type { AnalysisDocument } from '../core/analysis/document.ts';
import type { ColumnData, ColumnInfo } from '../core/schema/column.ts';
import { USAGE } from '../gpu-kernels/device/flags.ts';
import { openGpu } from '../gpu-kernels/device/open.ts';
import { lowerProgram } from '../gpu-kernels/lower/lowerProgram.ts';
import { nodeGpu } from '../gpu-kernels/testing/softwareGpu.ts';
import type { GpuChunk, GpuRunResult, LoweredProgram } from '../gpu-kernels/types.ts';
import { instantiateLibm } from '../workers/engine/libm/libm.ts';
import { BenchEngine, compile } from './engine.ts';
import { figure, median, percentile, print, timed } from './report.ts';

const EVENTS = 100_000_000;
const EVENTS_SOFTWARE = 32_768;
/** Events of a chunk, as those of files; so many are different, and the others copies of them. */
const CHUNK = 262_144;
const CHUNK_SOFTWARE = 16_384;
const DIFFERENT = 4;
const REFILLS = 60;
const REFILLS_SOFTWARE = 5;
/** Events that the WebAssembly engine is timed on: its time per event is the same for all numbers. */
const PEER_EVENTS = 4 * CHUNK;
const PEER_REPEATS = 5;
const WARMUP = 3;
const COPIES = 15;

const NAMES = ['pt', 'eta', 'phi', 'mass', 'met'];
const COLUMNS: ColumnInfo[] = NAMES.map((name) => ({ name, type: 'float32', depth: 0, nullable: false }));
const BYTES_PER_EVENT = 4 * NAMES.length;

const gpu = await nodeGpu();
const host = await openGpu(gpu).catch((error: Error) => {
  process.stdout.write(`### Refills on the GPU: skipped, ${error.message}\n`);
  process.exit(0);
});
const { info } = host;
const wanted = info.isSoftware ? EVENTS_SOFTWARE : EVENTS;
const chunkEvents = info.isSoftware ? CHUNK_SOFTWARE : CHUNK;
const chunkCount = Math.floor(Math.min(wanted, (0.9 * info.budget) / BYTES_PER_EVENT) / chunkEvents);
const events = chunkCount * chunkEvents;
const bytes = events * BYTES_PER_EVENT;

const data = Array.from({ length: DIFFERENT }, (_, k) => chunkOf(k, chunkEvents));
const chunks: GpuChunk[] = [];
const uploadBegin = performance.now();
for (let chunk = 0; chunk < chunkCount; chunk++) {
  await host.upload({ file: 0, chunk }, data[chunk % DIFFERENT]!);
  chunks.push({ file: 0, chunk, events: chunkEvents });
}
const uploaded = (performance.now() - uploadBegin) / 1000;
if (chunks.some((chunk) => host.resident(chunk).size < NAMES.length))
  throw new Error('the columns do not fit on the GPU');

const rows: string[][] = [];
const notes: string[] = [];
const copied = await copyBandwidth();
for (const [name, weight] of [
  ['counts', undefined],
  ['weighted, Σw and Σw²', '1 + 0.001 * met'],
] as const) {
  const { seconds, lowering, doubtful } = await refills(weight);
  const took = median(seconds);
  const share = bytes / took / copied;
  const peer = await peerSeconds(weight);
  rows.push([
    name,
    figure(1e3 * took),
    figure(1e3 * percentile(seconds, 0.95)),
    figure(events / took / 1e6),
    `${figure(100 * share)} %`,
    figure(PEER_EVENTS / peer / 1e6),
  ]);
  notes.push(
    `${name}: a new cut value is made into constants in ${figure(1e3 * median(lowering))} ms; ${figure(doubtful)} events in doubt, which are not in the time`,
  );
}
host.destroy();

const device = info.description || `${info.vendor} ${info.architecture}`;
print(
  `Refills on the GPU: ${figure(events)} events of ${NAMES.length} float32 columns, a cut and ${histograms().length} histograms`,
  ['', 'ms, median', 'ms, p95', 'million events/s', 'of copy bandwidth', 'WebAssembly, one thread, million events/s'],
  rows,
  [
    `on ${device}${info.isSoftware ? ', a software adapter: these figures say nothing of a GPU' : ''}`,
    `it copies ${figure(copied / 1e9)} GB/s, read and written; a refill reads ${figure(bytes / 1e6)} MB`,
    `uploaded at ${figure(bytes / uploaded / 1e6)} MB/s`,
    ...notes,
    `medians of ${info.isSoftware ? REFILLS_SOFTWARE : REFILLS} refills, each with another cut`,
  ],
);

function histograms(weighted = false): AnalysisDocument['histograms'] {
  const one = (name: string, axes: [string, number, number, number][]) => ({
    name,
    axes: axes.map(([value, bins, lo, hi]) => ({ value, bins, range: [lo, hi] as [number, number] })),
    storage: weighted ? ('weighted' as const) : ('count' as const),
  });
  return [
    one('pt', [['pt', 100, 0, 200]]),
    one('eta', [['eta', 50, -2.5, 2.5]]),
    one('phi', [['phi', 64, -3.2, 3.2]]),
    one('mass', [['mass', 120, 60, 120]]),
    one('met', [['met', 100, 0, 200]]),
    one('eta phi', [
      ['eta', 20, -2.5, 2.5],
      ['phi', 20, -3.2, 3.2],
    ]),
  ];
}

function documentOf(cut: number, weight: string | undefined): AnalysisDocument {
  return {
    lumiscope: 1,
    datasets: [{ name: 'events', files: [] }],
    define: [],
    select: [{ name: 'cut', expression: `pt > ${cut}`, enabled: true }],
    ...(weight && { weight }),
    histograms: histograms(weight !== undefined),
    defaults: {},
  };
}

/** One refill after the other, each with its own cut. */
async function refills(weight: string | undefined) {
  const math = await instantiateLibm(new WebAssembly.Memory({ initial: 4 }));
  const shapes = new Map(COLUMNS.map(({ name, type, depth, nullable }) => [name, { type, depth, nullable }]));
  const lowering: number[] = [];
  const programOf = (cut: number): LoweredProgram => {
    const begin = performance.now();
    const lowered = lowerProgram(compile(documentOf(cut, weight), COLUMNS), shapes, { math, limits: info.limits });
    lowering.push((performance.now() - begin) / 1000);
    if ('reason' in lowered) throw new Error(lowered.reason);
    return lowered;
  };
  const repeats = info.isSoftware ? REFILLS_SOFTWARE : REFILLS;
  const seconds: number[] = [];
  const codes = new Set<string>();
  let last: GpuRunResult | undefined;
  // The first ones compile, and tell how much may be run at once.
  for (let k = -WARMUP; k < repeats; k++) {
    const program = programOf(20 + 0.137 * k);
    codes.add(program.code);
    const begin = performance.now();
    last = await host.run(program, chunks);
    if (k >= 0) seconds.push((performance.now() - begin) / 1000);
  }
  if (codes.size > 1) throw new Error('a new cut made a new program');
  const doubtful = last!.doubtful.reduce((sum, { rows }) => sum + rows.length, 0);
  if (last!.partial.events + doubtful !== events) throw new Error('events were lost');
  return { seconds, lowering, doubtful };
}

/** Seconds of the WebAssembly engine for `PEER_EVENTS`. */
async function peerSeconds(weight: string | undefined): Promise<number> {
  const engine = new BenchEngine();
  for (const [name, column] of chunkOf(0, PEER_EVENTS)) engine.place(name, column);
  const program = compile(documentOf(20, weight), COLUMNS);
  const prepared = await engine.prepare(program);
  return median(timed(PEER_REPEATS, 1, () => engine.run(program, prepared)));
}

/** Bytes per second, read and written, of copies of as many bytes as a refill reads. */
async function copyBandwidth(): Promise<number> {
  const adapter = (await gpu.requestAdapter({ powerPreference: 'high-performance' }))!;
  const { maxBufferSize } = adapter.limits;
  const copier = await adapter.requestDevice({ requiredLimits: { maxBufferSize } });
  const size = Math.min(bytes, maxBufferSize, 2 ** 29);
  const [source, target] = [0, 1].map(() => copier.createBuffer({ size, usage: USAGE.COPY_SRC | USAGE.COPY_DST }));
  const took: number[] = [];
  for (let k = -2; k < COPIES; k++) {
    const encoder = copier.createCommandEncoder();
    for (let at = 0; at < bytes; at += size)
      encoder.copyBufferToBuffer(source!, 0, target!, 0, Math.min(size, bytes - at));
    const begin = performance.now();
    copier.queue.submit([encoder.finish()]);
    await copier.queue.onSubmittedWorkDone();
    if (k >= 0) took.push((performance.now() - begin) / 1000);
  }
  copier.destroy();
  return (2 * bytes) / median(took);
}

/** A falling spectrum, flat angles, a peak and a tail: always the same. */
function chunkOf(seed: number, length: number): Map<string, ColumnData> {
  let state = (seed + 1) * 88172645;
  const uniform = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
  const draws = [
    () => -30 * Math.log(1 - uniform()),
    () => 5 * uniform() - 2.5,
    () => 2 * Math.PI * uniform() - Math.PI,
    () => 91 + 2.5 * Math.tan(Math.PI * (uniform() - 0.5)),
    () => -20 * Math.log(1 - uniform()),
  ];
  return new Map(
    NAMES.map((name, k) => {
      const values = Float32Array.from({ length }, draws[k]!);
      return [name, { type: 'float32', length, offsets: [], values }];
    }),
  );
}
