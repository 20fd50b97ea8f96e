import { Corrupt } from '../../errors.ts';
import { type Envelope, readLocator } from './envelope.ts';
import { UnknownFeature } from './errors.ts';

/** Where the pages of one column in one cluster stand in a `PageTable`. */
export interface PageRun {
  /** First page, and one past the last. */
  from: number;
  to: number;
  /** Elements in all of them. */
  elements: number;
}

/** Pages of a group of clusters, one after the other. */
export interface PageTable {
  /** Place in the file, and bytes there without the checksum. */
  offsets: Float64Array;
  bytes: Float64Array;
  /** Number of the first element in each page, counted within cluster and column. */
  firsts: Float64Array;
  elements: Float64Array;
  /** 1 where a checksum follows the page. */
  checksums: Uint8Array;
}

/** One cluster: consecutive events, and the pages that hold them. */
export interface Cluster {
  firstEvent: number;
  events: number;
  table: PageTable;
  /** By physical column; undefined where it is suppressed; columns that were added later may lie past the end. */
  runs: (PageRun | undefined)[];
}

const SHARDED = 1;

/** @throws Corrupt, UnknownFeature */
export function readPageList({ payload }: Envelope, headerChecksum: bigint, clusters: number): Cluster[] {
  if (payload.bits64() !== headerChecksum) throw new Corrupt('a page list belongs to another header');
  const summaries = payload.list(24);
  if (summaries.count !== clusters) throw new Corrupt(`a page list has ${summaries.count} clusters, not ${clusters}`);
  const spans = Array.from({ length: summaries.count }, () => {
    const record = summaries.items.record();
    const firstEvent = record.u64();
    const packed = record.bits64();
    if (Number(packed >> 56n) & SHARDED) throw new UnknownFeature('its clusters are sharded');
    return { firstEvent, events: Number(packed & 0xff_ffff_ffff_ffffn) };
  });
  const { count, items } = payload.list(12);
  if (count !== clusters) throw new Corrupt(`a page list places the pages of ${count} clusters, not ${clusters}`);
  const pages = { offsets: [], bytes: [], firsts: [], elements: [], checksums: [] } as Record<
    keyof PageTable,
    number[]
  >;
  const runs = spans.map(() => {
    const columns = items.list(20);
    return Array.from({ length: columns.count }, (): PageRun | undefined => {
      const { count: length, items: inner } = columns.items.list(16);
      const from = pages.offsets.length;
      let elements = 0;
      for (let i = 0; i < length; i++) {
        const marked = inner.i32();
        const { offset, bytes } = readLocator(inner);
        pages.offsets.push(offset);
        pages.bytes.push(bytes);
        pages.firsts.push(elements);
        pages.elements.push(Math.abs(marked));
        pages.checksums.push(marked < 0 ? 1 : 0);
        elements += Math.abs(marked);
      }
      const suppressed = inner.i64() < 0;
      if (suppressed && length > 0) throw new Corrupt('a suppressed column has pages');
      return suppressed ? undefined : { from, to: from + length, elements };
    });
  });
  const table: PageTable = {
    offsets: Float64Array.from(pages.offsets),
    bytes: Float64Array.from(pages.bytes),
    firsts: Float64Array.from(pages.firsts),
    elements: Float64Array.from(pages.elements),
    checksums: Uint8Array.from(pages.checksums),
  };
  return spans.map((span, i) => ({ ...span, table, runs: runs[i]! }));
}

/** The page of a run that holds an element. */
export function pageOf({ firsts }: PageTable, { from, to }: PageRun, element: number): number {
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (firsts[middle]! <= element) low = middle;
    else high = middle;
  }
  return low;
}
