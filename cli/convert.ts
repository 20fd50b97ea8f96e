import { parseArgs } from 'node:util';
import type { AnalysisDocument } from '../core/analysis/document.ts';
import { toPlain } from '../core/errors.ts';
import { createNodeSession } from '../workers/nodeSession.ts';
import type { SavedCodec, SaveOptions, SaveResult } from '../workers/savedFile.ts';
import { CACHE_OPTIONS, cacheOf, openAll } from './cache.ts';
import { type DocumentFile, readDocument, withFiles } from './documentFile.ts';
import { EXIT, Failure, failureOf, wrongOption } from './failure.ts';
import { OutputFile } from './outputFile.ts';
import { outputPaths } from './outputPaths.ts';
import { ProgressBar } from './progressBar.ts';
import { countOf, formatBytes } from './text.ts';
import { workersOf } from './workersOption.ts';

const CODECS: readonly string[] = ['snappy', 'gzip', 'none'] satisfies SavedCodec[];

interface ConvertArguments {
  /** A document, or files of data. */
  inputs: string[];
  files: string[];
  tokenHosts: string[];
  tree?: string;
  output: string;
  /** Definitions beside the document's. */
  definitions: { name: string; expression: string }[];
  workers?: number;
  cache: ReturnType<typeof cacheOf>;
  options: SaveOptions;
}

/** `lumiscope convert`: events of a document's data sets, or whole files, as Parquet files. */
export async function convertCommand(args: string[]): Promise<void> {
  const { inputs, files, tokenHosts, tree, output, definitions, workers, cache, options } = readArguments(args);
  const file = isDocument(inputs[0]!) ? await readDocument(inputs[0]!) : undefined;
  const abort = new AbortController();
  const interrupt = () => abort.abort();
  process.once('SIGINT', interrupt);
  const bar = process.stderr.isTTY ? new ProgressBar(process.stderr) : undefined;
  const session = createNodeSession({ workers, cache });
  try {
    const { document, addresses } = file
      ? await withFiles(file, files, session, tokenHosts)
      : await withFiles(noDocument(tree), [...inputs, ...files], session, tokenHosts);
    await openAll(session, addresses);
    const whole = { ...document, define: [...document.define, ...definitions] };
    const paths = outputPaths(
      output,
      document.datasets.map(({ name }) => name),
    );
    for (const [dataset, path] of paths.entries()) {
      const part = await OutputFile.create(path);
      try {
        const result = await session.saveParquet(
          whole,
          addresses,
          dataset,
          { ...options, signal: abort.signal, onProgress: (progress) => bar?.show(progress) },
          part,
        );
        await part.finish();
        bar?.clear();
        process.stdout.write(summaryOf(path, result));
      } finally {
        await part.discard();
      }
    }
  } catch (error) {
    bar?.clear();
    throw wrongChoice(error) ?? failureOf(error, file) ?? error;
  } finally {
    process.removeListener('SIGINT', interrupt);
    session.close();
  }
}

function isDocument(path: string): boolean {
  return /\.(ya?ml|json)$/i.test(path);
}

/** For nothing but data. */
function noDocument(tree: string | undefined): DocumentFile {
  const datasets = [{ name: 'data', files: [], ...(tree !== undefined && { tree }) }];
  const document: AnalysisDocument = { lumiscope: 1, datasets, define: [], select: [], histograms: [], defaults: {} };
  return { path: 'no document', text: '', document };
}

function summaryOf(path: string, { events, rows, bytes, columns, rowGroups, leftOut, seconds }: SaveResult): string {
  const lines = [
    `${path}: ${countOf(rows, 'event')} of ${events.toLocaleString('en')}, ${countOf(columns, 'column')}, ${countOf(rowGroups, 'row group')}, ${formatBytes(bytes)} in ${seconds.toFixed(1)} s`,
    ...leftOut.map(({ name, reason }) => `  left out ${name}: ${reason}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** What is wrong with what was asked for, and not with the document itself. */
function wrongChoice(error: unknown): Failure | undefined {
  const { tag, message, hint, place } = toPlain(error);
  if (tag !== 'document' || place.keys || place.file) return undefined;
  return new Failure(EXIT.option, hint ? `${message}\n  ${hint}` : message);
}

function readArguments(args: string[]): ConvertArguments {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      file: { type: 'string', multiple: true, default: [] },
      'token-host': { type: 'string', multiple: true, default: [] },
      tree: { type: 'string' },
      output: { type: 'string', short: 'o' },
      columns: { type: 'string', multiple: true, default: [] },
      'only-columns': { type: 'boolean', default: false },
      'all-events': { type: 'boolean', default: false },
      define: { type: 'string', multiple: true, default: [] },
      weight: { type: 'string' },
      thin: { type: 'string', multiple: true, default: [] },
      compression: { type: 'string', default: 'snappy' },
      workers: { type: 'string' },
      ...CACHE_OPTIONS,
    },
  });
  const { file, output, columns, define, weight, thin, compression, workers, tree } = values;
  const [first, ...rest] = positionals;
  if (first === undefined) throw wrongOption('convert takes a document, or files of data');
  if (isDocument(first) && rest.length > 0) throw wrongOption(`unexpected argument ${rest[0]}: name data with --file`);
  if (isDocument(first) && tree !== undefined)
    throw wrongOption('--tree is for data without a document: a document names the tree of each data set');
  if (output === undefined) throw wrongOption('convert writes a file: name it with -o');
  if (!CODECS.includes(compression)) throw wrongOption(`--compression is snappy, gzip or none, not ${compression}`);
  const workerCount = workersOf(workers);
  const patterns = columns.flatMap((text) => text.split(',').map((name) => name.trim())).filter((name) => name !== '');
  const defined = define.map(definitionOf);
  const plain = !isDocument(first);
  return {
    inputs: positionals,
    files: file,
    tokenHosts: values['token-host'],
    tree,
    cache: cacheOf(values),
    output,
    definitions: defined.filter((one): one is { name: string; expression: string } => one.expression !== undefined),
    workers: workerCount,
    options: {
      used: !plain && !values['only-columns'],
      columns: plain && patterns.length === 0 ? ['*'] : patterns,
      allEvents: values['all-events'],
      define: defined.map(({ name }) => name),
      ...(weight !== undefined && { weight }),
      thin: thin.map(maskOf),
      codec: compression as SavedCodec,
    },
  };
}

/** `name`, or `name=expression`. */
function definitionOf(text: string): { name: string; expression?: string } {
  const match = /^\s*([A-Za-z_]\w*)\s*(?:=(?!=)\s*(.+))?$/s.exec(text);
  if (!match) throw wrongOption(`--define is NAME or NAME=EXPRESSION, not ${text}`);
  return match[2] === undefined ? { name: match[1]! } : { name: match[1]!, expression: match[2] };
}

/** `Muon: Muon.pt > 10`. */
function maskOf(text: string): { collection: string; mask: string } {
  const match = /^\s*(\w+)\s*:\s*(.+)$/s.exec(text);
  if (!match) throw wrongOption(`--thin is COLLECTION: MASK, e.g. 'Muon: Muon.pt > 10', not ${text}`);
  return { collection: match[1]!, mask: match[2]! };
}
