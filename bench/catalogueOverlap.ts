/**
 * Overlaps and duplicates of event records, and which trigger chains fire together: `npx tsx bench/catalogueOverlap.ts [share of the data, default 1]`. Data are written to
 * a folder of the system's temporary one (or `LUMISCOPE_BENCH_DATA`) and used again. `LUMISCOPE_PYTHON` names a Python that has DuckDB.
 *
 * Seconds are of the whole, from keys on disk (which the system has in memory) to the matrix. CPU seconds are of all threads: records per CPU second are what a core does.
 */
import { loadavg } from 'node:os';
import type { Stream } from '../core/catalogue/stream.ts';
import { openPairDevice } from '../gpu-kernels/overlap/pairs.ts';
import { withCounting } from '../workers/catalogue/kernels/counting.ts';
import { nodeCatalogueThreads } from '../workers/catalogue/nodeCatalogue.ts';
import type { OpenCatalogue } from '../workers/catalogue/openCatalogue.ts';
import { countOverlaps } from '../workers/catalogue/overlap/countOverlaps.ts';
import { OverlapCounter } from '../workers/catalogue/overlap/overlapCounter.ts';
import { partKeys } from '../workers/catalogue/overlap/partKeys.ts';
import { type KeyBlock, windows } from '../workers/catalogue/overlap/windows.ts';
import { countRecords } from '../workers/catalogue/records/countRecords.ts';
import type { TaskContext } from '../workers/catalogue/taskContext.ts';
import { fileSource } from '../workers/io/nodeFile.ts';
import { nodeGpu } from '../workers/nodeGpu.ts';
import { type BenchKeys, benchKeys } from './catalogueKeys.ts';
import { chainPairsOnGpu, chainPairsOnWasm, firedChains } from './chains.ts';
import { absences, label, runPeers } from './peers.ts';
import { figure, print } from './report.ts';

const SCALE = Number(process.argv[2] ?? 1);
const MILLION = 1e6;
const SPARK =
  'Á. Fernández Casaní et al., Big Data Analytics for the ATLAS EventIndex Project with Apache Spark, 2023, https://doi.org/10.1155/2023/6900908';

interface Measured {
  seconds: number;
  cpu: number;
  /** Bytes that the process grew by, at most. */
  memory: number;
}

async function measured<T>(work: () => Promise<T>): Promise<Measured & { value: T }> {
  const rss = process.memoryUsage().rss;
  let most = rss;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  const before = process.cpuUsage();
  const begin = performance.now();
  const value = await work();
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(before);
  clearInterval(watch);
  return { value, seconds, cpu: (user + system) / 1e6, memory: Math.max(most, process.memoryUsage().rss) - rss };
}

const streamsOf = (size: number): Stream[] =>
  Array.from({ length: size }, (_, dstypeid) => ({ name: `${dstypeid}`, members: [{ dspid: 1, dstypeid }] }));

/** Runs once to warm up (threads, compiled code) on a piece of the data, then for good. */
async function onThreads<T>(
  { folder, manifest }: BenchKeys,
  workers: number,
  work: (catalogue: OpenCatalogue) => Promise<T>,
) {
  const threads = nodeCatalogueThreads({ workers });
  try {
    const catalogue = { folder, manifest, threads } as unknown as OpenCatalogue;
    const few = { ...manifest, parts: manifest.parts.filter((_, k) => k % 40 === 0) };
    await work({ ...catalogue, manifest: few });
    return await measured(() => work(catalogue));
  } finally {
    threads.close();
  }
}

/** Keys of each stream, decoded, as far as memory is to be had for. */
async function decoded({ folder, manifest }: BenchKeys, most: number): Promise<KeyBlock[][]> {
  const blocks: KeyBlock[][] = [];
  let records = 0;
  const counter = { bytes: 0, requests: 0 };
  const context = { object: (_: string, { path }: { path: string }) => fileSource(folder + path, counter) };
  for (const part of manifest.parts.toSorted((a, b) => (BigInt(a.first) < BigInt(b.first) ? -1 : 1))) {
    if (records >= most) break;
    const all = partKeys(context as unknown as TaskContext, folder, part, {}, [], new AbortController().signal);
    for await (const block of all) {
      blocks[part.dstypeid] ??= [];
      blocks[part.dstypeid]!.push(block);
      records += block.keys.length;
    }
  }
  return blocks;
}

