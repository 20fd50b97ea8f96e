/**
 * Fills on the GPU beside the WebAssembly engine on one thread: counts of one to four axes, 10² to 10⁷ bins, uniform and peaked data; then, for
 * `gpu-kernels/fill/plan.ts`, bins in workgroup memory beside bins in global memory.
 *
 * On a software adapter there are so few events that the figures only show that it runs.
 */
import type { AnalysisDocument } from '../core/analysis/document.ts';
import type { ColumnData, ColumnInfo } from '../core/schema/column.ts';
import { openGpu } from '../gpu-kernels/device/open.ts';
import { lowerProgram } from '../gpu-kernels/lower/lowerProgram.ts';
import { nodeGpu } from '../gpu-kernels/testing/softwareGpu.ts';
import type { GpuChunk, GpuLimits } from '../gpu-kernels/types.ts';
import { instantiateLibm } from '../workers/engine/libm/libm.ts';
import { BenchEngine, compile } from './engine.ts';
import { figure, median, print, timed } from './report.ts';

const CHUNKS = 128;
const PEER_CHUNKS = 4;
const AXES = ['a', 'b', 'c', 'd'];
const COLUMNS: ColumnInfo[] = [...AXES, 'w'].map((name) => ({ name, type: 'float32', depth: 0, nullable: false }));
/** What every device has; no room for bins. */
const ROOM: Partial<GpuLimits> = { workgroupBytes: 16_384 };
const NO_ROOM: Partial<GpuLimits> = { workgroupBytes: 512 };

type Shape = 'uniform' | 'peaked';
const SHAPES: Shape[] = ['uniform', 'peaked'];

const host = await openGpu(await nodeGpu()).catch((error: Error) => {
  process.stdout.write(`### Fills on the GPU: skipped, ${error.message}\n`);
  process.exit(0);
});
const { info } = host;
const math = await instantiateLibm(new WebAssembly.Memory({ initial: 4 }));
const [chunkEvents, chunkCount, repeats] = info.isSoftware ? [32_768, 1, 1] : [262_144, CHUNKS, 15];
const totals = info.isSoftware ? [100, 1e4, 1e6] : [100, 1000, 1e4, 1e5, 1e6, 1e7];
const events = chunkCount * chunkEvents;
const notes = [
  `on ${info.description || `${info.vendor} ${info.architecture}`}${info.isSoftware ? ', a software adapter: these figures say nothing of a GPU' : ''}`,
  `medians of ${repeats} runs over ${figure(events)} events that are there; the peak has σ = 0.3 % of the range`,
];

const engines = new Map<Shape, BenchEngine>();
const resident = new Map<Shape, GpuChunk[]>();
for (const [file, shape] of SHAPES.entries()) {
  const data = columnsOf(shape);
  const chunks = Array.from({ length: chunkCount }, (_, chunk) => ({ file, chunk, events: chunkEvents }));
  for (const chunk of chunks) await host.upload(chunk, data);
  resident.set(shape, chunks);
  const engine = new BenchEngine();
  for (const [name, column] of data) {
    const values = new Float32Array(PEER_CHUNKS * chunkEvents);
    for (let k = 0; k < PEER_CHUNKS; k++) values.set(column.values as Float32Array, k * chunkEvents);
    engine.place(name, { type: 'float32', length: values.length, offsets: [], values });
  }
  engines.set(shape, engine);
}

const rate = (found: number | undefined) => (found === undefined ? 'refused' : figure(found));

const rows: string[][] = [];
for (const shape of SHAPES)
  for (let axes = 1; axes <= AXES.length; axes++) {
    const cells: string[] = [];
    for (const bins of totals) {
      const document = documentOf(axes, bins, false);
      cells.push(`${rate(await gpuRate(document, shape))} / ${figure(await wasmRate(document, shape))}`);
    }
    rows.push([`${axes}-D, ${shape}`, ...cells]);
  }
