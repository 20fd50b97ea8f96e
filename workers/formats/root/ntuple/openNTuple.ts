/**
 * RNTuple, ROOT's columnar format (version 1 of its binary format): header, footer and page lists give the columns and the places of their
 * pages; clusters are the chunks.
 * @see https://github.com/root-project/root/blob/master/tree/ntuple/doc/BinaryFormatSpecification.md
 */
import type { ColumnData } from '../../../../core/schema/column.ts';
import type { ByteRange, PinnedFile } from '../../../io/byteSource.ts';
import { asFormatError, Corrupt, formatError } from '../../errors.ts';
import type { Chunk, EventFile, FileSummary } from '../../eventFile.ts';
import { loadKernels } from '../../kernels/kernels.ts';
import type { RootFile, RootKey } from '../rootFile.ts';
import { preview, readAnchor } from './anchor.ts';
import { loadChecksumTest } from './checksum.ts';
import { activeColumn, type ClusterPart, type NTupleData, rangesOf, readPart } from './clusterReader.ts';
import { type ColumnList, columnsOf, type NTupleColumn, storedOf } from './columns.ts';
import { type Description, readFooter, readHeader } from './description.ts';
import { readEnvelopes } from './envelope.ts';
import { UnknownFeature } from './errors.ts';
import { loadElementKernels } from './kernels/elementKernels.ts';
import { type Cluster, readPageList } from './pageList.ts';

/** As in Parquet: results depend on where chunks end, and these numbers must not change. */
const WHOLE_EVENTS = 262_144;
const PIECE_EVENTS = 131_072;
/** Of columns by chunks: a file that claims more would not fit into memory before anything is read. */
const MOST_PLACES = 2 ** 25;

/** A ROOT file, as far as an ntuple takes it: past its anchor nothing of the file's keys is needed. */
type NTupleSource = Pick<RootFile, 'source' | 'readBytes'>;

/** A chunk, and which events of which cluster it is. */
interface Piece extends Chunk, ClusterPart {}

/** What is known of an ntuple once its envelopes are read. */
interface Layout {
  description: Description;
  list: ColumnList;
  clusters: Cluster[];
  data: NTupleData;
}

/** Opens the ntuple of a `ROOT::RNTuple` key. @throws LumiscopeError `format`, `source`, `cancelled` */
export async function openNTuple(
  root: NTupleSource,
  key: RootKey,
  file: PinnedFile,
  signal?: AbortSignal,
): Promise<EventFile> {
  const { url } = root.source;
  try {
    return new NTupleFile(url, file, await layOut(root, key, signal));
  } catch (cause) {
    if (!(cause instanceof UnknownFeature || cause instanceof Corrupt)) throw asFormatError(cause, url);
    const hint = cause instanceof UnknownFeature ? cause.hint : 'copy or download it again, or write it anew';
    throw formatError(url, `the ntuple ${key.name} can't be read: ${cause.message}`, hint, { cause });
  }
}

async function layOut(root: NTupleSource, key: RootKey, signal?: AbortSignal): Promise<Layout> {
  if (key.className === 'ROOT::Experimental::RNTuple') throw preview();
  const [anchorBytes, matches, kernels, unpackers] = await Promise.all([
    root.readBytes(key, signal),
    loadChecksumTest(),
    loadElementKernels(),
    loadKernels(),
  ]);
  const { source } = root;
  const { header, footer, maxKeyBytes } = readAnchor(anchorBytes, matches);
  const links = [{ type: 'header', ...header } as const, { type: 'footer', ...footer } as const];
  const [first, last] = await readEnvelopes(source, links, maxKeyBytes, matches, signal);
  const description = readHeader(first!);
  const groups = readFooter(last!, first!.checksum, description);
  const lists = groups.map(({ pageList }) => ({ type: 'page list' as const, ...pageList }));
  const envelopes = await readEnvelopes(source, lists, maxKeyBytes, matches, signal);
  const clusters = envelopes.flatMap((envelope, i) => readPageList(envelope, first!.checksum, groups[i]!.clusters));
  const list = columnsOf(description);
  const data = { source, columns: description.columns, maxKeyBytes, matches, kernels, unpackers };
  return { description, list, clusters: inOrder(clusters, list, description), data };
}

