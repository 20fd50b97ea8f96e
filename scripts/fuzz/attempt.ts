/** Reads a damaged file, and judges what comes of it. */
import { LumiscopeError } from '../../core/errors.ts';
import { type ColumnData, VALUE_ARRAYS } from '../../core/schema/column.ts';
import type { EventFile } from '../../workers/formats/eventFile.ts';
import { openEventFile } from '../../workers/formats/open.ts';
import { openSource } from '../../workers/io/openSource.ts';

/** Columns of a wide file that are read of one mutant, and chunks where damage makes many. */
const MOST_COLUMNS = 40;
const MOST_CHUNKS = 6;

export interface Verdict {
  /** `right`: all that was read is as in the original. `changed`: it is not, and nothing told; its form is right. */
  end: 'error' | 'right' | 'changed' | 'violation';
  /** Of a violation: what it was. */
  what?: string;
  /** Bytes that opening, or reading one column, asked for at most. */
  allocated: number;
}

/** What of the original a mutant is compared with. */
export class Original {
  readonly name: string;
  readonly bytes: Uint8Array;
  #tree: string | undefined;
  #file: Promise<EventFile> | undefined;
  readonly #columns = new Map<string, Promise<ColumnData>>();

  constructor(name: string, bytes: Uint8Array) {
    this.name = name;
    this.bytes = bytes;
  }