/** Counts keys that are in memory. */
async function kernelAlone(streams: KeyBlock[][]): Promise<void> {
  await withCounting(async (counting) => {
    const counter = new OverlapCounter(counting, streams.length);
    const sources = streams.map((blocks, stream) => {
      const left = [...blocks];
      return { stream, next: async () => left.shift() };
    });
    for await (const window of windows(sources, counter.capacity)) counter.take(window);
    await counter.finish();
  });
}

const CASES = [
  { streams: 10, records: 10 * MILLION, share: 0.3 },
  { streams: 10, records: 30 * MILLION, share: 0.3 },
  { streams: 10, records: 100 * MILLION, share: 0.3 },
  { streams: 83, records: 20 * MILLION, share: 0.05 },
].map((one) => ({ ...one, records: Math.round(one.records * SCALE) }));

const perSecond = (records: number, seconds: number) => figure(records / seconds / MILLION);
const megabytes = (bytes: number) => figure(bytes / MILLION);

async function overlaps(): Promise<void> {
  const rows: string[][] = [];
  const notes: string[] = [];
  for (const { streams, records: asked, share } of CASES) {
    const data = await benchKeys(streams, asked, share);
    const { records } = data;
    const one = await onThreads(data, 1, (catalogue) => countOverlaps(catalogue, streamsOf(streams)));
    const two = await onThreads(data, 2, (catalogue) => countOverlaps(catalogue, streamsOf(streams)));
    if (String(one.value.both) !== String(two.value.both)) throw new Error('one and two threads differ');
    const blocks = await decoded(data, 20 * MILLION);
    const held = blocks.flat().reduce((sum, { keys }) => sum + keys.length, 0);
    await kernelAlone(blocks);
    const alone = await measured(() => kernelAlone(blocks));
    const [peer] = await runPeers('catalogue_duckdb.py', ['DuckDB'], {
      task: 'overlap',
      folder: data.folder,
      streams,
      size: streams * streams,
    });
    const run = peer && 'runs' in peer ? peer.runs : undefined;
    if (run && run.overlap!.counts[0]!.join() !== [...one.value.both].join())
      throw new Error('DuckDB counts otherwise');
    notes.push(...(peer ? absences([peer]) : []));
    rows.push([
      `${streams} × ${figure(records / MILLION)} M`,
      perSecond(records, one.seconds),
      perSecond(records, one.cpu),
      perSecond(records, two.seconds),
      perSecond(held, alone.cpu),
      megabytes(two.memory),
      run ? perSecond(records, run.overlap!.seconds[0]!) : 'absent',
      run ? perSecond(records, run.overlap!.seconds[1]!) : 'absent',
    ]);
  }
  print(
    'Overlaps of streams (million records a second; memory in MB)',
    [
      'streams × records',
      'one thread',
      'a CPU second',
      'two threads',
      'kernel alone',
      'memory',
      'DuckDB, all cores',
      'DuckDB, a CPU second',
    ],
    rows,
    [
      'all pairs, k-fold counts, from keys in Parquet on disk; kernel alone: keys in memory already, one thread; memory: growth of the process with two threads',
      'DuckDB: bit_or of streams by event number, then pairs of the distinct masks; the same matrix, or this stops',
      `published, Spark on HBase, up to 32 executors: 0.16 M/s of 100 M records, 0.38 M/s of 500 M × 83 streams (${SPARK})`,
      `load of the machine meanwhile: ${loadavg().map(figure).join(', ')}`,
      ...new Set(notes),
    ],
  );
}

