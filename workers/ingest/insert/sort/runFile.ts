import { type FileHandle, open } from 'node:fs/promises';
import type { RecordBatch } from '../../../../core/catalogue/tables.ts';
import { LumiscopeError } from '../../../../core/errors.ts';
import { type ColumnData, VALUE_ARRAYS } from '../../../../core/schema/column.ts';
import { SORT_COLUMNS } from './sortColumns.ts';

/**
 * Sorted records on disk, in blocks: how many rows, of each of `SORT_COLUMNS` whether it is there and how many values it has, then its arrays as they lie in memory, each at a multiple of
 * eight bytes. Nobody else reads it, and it does not outlive the program.
 */
const HEAD_WORDS = 1 + 2 * SORT_COLUMNS.length;
const HEAD_BYTES = aligned(4 * HEAD_WORDS);
const PRESENT = 1;
const HAS_MISSING = 2;

/** Where a block lies. */
interface Place {
  offset: number;
  bytes: number;
  rows: number;
}

/** A run that is written: block after block. */
export class RunWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #blocks: Place[] = [];
  #offset = 0;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** @throws LumiscopeError `source` where the disk is full or refuses */
  static async create(path: string): Promise<RunWriter> {
    return new RunWriter(path, await onDisk(path, () => open(path, 'wx')));
  }

  async add(batch: RecordBatch): Promise<void> {
    const bytes = encodeBlock(batch);
    await onDisk(this.#path, async () => {
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await this.#file.write(bytes, at, bytes.length - at, this.#offset + at);
        at += bytesWritten;
      }
    });
    this.#blocks.push({ offset: this.#offset, bytes: bytes.length, rows: batch.rows });
    this.#offset += bytes.length;
  }

  async finish(): Promise<Run> {
    await this.#file.close();
    return new Run(this.#path, this.#blocks);
  }

  async abandon(): Promise<void> {
    await this.#file.close();
  }
}

/** A run that can be read, from its start to its end. */
export class Run {
  readonly path: string;
  readonly #blocks: readonly Place[];

  constructor(path: string, blocks: readonly Place[]) {
    this.path = path;
    this.#blocks = blocks;
  }

  get bytes(): number {
    return this.#blocks.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Bytes of its largest block: what reading it takes. */
  get blockBytes(): number {
    return this.#blocks.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  }

  /** Rows of its largest block. */
  get blockRows(): number {
    return this.#blocks.reduce((most, { rows }) => Math.max(most, rows), 0);
  }

  /** Its blocks in order; each is valid until the next one is asked for. */
  async *blocks(): AsyncGenerator<RecordBatch> {
    const file = await onDisk(this.path, () => open(this.path, 'r'));
    try {
      const room = new ArrayBuffer(this.blockBytes);
      for (const { offset, bytes } of this.#blocks) {
        const into = new Uint8Array(room, 0, bytes);
        const { bytesRead } = await onDisk(this.path, () => file.read(into, 0, bytes, offset));
        if (bytesRead !== bytes) throw spillError(this.path, 'ends too early');
        yield decodeBlock(room);
      }
    } finally {
      await file.close();
    }
  }
}

function encodeBlock({ rows, columns }: RecordBatch): Uint8Array {
  const own = SORT_COLUMNS.map(({ name }) => columns.get(name));
  const arrays = own.map((column) => (column ? arraysOf(column) : []));
  const total = arrays.flat().reduce((sum, { byteLength }) => sum + aligned(byteLength), HEAD_BYTES);
  const bytes = new Uint8Array(total);
  const head = new Uint32Array(bytes.buffer, 0, HEAD_WORDS);
  head[0] = rows;
  let at = HEAD_BYTES;
  own.forEach((column, k) => {
    if (!column) return;
    head[1 + 2 * k] = PRESENT | (column.valid ? HAS_MISSING : 0);
    head[2 + 2 * k] = column.values.length;
    for (const { buffer, byteOffset, byteLength } of arrays[k]!) {
      bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
      at += aligned(byteLength);
    }
  });
  return bytes;
}

const arraysOf = ({ offsets, values, valid }: ColumnData) => [...offsets, values, ...(valid ? [valid] : [])];

/** Views of a block that lies at the start of a buffer. */
function decodeBlock(buffer: ArrayBuffer): RecordBatch {
  const head = new Uint32Array(buffer, 0, HEAD_WORDS);
  const rows = head[0]!;
  const columns = new Map<string, ColumnData>();
  let at = HEAD_BYTES;
  const skip = (bytes: number) => {
    const begin = at;
    at += aligned(bytes);
    return begin;
  };
  SORT_COLUMNS.forEach(({ name, type, depth }, k) => {
    const flags = head[1 + 2 * k]!;
    if ((flags & PRESENT) === 0) return;
    const count = head[2 + 2 * k]!;
    const Values = VALUE_ARRAYS[type];
    const offsets = depth > 0 ? [new Uint32Array(buffer, skip(4 * (rows + 1)), rows + 1)] : [];
    const values = new Values(buffer, skip(count * Values.BYTES_PER_ELEMENT), count);
    const valid = (flags & HAS_MISSING) !== 0 ? new Uint8Array(buffer, skip(count), count) : undefined;
    columns.set(name, { type, length: rows, offsets, values, ...(valid && { valid }) });
  });
  return { rows, columns };
}

function aligned(bytes: number): number {
  return (bytes + 7) & ~7;
}

function spillError(path: string, what: string, cause?: unknown): LumiscopeError {
  return new LumiscopeError('source', `${path}: ${what}`, {
    hint: 'the folder for sorting needs room for the records of a dataset: about 500 bytes each',
    place: { file: path },
    ...(cause !== undefined && { cause }),
  });
}

async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
    throw spillError(path, full ? 'the disk is full' : `can't be written or read (${(cause as Error).message})`, cause);
  }
}
