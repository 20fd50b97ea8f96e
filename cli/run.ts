import { parseArgs } from 'node:util';
import { toUhiFileJson } from '../core/hist/uhi.ts';
import type { EngineChoice } from '../workers/engine/engine.ts';
import { createNodeSession } from '../workers/nodeSession.ts';
import type { RunResult } from '../workers/session.ts';
import { CACHE_OPTIONS, cacheOf, openAll } from './cache.ts';
import { readDocument, withFiles } from './documentFile.ts';
import { failureOf, wrongOption } from './failure.ts';
import { ProgressBar } from './progressBar.ts';
import { write } from './resultFile.ts';

import { table } from './text.ts';
import { workersOf } from './workersOption.ts';

interface RunArguments {
  path: string;
  files: string[];
  tokenHosts: string[];
  engine: EngineChoice;
  workers?: number;
  output?: string;
  report?: string;
  plan: boolean;
  cache: ReturnType<typeof cacheOf>;
}

/**
 * `lumiscope run DOC.yaml`: runs a document; prints its cutflow and writes histograms and a report where asked to. With `--plan` only
 * says what it would ask of whom.
 */
export async function runCommand(args: string[]): Promise<void> {
  const { path, files, tokenHosts, engine, workers, output, report, plan, cache } = readArguments(args);
  if (engine === 'gpu') await needGpuPackage();
  const file = await readDocument(path);
  const abort = new AbortController();
  const interrupt = () => abort.abort();
  process.once('SIGINT', interrupt);
  const bar = process.stderr.isTTY ? new ProgressBar(process.stderr) : undefined;
  const session = createNodeSession({ workers, cache });
  try {
    const { document, addresses } = await withFiles(file, files, session, tokenHosts);
    if (plan) {
      const { planText } = await import('./plan.ts');
      process.stdout.write(planText(await session.planRequests(document, addresses, abort.signal)));
      return;
    }
    const run = (by: EngineChoice) =>
      session.run(document, addresses, {
        engine: by,
        signal: abort.signal,
        onProgress: (progress) => bar?.show(progress),
      });
    const result = await run(engine);
    // What leaves is WebAssembly's, whatever made what is printed.
    const saved = output !== undefined && result.engine === 'gpu' ? await run('wasm') : result;
    bar?.clear();
    await openAll(session, addresses);
    if (output !== undefined) await write(output, toUhiFileJson(saved.histograms));
    if (engine === 'gpu' && result.engineNote !== undefined)
      process.stderr.write(`not all of it ran on the GPU: ${result.engineNote}\n`);
    if (report !== undefined) await write(report, `${JSON.stringify(reportOf(result), null, 2)}\n`);
    process.stdout.write(cutflowText(result));
  } catch (error) {
    bar?.clear();
    throw failureOf(error, file) ?? error;
  } finally {
    process.removeListener('SIGINT', interrupt);
    session.close();
  }
}

/** Who asks for the GPU and has no way to it is told, rather than made to wait for another engine. */
async function needGpuPackage(): Promise<void> {
  const { nodeGpu } = await import('../workers/nodeGpu.ts');
  await nodeGpu().catch((error: Error) => {
    throw wrongOption(`--engine gpu: ${error.message}`);
  });
}

const ENGINES: readonly EngineChoice[] = ['wasm', 'gpu', 'auto', 'reference'];

function isEngine(name: string): name is EngineChoice {
  return (ENGINES as readonly string[]).includes(name);
}

function readArguments(args: string[]): RunArguments {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      file: { type: 'string', multiple: true, default: [] },
      'token-host': { type: 'string', multiple: true, default: [] },
      engine: { type: 'string', default: 'wasm' },
      ...CACHE_OPTIONS,
      workers: { type: 'string' },
      output: { type: 'string', short: 'o' },
      report: { type: 'string' },
      plan: { type: 'boolean', default: false },
    },
  });
  const [path, ...rest] = positionals;
  if (path === undefined) throw wrongOption('run takes a document');
  const { file, engine, workers, output, report } = values;
  if (rest.length > 0 && file.length === 0) throw wrongOption(`unexpected argument ${rest[0]}`);
  if (!isEngine(engine)) throw wrongOption(`--engine is one of ${ENGINES.join(', ')}, not ${engine}`);
  const workerCount = workersOf(workers);
  return {
    path,
    files: [...file, ...rest],
    tokenHosts: values['token-host'],
    engine,
    workers: workerCount,
    output,
    report,
    plan: values.plan,
    cache: cacheOf(values),
  };
}

function reportOf(result: RunResult) {
  const {
    eventsRead,
    eventsPassed,
    bytes,
    requests,
    cachedBytes,
    seconds,
    engine,
    engineNote,
    version,
    documentHash,
    files,
  } = result;
  const cutflow = result.cutflow.map(({ rows, ...about }) => ({
    ...about,
    rows: rows.map((row) => ({ ...row, efficiency: rows[0]!.events > 0 ? row.events / rows[0]!.events : null })),
  }));
  return {
    version,
    documentHash,
    engine,
    ...(engineNote !== undefined && { engineNote }),
    eventsRead,
    eventsPassed,
    bytesRead: bytes,
    requests,
    bytesFromCache: cachedBytes,
    seconds,
    files,
    cutflow,
  };
}

function cutflowText({ cutflow }: RunResult): string {
  return cutflow
    .map(({ dataset, rows, missingWeight }) => {
      const lines = rows.map(({ name, events, sumw, sumw2 }) => {
        const efficiency = rows[0]!.events > 0 ? `${((100 * events) / rows[0]!.events).toFixed(2)} %` : '–';
        return [
          name,
          events.toLocaleString('en'),
          efficiency,
          sumw.toPrecision(7),
          `± ${Math.sqrt(sumw2).toPrecision(3)}`,
        ];
      });
      const lost =
        missingWeight > 0
          ? `  ${missingWeight.toLocaleString('en')} events have no weight and are in no histogram\n`
          : '';
      return `${dataset}\n${table([['cut', 'events', 'efficiency', 'Σw', ''], ...lines], [1, 2, 3])}${lost}`;
    })
    .join('\n');
}