async function duplicates(): Promise<void> {
  const { streams, records: asked, share } = CASES[2]!;
  const data = await benchKeys(streams, asked, share);
  const members = streamsOf(streams).flatMap((stream) => ('members' in stream ? [...stream.members] : []));
  const one = await onThreads(data, 1, (catalogue) => countRecords(catalogue, members));
  const two = await onThreads(data, 2, (catalogue) => countRecords(catalogue, members));
  const [peer] = await runPeers('catalogue_duckdb.py', ['DuckDB'], {
    task: 'duplicates',
    folder: data.folder,
    streams,
  });
  const run = peer && 'runs' in peer ? peer.runs : undefined;
  const counts = one.value.flatMap(({ events, events_uniq, events_dup }) => [events, events_uniq, events_dup]);
  if (run && run.duplicates!.counts[0]!.join() !== counts.join()) throw new Error('DuckDB counts otherwise');
  print(
    'Duplicates: events, events_uniq, events_dup by container, tid and file (million records a second)',
    ['records', 'one thread', 'a CPU second', 'two threads', 'memory, MB', 'DuckDB, all cores', 'DuckDB, a CPU second'],
    [
      [
        `${figure(data.records / MILLION)} M`,
        perSecond(data.records, one.seconds),
        perSecond(data.records, one.cpu),
        perSecond(data.records, two.seconds),
        megabytes(two.memory),
        run ? perSecond(data.records, run.duplicates!.seconds[0]!) : 'absent',
        run ? perSecond(data.records, run.duplicates!.seconds[1]!) : 'absent',
      ],
    ],
    [
      'DuckDB counts by container alone: files and tids would come on top',
      `published, Spark: 0.12 M/s of 100 M records (${SPARK})`,
      ...(peer ? absences([peer]) : []),
    ],
  );
}

async function triggers(): Promise<void> {
  const events = Math.round(MILLION * SCALE);
  const rows: string[][] = [];
  const notes: string[] = [];
  const device = await openPairDevice(await nodeGpu()).catch((error: Error) => {
    notes.push(`WebGPU: absent (${error.message})`);
    return undefined;
  });
  if (device) {
    const { description, architecture, isSoftware } = device.info;
    notes.push(
      `WebGPU on ${description || architecture}${isSoftware ? ', a software renderer on the same cores: no figure of a GPU' : ''}`,
    );
  }
  for (const chains of [512, 4096]) {
    const fired = firedChains(chains, events);
    const wasm = await measured(() => chainPairsOnWasm(fired));
    /** Software takes minutes for what a GPU does in a second: a part stands for the whole. */
    const part = device?.info.isSoftware ? { ...fired, events: Math.ceil(events / (chains / 16)) } : fired;
    const gpu = device && (await measured(() => chainPairsOnGpu(part, device)));
    const same = part === fired ? wasm.value : await chainPairsOnWasm(part);
    if (gpu && gpu.value.join() !== same.join()) throw new Error('WebGPU counts otherwise');
    const few = Math.min(events, 20_000);
    const [peer] = await runPeers('catalogue_duckdb.py', ['DuckDB'], {
      task: 'triggers',
      chains,
      lists: Array.from({ length: few }, (_, i) => [...fired.values.subarray(fired.offsets[i], fired.offsets[i + 1])]),
    });
    const run = peer && 'runs' in peer ? peer.runs.triggers : undefined;
    const dumb = await chainPairsOnWasm({ ...fired, events: few });
    if (run && run.counts[0]!.join() !== [...dumb].join()) throw new Error('DuckDB counts otherwise');
    notes.push(...(peer ? absences([peer]) : []));
    const bits = fired.offsets[events]! / events;
    rows.push([
      String(chains),
      figure(bits),
      figure(wasm.seconds),
      figure(wasm.cpu),
      gpu ? figure((gpu.seconds * events) / part.events) : 'absent',
      run ? figure((run.seconds[0]! * events) / few) : 'absent',
    ]);
    if (peer && 'version' in peer) notes.push(`${label(peer)}: of ${few} events, times ${events / few}`);
    if (part !== fired)
      notes.push(`WebGPU of ${chains} chains: of ${part.events} events, times ${figure(events / part.events)}`);
  }
  device?.destroy();
  print(
    `Chains that fire together, ${figure(events / MILLION)} M events (seconds)`,
    ['chains', 'fired an event', 'WebAssembly, one thread', 'CPU seconds', 'WebGPU', 'DuckDB, all cores'],
    rows,
    [...new Set(notes)],
  );
}

await overlaps();
await duplicates();
await triggers();