print(
  'Fills on the GPU / by WebAssembly on one thread, million events/s',
  ['counts', ...totals.map((bins) => `10${'²³⁴⁵⁶⁷'[Math.round(Math.log10(bins)) - 2]} bins`)],
  rows,
  notes,
);

const places: string[][] = [];
for (const weighted of [false, true])
  for (const bins of info.isSoftware ? [100] : [100, 500, 2000]) {
    const document = documentOf(1, bins, weighted);
    const cells: string[] = [];
    for (const shape of SHAPES)
      for (const limits of [ROOM, NO_ROOM]) cells.push(rate(await gpuRate(document, shape, limits)));
    places.push([`${weighted ? 'Σw and Σw²' : 'counts'}, ${bins} bins`, ...cells]);
  }
print(
  'Bins in workgroup memory and in global memory, million events/s',
  ['1-D', ...SHAPES.flatMap((shape) => [`${shape}, workgroup`, `${shape}, global`])],
  places,
  [
    ...notes,
    `workgroup memory of ${ROOM.workgroupBytes} bytes; what does not fit it is in global memory in both columns`,
  ],
);
host.destroy();
process.exit(0);

/** Million events a second; undefined where the GPU does not take the program. */
async function gpuRate(
  document: AnalysisDocument,
  shape: Shape,
  limits: Partial<GpuLimits> = {},
): Promise<number | undefined> {
  const shapes = new Map(COLUMNS.map(({ name, type, depth, nullable }) => [name, { type, depth, nullable }]));
  const lowered = lowerProgram(compile(document, COLUMNS), shapes, { math, limits: { ...info.limits, ...limits } });
  if ('reason' in lowered) return undefined;
  const seconds: number[] = [];
  // The first ones compile, and tell how much may be run at once.
  for (let k = -2; k < repeats; k++) {
    const begin = performance.now();
    const { partial, doubtful } = await host.run(lowered, resident.get(shape)!);
    if (k >= 0) seconds.push((performance.now() - begin) / 1000);
    const left = doubtful.reduce((sum, one) => sum + one.rows.length, 0);
    if (partial.events + left !== events) throw new Error('events were lost');
  }
  return events / median(seconds) / 1e6;
}

async function wasmRate(document: AnalysisDocument, shape: Shape): Promise<number> {
  const engine = engines.get(shape)!;
  const program = compile(document, COLUMNS);
  const prepared = await engine.prepare(program);
  return (
    (PEER_CHUNKS * chunkEvents) / median(timed(info.isSoftware ? 2 : 5, 1, () => engine.run(program, prepared))) / 1e6
  );
}

/** One histogram with about so many bins in all. */
function documentOf(axes: number, bins: number, weighted: boolean): AnalysisDocument {
  const each = Math.round(bins ** (1 / axes));
  return {
    lumiscope: 1,
    datasets: [{ name: 'values', files: [] }],
    define: [],
    select: [],
    ...(weighted && { weight: 'w' }),
    histograms: [
      {
        name: 'h',
        axes: AXES.slice(0, axes).map((value) => ({ value, bins: each, range: [0, 1] as [number, number] })),
        storage: weighted ? 'weighted' : 'count',
      },
    ],
    defaults: {},
  };
}

/** The same numbers in every chunk and every run; a peak is the sum of twelve uniform numbers. */
function columnsOf(shape: Shape): Map<string, ColumnData> {
  let state = 88172645;
  const uniform = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
  const peak = () => 0.5 + 0.003 * (Array.from({ length: 12 }, uniform).reduce((a, b) => a + b, 0) - 6);
  return new Map(
    COLUMNS.map(({ name }) => {
      const values = Float32Array.from({ length: chunkEvents }, shape === 'peaked' && name !== 'w' ? peak : uniform);
      return [name, { type: 'float32', length: chunkEvents, offsets: [], values }];
    }),
  );
}