  get file(): Promise<EventFile> {
    this.#file ??= this.open(this.bytes).catch((error: LumiscopeError) => {
      // Of several trees, one is taken.
      this.#tree = error.place?.trees?.[0];
      if (this.#tree === undefined) throw error;
      return this.open(this.bytes);
    });
    return this.#file;
  }

  /** Opens a mutant as the original was opened. */
  async open(bytes: Uint8Array): Promise<EventFile> {
    const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
    const address = { kind: 'blob' as const, name: this.name, blob, ...(this.#tree && { tree: this.#tree }) };
    const { source, file } = await openSource(address, { counter: { bytes: 0, requests: 0 } });
    return openEventFile(source, file);
  }

  async column(chunk: number, name: string): Promise<ColumnData> {
    const key = `${chunk} ${name}`;
    const known = this.#columns.get(key) ?? this.file.then(async (f) => (await f.readChunk(chunk, [name]))[0]!);
    this.#columns.set(key, known);
    return known;
  }
}

/**
 * Opens a mutant, and reads its columns one by one.
 * @param seed decides which columns of a wide file
 * @param takeAllocated as of `allocations.ts`
 */
export async function attempt(
  original: Original,
  bytes: Uint8Array,
  seed: number,
  takeAllocated: () => number,
): Promise<Verdict> {
  let errors = 0;
  let changed = false;
  let allocated = 0;
  const weigh = () => {
    allocated = Math.max(allocated, takeAllocated());
  };
  const violation = (what: string): Verdict => {
    weigh();
    return { end: 'violation', what, allocated };
  };
  const reference = await original.file;
  takeAllocated();
  let file: EventFile;
  try {
    file = await original.open(bytes);
  } catch (error) {
    const wrong = whyNotOurs(error, original.name);
    if (wrong) return violation(wrong);
    weigh();
    return { end: 'error', allocated };
  }
  weigh();
  const { summary } = file;
  const wrong = whyInconsistent(file);
  if (wrong) return violation(wrong);
  changed ||= !same(summary.columns, reference.summary.columns) || !same(summary.chunks, reference.summary.chunks);
  const chunks = [...summary.chunks.keys()];
  for (const chunk of chunks.length > MOST_CHUNKS ? [...chunks.slice(0, MOST_CHUNKS - 1), chunks.at(-1)!] : chunks) {
    for (const { name } of someOf(summary.columns, seed + chunk)) {
      takeAllocated();
      let column: ColumnData;
      try {
        [column] = (await file.readChunk(chunk, [name])) as [ColumnData];
      } catch (error) {
        const reason = whyNotOurs(error, original.name);
        if (reason) return violation(`column ${name}: ${reason}`);
        errors++;
        continue;
      } finally {
        weigh();
      }
      const { begin, end } = summary.chunks[chunk]!;
      const reason = whyMisshapen(column, end - begin);
      if (reason) return violation(`column ${name}: ${reason}`);
      const isKnown =
        chunk < reference.summary.chunks.length && reference.summary.columns.some((column) => column.name === name);
      changed ||= !isKnown || !sameColumn(column, await original.column(chunk, name));
    }
  }
  return { end: changed ? 'changed' : errors > 0 ? 'error' : 'right', allocated };
}

/** What is wrong with an error: it is none of ours, or does not name the file. */
export function whyNotOurs(error: unknown, file: string): string | undefined {
  if (!(error instanceof LumiscopeError)) return `throws ${(error as Error)?.stack ?? error}`;
  if (!['format', 'source', 'limit'].includes(error.tag))
    return `throws an error of tag ${error.tag}: ${error.message}`;
  if (!error.message.includes(file)) return `throws an error that does not name the file: ${error.message}`;
  return undefined;
}

function whyInconsistent({ summary }: EventFile): string | undefined {
  const { events, columns, chunks, columnBytes, columnRanges, chunkBounds } = summary;
  if (!(Number.isSafeInteger(events) && events >= 0)) return `has ${events} events`;
  let at = 0;
  for (const { begin, end } of chunks) {
    if (begin !== at || !(end > begin)) return `a chunk of events ${begin} to ${end}, after ${at}`;
    at = end;
  }
  if (at !== events) return `chunks end at ${at} of ${events} events`;
  if (columnBytes.length !== columns.length * chunks.length) return 'sizes of another number of columns';
  if (columnRanges.length !== 2 * columns.length) return 'ranges of another number of columns';
  if (!columnBytes.every((bytes) => bytes >= 0)) return 'a column of negative size';
  if (new Set(columns.map(({ name }) => name)).size !== columns.length) return 'two columns of one name';
  for (const bounds of chunkBounds?.values() ?? []) {
    if (bounds.length !== 2 * chunks.length) return 'bounds of another number of chunks';
  }
  return undefined;
}

function whyMisshapen(column: ColumnData, events: number): string | undefined {
  const { type, length, offsets, values, valid, dictionary } = column;
  if (length !== events) return `${length} of ${events} events`;
  if (!(values instanceof VALUE_ARRAYS[type])) return `values are no ${type}`;
  let outer = length;
  for (const bounds of offsets) {
    if (bounds.length !== outer + 1 || bounds[0] !== 0) return `${bounds.length} offsets of ${outer} lists`;
    for (let i = 0; i < outer; i++) if (bounds[i]! > bounds[i + 1]!) return `offsets ${bounds[i]}, ${bounds[i + 1]}`;
    outer = bounds[outer]!;
  }
  if (values.length !== outer) return `${values.length} values of ${outer}`;
  if (valid && valid.length !== outer) return `flags of ${valid.length} values of ${outer}`;
  if (type === 'string') {
    const most = dictionary?.length ?? 0;
    for (let i = 0; i < outer; i++)
      if (valid?.[i] !== 0 && values[i]! >= most) return `code ${values[i]} of ${most} texts`;
  }
  return undefined;
}

function someOf<T>(all: readonly T[], seed: number): readonly T[] {
  if (all.length <= MOST_COLUMNS) return all;
  const step = Math.max(1, Math.floor(all.length / MOST_COLUMNS));
  return Array.from({ length: MOST_COLUMNS }, (_, k) => all[(seed + k * step) % all.length]!);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function sameColumn(a: ColumnData, b: ColumnData): boolean {
  const arrays = ({ offsets, values, valid }: ColumnData) => [...offsets, values, ...(valid ? [valid] : [])];
  const [of, and] = [arrays(a), arrays(b)];
  return (
    a.type === b.type &&
    of.length === and.length &&
    of.every((array, k) => Buffer.compare(bytesOf(array), bytesOf(and[k]!)) === 0) &&
    same(a.dictionary, b.dictionary)
  );
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}