/** @throws Corrupt where events are missing or twice there, or no column has as many as a cluster claims */
function inOrder(clusters: Cluster[], { columns }: ColumnList, description: Description): Cluster[] {
  const sorted = clusters.filter(({ events }) => events > 0).sort((a, b) => a.firstEvent - b.firstEvent);
  // Of an ntuple that has them: columns with one element an event.
  const plain = columns.filter(({ levels: [outer, ...more] }) => outer?.kind !== 'array' && more.length === 0);
  let events = 0;
  for (const cluster of sorted) {
    if (cluster.firstEvent !== events)
      throw new Corrupt(`a cluster begins at event ${cluster.firstEvent}, not ${events}`);
    events += cluster.events;
    if (cluster.runs.length > description.columns.length)
      throw new Corrupt('a cluster has more columns than the header');
    const elements = (column: NTupleColumn) => {
      const [outermost] = storedOf(column);
      return cluster.runs[activeColumn(outermost!, cluster)]?.elements;
    };
    if (plain.length > 0 && !plain.some((column) => elements(column) === cluster.events))
      throw new Corrupt(`a cluster claims ${cluster.events} events, which no column has`);
  }
  return sorted;
}

class NTupleFile implements EventFile {
  readonly summary: FileSummary;
  readonly #url: string;
  readonly #pieces: Piece[];
  readonly #data: NTupleData;
  readonly #byName: Map<string, NTupleColumn>;

  constructor(url: string, file: PinnedFile, { description, list, clusters, data }: Layout) {
    const { columns, unsupported } = list;
    this.#url = url;
    this.#pieces = cut(clusters, columns.length);
    this.#data = data;
    this.#byName = new Map(columns.map((column) => [column.info.name, column]));
    this.summary = {
      file,
      format: 'rntuple',
      events: this.#pieces.at(-1)?.end ?? 0,
      columns: columns.map(({ info }) => info),
      chunks: this.#pieces.map(({ begin, end }) => ({ begin, end })),
      columnBytes: columnBytes(columns, this.#pieces),
      columnRanges: new Float64Array(2 * columns.length).fill(Number.NaN),
      metadata: {
        ...(description.description && { description: description.description }),
        ...(description.writer && { writer: description.writer }),
      },
      unsupported,
    };
  }

  async readChunk(chunk: number, columns: readonly string[], signal?: AbortSignal): Promise<ColumnData[]> {
    const piece = this.#pieces[chunk];
    if (!piece) throw new RangeError(`chunk ${chunk} of ${this.#pieces.length}`);
    return readPart(
      this.#data,
      piece,
      columns.map((name) => this.#column(name)),
      signal,
    );
  }

  ranges(chunk: number, columns: readonly string[]): ByteRange[] | undefined {
    const piece = this.#pieces[chunk];
    return (
      piece &&
      rangesOf(
        piece,
        columns.map((name) => this.#column(name)),
      )
    );
  }

  #column(name: string): NTupleColumn {
    const column = this.#byName.get(name);
    if (column) return column;
    const reason = this.summary.unsupported.find((one) => one.name === name)?.reason;
    const place = { column: name };
    throw reason
      ? formatError(this.#url, `can't be read: ${reason}`, 'leave it out, or write it with another type', place)
      : formatError(this.#url, 'there is no such column', 'check its spelling', place);
  }
}

function cut(clusters: readonly Cluster[], columns: number): Piece[] {
  const count = clusters.reduce((sum, { events }) => sum + Math.ceil(events / PIECE_EVENTS), 0);
  if (count * columns > MOST_PLACES) throw new Corrupt(`${count} chunks of ${columns} columns are too many`);
  return clusters.flatMap((cluster) => {
    const { firstEvent, events } = cluster;
    const step = events > WHOLE_EVENTS ? PIECE_EVENTS : events;
    return Array.from({ length: Math.ceil(events / step) }, (_, i): Piece => {
      const [from, to] = [i * step, Math.min(events, (i + 1) * step)];
      return { begin: firstEvent + from, end: firstEvent + to, cluster, from, to };
    });
  });
}

/** `[column * chunks + chunk]`; a part of a cluster counts in proportion to its events, lists that columns share count for each. */
function columnBytes(columns: readonly NTupleColumn[], pieces: readonly Piece[]): Float64Array {
  const all = new Float64Array(columns.length * pieces.length);
  let at = 0;
  for (const column of columns) {
    const stored = storedOf(column);
    for (const { cluster, from, to } of pieces) {
      let bytes = 0;
      for (const one of stored) {
        const run = cluster.runs[activeColumn(one, cluster)];
        for (let page = run?.from ?? 0; page < (run?.to ?? 0); page++) bytes += cluster.table.bytes[page]!;
      }
      all[at++] = (bytes * (to - from)) / cluster.events;
    }
  }
  return all;
}
