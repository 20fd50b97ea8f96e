/** Bounds of pieces of row groups, from what writers note of each page. */
import { readColumnIndex, readOffsetIndex, type SchemaElement } from 'hyparquet';
import type { ByteRange, ByteSource } from '../../io/byteSource.ts';
import { readRanges } from '../../io/coalesce.ts';
import type { ColumnChunk, Layout } from './layout.ts';
import { boundsOfValues, isPlain } from './ranges.ts';

/** Flat columns with a page index in a row group that is read in pieces. */
export function columnsWithPages({ leaves, rowGroups, pieces }: Layout): string[] {
  const cut = new Set(pieces.filter(({ from, to, rowGroup }) => to - from < rowGroups[rowGroup]!.events));
  const groups = new Set([...cut].map(({ rowGroup }) => rowGroup));
  return leaves
    .filter((leaf) => leaf.depth === 0 && isPlain(leaf))
    .filter(({ index }) => [...groups].some((group) => hasPages(rowGroups[group]!.columns[index])))
    .map(({ name }) => name);
}

function hasPages(chunk: ColumnChunk | undefined): chunk is Required<ColumnChunk> {
  return chunk?.offsetIndex !== undefined && chunk.columnIndex !== undefined;
}

/**
 * `chunkBounds` of a column, narrowed by the pages that hold each piece. An index that can't be read narrows nothing.
 * @see https://parquet.apache.org/docs/file-format/pageindex/
 */
export async function readPageBounds(
  source: ByteSource,
  schema: readonly SchemaElement[],
  layout: Layout,
  name: string,
  known: Float64Array | undefined,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const { leaves, rowGroups, pieces } = layout;
  const bounds = known?.slice() ?? new Float64Array(2 * pieces.length).fill(Number.NaN);
  const leaf = leaves.find((one) => one.name === name);
  const element = leaf && schema.filter(({ type }) => type !== undefined)[leaf.index];
  if (!leaf || !element) return bounds;
  const groups = [...new Set(pieces.map(({ rowGroup }) => rowGroup))].flatMap((group) => {
    const chunk = rowGroups[group]!.columns[leaf.index];
    return hasPages(chunk) ? [{ group, chunk }] : [];
  });
  const ranges = groups.flatMap(({ chunk: { columnIndex, offsetIndex } }): ByteRange[] => [
    [columnIndex.offset, columnIndex.bytes],
    [offsetIndex!.offset, offsetIndex!.bytes],
  ]);
  const bytes = await readRanges(source, ranges, signal);
  for (const [k, { group }] of groups.entries()) {
    const pages = pagesOf(bytes[2 * k]!, bytes[2 * k + 1]!, element, rowGroups[group]!.events);
    pieces.forEach((piece, at) => {
      if (!pages || piece.rowGroup !== group) return;
      let [lo, hi] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      let events = 0;
      for (const page of pages) {
        if (page.end <= piece.from || page.begin >= piece.to) continue;
        events += Math.min(page.end, piece.to) - Math.max(page.begin, piece.from);
        // NaN spreads: a page of which nothing is known leaves the piece as it was.
        [lo, hi] = [Math.min(lo, page.lo), Math.max(hi, page.hi)];
      }
      // Events of no page may hold anything.
      const known = events === piece.to - piece.from && !Number.isNaN(lo) && !Number.isNaN(hi);
      if (known) bounds.set([lo, hi], 2 * at);
    });
  }
  return bounds;
}

interface PageValues {
  /** Rows of the row group. */
  begin: number;
  end: number;
  lo: number;
  hi: number;
}

function pagesOf(columnIndex: Uint8Array, offsetIndex: Uint8Array, element: SchemaElement, events: number) {
  const reader = ({ buffer, byteOffset, byteLength }: Uint8Array) => ({
    view: new DataView(buffer, byteOffset, byteLength),
    offset: 0,
  });
  try {
    const { min_values, max_values, null_pages } = readColumnIndex(reader(columnIndex), element);
    const places = readOffsetIndex(reader(offsetIndex)).page_locations;
    if (places.length !== min_values.length || places.length !== max_values.length) return undefined;
    return places.map(({ first_row_index }, k): PageValues => {
      const [lo, hi] = null_pages[k]
        ? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
        : (boundsOfValues(min_values[k], max_values[k]) ?? [Number.NaN, Number.NaN]);
      return { begin: Number(first_row_index), end: Number(places[k + 1]?.first_row_index ?? events), lo, hi };
    });
  } catch {
    return undefined;
  }
}
