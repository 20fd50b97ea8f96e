import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type ContainerStream,
  derivationsOf,
  firstDataset,
  streamOf,
  streamsOf,
} from '../../core/catalogue/chooseStreams.ts';
import { findContainers } from '../../core/catalogue/find.ts';
import { overlapBytes } from '../../core/catalogue/overlapBytes.ts';
import {
  type KnownCounts,
  matrixCsv,
  OVERLAP_MEASURES,
  type OverlapMeasure,
  overlapsJson,
  pairsCsv,
} from '../../core/catalogue/overlapFiles.ts';
import type { Stream } from '../../core/catalogue/stream.ts';
import { orderStreams, STREAM_ORDERS, type StreamOrder } from '../../core/catalogue/streamOrder.ts';
import type { OpenCatalogue } from '../../workers/catalogue/openCatalogue.ts';
import { countOverlaps } from '../../workers/catalogue/overlap/countOverlaps.ts';
import type { OverlapEngine } from '../../workers/catalogue/overlap/engine.ts';
import { storedCounts } from '../../workers/catalogue/overlap/storedCounts.ts';
import { EXIT, Failure, wrongOption } from '../failure.ts';
import { ProgressBar } from '../progressBar.ts';
import { readListFile } from './listFile.ts';
import { CATALOGUE_OPTIONS, openForCommand } from './open.ts';
import { overlapsText } from './overlapsText.ts';
import { formatOf, put } from './rows.ts';

const OVERLAP_ENGINES: readonly OverlapEngine[] = ['auto', 'wasm', 'gpu'];
const HELP_AT = 'lumiscope catalogue overlaps --help';

/** `lumiscope catalogue overlaps CATALOGUE`: how many events streams share. */
export async function overlapsCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...CATALOGUE_OPTIONS,
      engine: { type: 'string', default: 'auto' },
      stream: { type: 'string', multiple: true, default: [] },
      list: { type: 'string', multiple: true, default: [] },
      'runs-together': { type: 'boolean', default: false },
      order: { type: 'string', default: 'similarity' },
      matrix: { type: 'string' },
      stored: { type: 'boolean', default: false },
    },
  });
  const format = formatOf(values);
  const order = oneOf('--order', STREAM_ORDERS, values.order);
  const measure = values.matrix === undefined ? undefined : oneOf('--matrix', OVERLAP_MEASURES, values.matrix);
  const engine = oneOf('--engine', OVERLAP_ENGINES, values.engine);
  const [address, ...patterns] = positionals;
  const lists = await Promise.all(values.list.map(eventStream));
  const answer = await openForCommand(address, values, async (catalogue) => {
    const data = dataStreams(catalogue, patterns, values.stream, values['runs-together'], lists.length > 0);
    const streams = [...data, ...lists];
    const counts = values.stored ? await stored(catalogue, streams) : await counted(catalogue, streams, engine);
    const sizes = [...data.map(({ size }) => size), ...lists.map(() => undefined)];
    return print({ counts, sizes, order, measure }, format);
  });
  await put(answer, values);
}

/** What was counted, and how it is shown. */
interface Answer {
  counts: KnownCounts;
  sizes: (number | undefined)[];
  order: StreamOrder;
  measure: OverlapMeasure | undefined;
}

function print({ counts, sizes, order, measure }: Answer, format: 'text' | 'csv' | 'json'): string {
  const { records, inExactly, duplicates } = counts;
  const bytes =
    records && inExactly && duplicates !== undefined
      ? overlapBytes({ ...counts, records, inExactly, duplicates }, sizes)
      : undefined;
  if (format === 'json') return overlapsJson(counts, bytes);
  if (format === 'csv')
    return measure === undefined ? pairsCsv(counts) : matrixCsv(counts, orderStreams(counts, order), measure);
  return overlapsText(counts, { order, measure: measure ?? 'ratio', bytes });
}

/** Containers by patterns, and together as named streams; where nothing is said, the derivations of the first dataset. */
function dataStreams(
  catalogue: OpenCatalogue,
  patterns: readonly string[],
  named: readonly string[],
  runsTogether: boolean,
  hasLists: boolean,
): ContainerStream[] {
  const found = (pattern: string) => {
    const fitting = findContainers(catalogue, pattern);
    if (fitting.length === 0) throw new Failure(EXIT.option, `no container of the catalogue is like ${pattern}`);
    return fitting;
  };
  const { containers } = catalogue.tables;
  const own = new Set(patterns.flatMap(found));
  const dataset = patterns.length + named.length > 0 || hasLists ? undefined : firstDataset(containers);
  for (const container of dataset === undefined ? [] : derivationsOf(containers, dataset)) own.add(container);
  const together = named.map((text) => {
    const [, name, pattern] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined) throw wrongOption(`--stream is NAME=PATTERN, not ${text}`, HELP_AT);
    return { ...streamOf(found(pattern!)), name };
  });
  const streams = [...streamsOf([...own], { runsTogether }), ...together];
  if (streams.length === 0 && !hasLists) throw new Failure(EXIT.option, 'the catalogue has no datasets');
  return streams;
}

async function eventStream(path: string): Promise<Stream> {
  const { events } = await readListFile(path);
  return { name: path === '-' ? 'standard input' : basename(path), events };
}

async function stored(catalogue: OpenCatalogue, streams: readonly Stream[]): Promise<KnownCounts> {
  const counts = await storedCounts(catalogue, streams);
  if (counts) return counts;
  throw new Failure(
    EXIT.option,
    'the catalogue stores no overlaps of these streams\n  leave out --stored to count them; lumiscope catalogue check --write stores them',
  );
}

async function counted(
  catalogue: OpenCatalogue,
  streams: readonly Stream[],
  engine: OverlapEngine,
): Promise<KnownCounts> {
  const bar = process.stderr.isTTY ? new ProgressBar(process.stderr) : undefined;
  try {
    const { by, ...counts } = await countOverlaps(catalogue, streams, {
      engine,
      onProgress: ({ records, recordsTotal, bytes, seconds }) =>
        bar?.show({ events: records, totalEvents: recordsTotal, bytes, seconds, unit: 'records' }),
    });
    bar?.clear();
    if (by.note) process.stderr.write(`${by.note}\n`);
    return counts;
  } finally {
    bar?.clear();
  }
}

function oneOf<T extends string>(option: string, values: readonly T[], text: string): T {
  const value = values.find((one) => one === text);
  if (value === undefined) throw wrongOption(`${option} is ${values.join(', ')}, not ${text}`, HELP_AT);
  return value;
}
