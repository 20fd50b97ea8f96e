import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { DatasetName } from '../../../core/catalogue/datasetName.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import { LegacyReader } from '../../../core/ingest/legacyRecord.ts';
import { PackedRecords } from '../../../core/ingest/packedRecords.ts';
import { type BadLimit, type BadLine, badLine, isTooBad, MOST_TEXT } from './badLines.ts';
import { openSegment, type Segment, type SegmentHeader, writeSegment } from './segment.ts';
import type { TextInput } from './textInput.ts';
import type { WorkFolder } from './workFolder.ts';

const NEWLINE = 10;
const RETURN = 13;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
/** Longer lines are no records. */
const MOST_LINE = 1 << 20;
/** Of a segment. */
const MOST_BAD = 10_000;
/** Of packed records in memory. */
export const SEGMENT_BYTES = 48 * 2 ** 20;

interface Totals {
  lines: number;
  records: number;
  bad: number;
  bytesRead: number;
  /** What is wrong with the first bad line. */
  first: string | undefined;
}

/** What a segment is given of its records, and where it goes; a dry run forgets them. */
type Flush = (header: Omit<SegmentHeader, 'files'>) => Promise<void>;

export interface ReadProgress {
  input: number;
  lines: number;
  records: number;
  bad: number;
  /** Of all inputs, so far. */
  bytesRead: number;
}

