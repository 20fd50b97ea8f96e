import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { crc32, createGunzip } from 'node:zlib';
import { LumiscopeError } from '../../../core/errors.ts';

/** What is read at once. */
const CHUNK = 1 << 20;
/** Of packed text: what it can grow to stays within bounds. */
const PACKED_CHUNK = 1 << 16;

/** Text of an input, and where in it one is: offsets are those of the text, unpacked. */
export interface TextInput {
  /** As errors call it. */
  name: string;
  /** Of files that lie somewhere: tells whether it is still the same. */
  state: string | undefined;
  /** Bytes of the file, for progress; 0 where nobody knows. */
  size: number;
  /** Of the file, so far. */
  bytesRead: number;
  /**
   * The text from `offset` on.
   * @param before CRC-32 of the text up to there, and the state of the file that it is of: that text is read once more where it can't be passed over
   * @throws LumiscopeError `source` where it can't be read, or has other text in front; `format` where it is packed, but damaged or cut: after what came before the damage
   */
  text(offset: number, before: { crc: number; state: string | undefined }): AsyncGenerator<Uint8Array>;
}

/** Reads text, packed by gzip or not. @param path `-` for standard input @throws LumiscopeError `source` */
export async function openText(path: string, standardInput: AsyncIterable<Uint8Array>): Promise<TextInput> {
  if (path === '-') return new Text('standard input', () => standardInput, undefined, 0);
  const { size, mtimeMs, isFile } = await stat(path).then(
    (info) => ({ size: info.size, mtimeMs: info.mtimeMs, isFile: info.isFile() }),
    (error: Error) => {
      throw new LumiscopeError('source', `${path} can't be read: ${error.message}`);
    },
  );
  if (!isFile) throw new LumiscopeError('source', `${path} is no file`);
  return new Text(path, (start) => createReadStream(path, { start, highWaterMark: CHUNK }), `${size} ${mtimeMs}`, size);
}

class Text implements TextInput {
  readonly name: string;
  readonly state: string | undefined;
  readonly size: number;
  bytesRead = 0;
  readonly #open: (start: number) => AsyncIterable<Uint8Array>;

  constructor(
    name: string,
    open: (start: number) => AsyncIterable<Uint8Array>,
    state: string | undefined,
    size: number,
  ) {
    this.name = name;
    this.#open = open;
    this.state = state;
    this.size = size;
  }

  async *text(offset: number, before: { crc: number; state: string | undefined }): AsyncGenerator<Uint8Array> {
    this.bytesRead = 0;
    try {
      if (offset > 0 && this.state !== undefined && this.state === before.state && !(await isPacked(this.name))) {
        this.bytesRead = offset;
        for await (const chunk of this.#open(offset)) yield this.#count(chunk);
        return;
      }
      let left = offset;
      let crc = 0;
      for await (const chunk of unpacked(this.#counted(), this.name)) {
        const passed = chunk.subarray(0, left);
        crc = crc32(passed, crc);
        left -= passed.length;
        if (left > 0) continue;
        if (passed.length > 0 && crc !== before.crc) throw this.#other(offset);
        if (passed.length < chunk.length) yield chunk.subarray(passed.length);
      }
      if (left > 0) throw this.#other(offset);
    } catch (error) {
      if (error instanceof LumiscopeError) throw error;
      throw new LumiscopeError('source', `${this.name} can't be read: ${(error as Error).message}`);
    }
  }

  async *#counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#open(0)) yield this.#count(chunk);
  }

  #count(chunk: Uint8Array): Uint8Array {
    this.bytesRead += chunk.length;
    return chunk;
  }

  #other(offset: number): LumiscopeError {
    return new LumiscopeError('source', `${this.name} is not what the import was begun with`, {
      hint: `its first ${offset} bytes of text are others: import it with another --work folder`,
    });
  }
}

async function isPacked(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

/** What other programs' files begin with. */
const OTHERS: [magic: string, what: string, hint: string][] = [
  ['SEQ', 'a Hadoop sequence file', 'print it as text: hadoop fs -text FILE'],
  ['BZh', 'packed by bzip2', 'unpack it, and give it on standard input: bzcat FILE | lumiscope import-eventindex -'],
  [
    '\x28\xb5\x2f\xfd',
    'packed by zstd',
    'unpack it, and give it on standard input: zstdcat FILE | lumiscope import-eventindex -',
  ],
  ['\xfd7zXZ', 'packed by xz', 'unpack it, and give it on standard input: xzcat FILE | lumiscope import-eventindex -'],
  ['PK\x03\x04', 'a ZIP archive', 'unpack it'],
  ['PAR1', 'Parquet', 'import-eventindex takes text; lumiscope produce takes Parquet'],
];

/** The text of bytes that are packed, or are text. */
async function* unpacked(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  let first: Uint8Array = new Uint8Array();
  while (first.length < 8) {
    const { value, done } = await iterator.next();
    if (done) break;
    first = first.length === 0 ? value : Buffer.concat([first, value]);
  }
  const start = Buffer.from(first.subarray(0, 8)).toString('latin1');
  const other = OTHERS.find(([magic]) => start.startsWith(magic));
  if (other) throw new LumiscopeError('format', `${name} is ${other[1]}, not text`, { hint: other[2] });
  async function* all() {
    if (first.length > 0) yield first;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  if (first[0] === 0x1f && first[1] === 0x8b) yield* gunzipped(all(), name);
  else yield* all();
}

/** All members of a gzip file. What came before an error is given first. */
async function* gunzipped(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const engine = createGunzip({ chunkSize: 1 << 18 });
  const ready: Uint8Array[] = [];
  let failure: Error | undefined;
  let fed = 0;
  engine.on('data', (bytes: Uint8Array) => ready.push(bytes));
  // After an error nothing calls back: whoever waits is woken here.
  let wake = () => {};
  engine.on('error', (error) => {
    failure = error;
    wake();
  });
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length && !failure; at += PACKED_CHUNK) {
        const part = chunk.subarray(at, at + PACKED_CHUNK);
        await new Promise<void>((done) => {
          wake = done;
          engine.write(part, () => done());
        });
        yield* ready.splice(0);
        if (!failure) fed += part.length;
      }
      if (failure) break;
    }
    if (!failure) {
      await new Promise<void>((done) => {
        wake = done;
        engine.once('end', done).end();
      });
      yield* ready.splice(0);
    }
  } finally {
    engine.destroy();
  }
  if (failure)
    throw new LumiscopeError(
      'format',
      `${name} is damaged or cut after byte ${fed} of the packed file: ${failure.message}`,
      {
        hint: 'what was read before stays: go on with the whole file',
        place: { file: name },
      },
    );
}