export interface ReadOptions {
  dataset: DatasetName;
  limit: BadLimit;
  segmentBytes?: number | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/** Where segments lie in a work folder. */
const segmentName = (input: number, index: number) =>
  `${String(input).padStart(4, '0')}-${String(index).padStart(6, '0')}.segment`;

/**
 * Reads what is left of the inputs, into segments.
 * @param folder some segments may be there
 * @returns all segments, input by input
 * @throws LumiscopeError `limit` where too many lines are bad; as `TextInput.text`; all that came before is in segments by then
 */
export async function readInputs(
  inputs: readonly TextInput[],
  folder: WorkFolder,
  options: ReadOptions,
): Promise<Segment[]> {
  const segments = await folder.openSegments();
  const reader = new LegacyReader(options.dataset);
  const totals: Totals = { lines: 0, records: 0, bad: 0, bytesRead: 0, first: undefined };
  const records = new PackedRecords(new ArrayBuffer(options.segmentBytes ?? SEGMENT_BYTES));
  for (const [k, input] of inputs.entries()) {
    const known = segments.filter(({ header }) => header.input === k).map(({ header }) => header);
    for (const { records: count, bad } of known) {
      totals.records += count;
      totals.bad += bad.length;
      const [first] = bad;
      if (first) totals.first ??= `${input.name}, line ${first.line}: ${first.field} ${first.reason}`;
    }
    const last = known.at(-1);
    totals.lines += last?.lines ?? 0;
    checkBad(totals, options.limit);
    reader.smk ??= known.find(({ smk }) => smk !== undefined)?.smk;
    let index = known.length;
    const flush: Flush = async (header) => {
      const path = join(folder.segments, segmentName(k, index++));
      await writeSegment(path, header, records);
      segments.push(await openSegment(path));
    };
    if (!last?.isLast) await new InputReader(k, input, reader, totals, records, flush, options).read(last);
    totals.bytesRead += input.size;
  }
  return segments.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Reads inputs, and keeps nothing but what was counted. */
export async function tryInputs(
  inputs: readonly TextInput[],
  options: ReadOptions,
  onSegment: (header: Omit<SegmentHeader, 'files'>, records: PackedRecords) => void,
): Promise<void> {
  const reader = new LegacyReader(options.dataset);
  const totals: Totals = { lines: 0, records: 0, bad: 0, bytesRead: 0, first: undefined };
  const records = new PackedRecords(new ArrayBuffer(options.segmentBytes ?? SEGMENT_BYTES));
  for (const [k, input] of inputs.entries()) {
    const flush: Flush = async (header) => onSegment(header, records);
    await new InputReader(k, input, reader, totals, records, flush, options).read(undefined);
    totals.bytesRead += input.size;
  }
}

class InputReader {
  readonly #number: number;
  readonly #input: TextInput;
  readonly #reader: LegacyReader;
  readonly #totals: Totals;
  readonly #flush: Flush;
  readonly #options: ReadOptions;
  readonly #records: PackedRecords;
  #blank = 0;
  #bad: BadLine[] = [];
  /** Up to the end of the last line that was read: lines, bytes of text, their CRC-32. */
  #lines = 0;
  #text = 0;
  #crc = 0;

  constructor(
    number: number,
    input: TextInput,
    reader: LegacyReader,
    totals: Totals,
    records: PackedRecords,
    flush: Flush,
    options: ReadOptions,
  ) {
    this.#number = number;
    this.#input = input;
    this.#reader = reader;
    this.#totals = totals;
    this.#flush = flush;
    this.#options = options;
    this.#records = records;
  }

  /** @param last of the segments that are there */
  async read(last: SegmentHeader | undefined): Promise<void> {
    this.#text = last?.text ?? 0;
    this.#crc = last?.crc ?? 0;
    this.#lines = last?.lines ?? 0;
    try {
      await this.#readAll(this.#input.text(this.#text, { crc: this.#crc, state: last?.state }));
    } catch (error) {
      // What was read is kept: the next try goes on behind it.
      if (this.#records.rows > 0 || this.#bad.length > 0) await this.#write(false);
      throw error;
    }
    await this.#write(true);
    checkBad(this.#totals, this.#options.limit);
  }

  async #readAll(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    let text = this.#text;
    let crc = this.#crc;
    let rest: Uint8Array = new Uint8Array();
    /** The beginning of a line that is too long, while its end is looked for. */
    let long: Uint8Array | undefined;
    const pass = (bytes: Uint8Array) => {
      crc = crc32(bytes, crc);
      text += bytes.length;
    };
    const mark = () => {
      this.#text = text;
      this.#crc = crc;
    };
    for await (const chunk of chunks) {
      if (this.#options.signal?.aborted) throw new LumiscopeError('cancelled', 'the import was stopped');
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let from = 0;
      let passed = 0;
      for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
        if (long) this.#tooLong(long);
        else this.#line(bytes, from, to);
        long = undefined;
        from = to + 1;
        if (this.#records.hasRoom && this.#bad.length < MOST_BAD) continue;
        pass(bytes.subarray(passed, from));
        passed = from;
        mark();
        await this.#write(false);
      }
      pass(bytes.subarray(passed, from));
      if (from > 0) mark();
      rest = bytes.subarray(from);
      if (long || rest.length > MOST_LINE) {
        long ??= rest.slice(0, MOST_TEXT);
        pass(rest);
        rest = new Uint8Array();
      }
      checkBad(this.#totals, this.#options.limit);
      this.#report();
    }
    if (long) this.#tooLong(long);
    else if (rest.length > 0) this.#line(rest, 0, rest.length);
    pass(rest);
    mark();
  }

  #line(bytes: Uint8Array, begin: number, end: number): void {
    let from = begin;
    let to = end;
    if (++this.#lines === 1 && BYTE_ORDER_MARK.every((byte, k) => bytes[from + k] === byte)) from += 3;
    if (to > from && bytes[to - 1] === RETURN) to--;
    this.#totals.lines++;
    if (to === from) {
      this.#blank++;
      return;
    }
    if (this.#reader.read(bytes, from, to, this.#records, this.#number, this.#lines)) {
      this.#totals.records++;
      return;
    }
    this.#keepAside(badLine(this.#reader.problem!, this.#number, this.#lines, bytes, from, to));
  }

  #tooLong(begin: Uint8Array): void {
    this.#lines++;
    this.#totals.lines++;
    const problem = { column: 1, field: 'line', reason: `is longer than ${MOST_LINE} bytes` };
    this.#keepAside(badLine(problem, this.#number, this.#lines, begin, 0, begin.length));
  }

  #keepAside(line: BadLine): void {
    this.#bad.push(line);
    this.#totals.bad++;
    this.#totals.first ??= `${this.#input.name}, line ${line.line}: ${line.field} ${line.reason}`;
  }

  async #write(isLast: boolean): Promise<void> {
    const { rows } = this.#records;
    await this.#flush({
      input: this.#number,
      text: this.#text,
      crc: this.#crc,
      lines: this.#lines,
      state: this.#input.state,
      isLast,
      records: rows,
      blank: this.#blank,
      bad: this.#bad,
      counts: this.#reader.takeCounts(),
      smk: this.#reader.smk,
      provenanceTypes: this.#reader.provenanceTypes,
    });
    this.#records.clear();
    this.#blank = 0;
    this.#bad = [];
    this.#report();
  }

  #report(): void {
    const { lines, records, bad, bytesRead } = this.#totals;
    this.#options.onProgress?.({
      input: this.#number,
      lines,
      records,
      bad,
      bytesRead: bytesRead + this.#input.bytesRead,
    });
  }
}

/** @throws LumiscopeError `limit` */
function checkBad({ bad, lines, first }: Totals, limit: BadLimit): void {
  if (!isTooBad(bad, lines, limit)) return;
  throw new LumiscopeError('limit', `${bad} of ${lines} lines are no records of the dataset; the first: ${first}`, {
    hint: 'look at the lines that were kept aside; --max-bad says how many are let pass',
  });
}
