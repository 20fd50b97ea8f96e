/**
 * Where things lie in an Arrow file or stream.
 * @see https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format
 */
import type { ByteRange, ByteSource } from '../../io/byteSource.ts';
import { readRanges } from '../../io/coalesce.ts';
import { Corrupt } from '../errors.ts';
import { type ArrowSchema, readSchema } from './fields.ts';
import { sizeAt, Table } from './flatbuffer.ts';
import { type Batch, type Message, MessageKind, readBatch, readMessage } from './message.ts';

/** Values of a dictionary, or (`delta`) more of them. */
export interface DictionaryBatch {
  id: number;
  delta: boolean;
  batch: Batch;
  /** Record batches that come before it: a stream may replace a dictionary between them. */
  before: number;
}

export interface ArrowLayout {
  schema: ArrowSchema;
  batches: Batch[];
  dictionaries: DictionaryBatch[];
}

/** `ARROW1`, padding. */
const FILE_HEAD = 8;
/** Length of the footer, `ARROW1`. */
const FILE_END = 10;
const CONTINUATION = 0xffffffff;
/** Read at once of a stream, which is gone through message by message. */
const PEEK_BYTES = 65_536;

/** A file with a footer, which Feather of version 2 is too. @throws Corrupt, LumiscopeError `source`, `cancelled` */
export async function layOutFile(source: ByteSource, signal?: AbortSignal): Promise<ArrowLayout> {
  const { size } = source;
  if (size < FILE_HEAD + FILE_END) throw new Corrupt('it is cut short');
  const end = await source.read(size - FILE_END, FILE_END, signal);
  if (String.fromCharCode(...end.subarray(4)) !== 'ARROW1')
    throw new Corrupt('it is cut short: it does not end with ARROW1');
  const length = new DataView(end.buffer, end.byteOffset).getInt32(0, true);
  if (length <= 0 || length > size - FILE_HEAD - FILE_END)
    throw new Corrupt(`its footer claims ${length} of ${size} bytes`);
  const footer = Table.root(await source.read(size - FILE_END - length, length, signal));
  const table = footer.table(1);
  if (!table) throw new Corrupt('its footer has no schema');
  const blocks = [2, 3].map((field) =>
    footer.structs(
      field,
      24,
      (view, at): Block => ({
        offset: sizeAt(view, at),
        headBytes: view.getInt32(at + 8, true),
        bodyBytes: sizeAt(view, at + 16),
      }),
    ),
  );
  const all = blocks.flat();
  for (const { offset, headBytes, bodyBytes } of all) {
    if (headBytes < 8 || offset + headBytes + bodyBytes > size)
      throw new Corrupt('a batch runs past the end of the file');
  }
  const heads = await readRanges(
    source,
    all.map(({ offset, headBytes }): ByteRange => [offset, headBytes]),
    signal,
  );
  const messages = all.map(({ offset, headBytes }, i) => ({
    message: readMessage(heads[i]!.subarray(headStart(heads[i]!))),
    body: offset + headBytes,
  }));
  const layout: ArrowLayout = {
    schema: readSchema(table, messages[0]?.message.version4 ?? false),
    batches: [],
    dictionaries: [],
  };
  for (const { message, body } of messages) add(layout, message, body);
  // All dictionaries of a file hold for all of its batches.
  for (const dictionary of layout.dictionaries) dictionary.before = 0;
  return layout;
}

interface Block {
  offset: number;
  headBytes: number;
  bodyBytes: number;
}

/** Messages one after the other, the schema first. @throws Corrupt, LumiscopeError `source`, `cancelled` */
export async function layOutStream(source: ByteSource, signal?: AbortSignal): Promise<ArrowLayout> {
  const { size } = source;
  let layout: ArrowLayout | undefined;
  for (let at = 0; at + 8 <= size; ) {
    let bytes = await source.read(at, Math.min(PEEK_BYTES, size - at), signal);
    const start = headStart(bytes);
    const length = new DataView(bytes.buffer, bytes.byteOffset).getInt32(start - 4, true);
    if (length === 0) break;
    if (length < 0 || at + start + length > size) throw new Corrupt('a message runs past the end of the file');
    if (start + length > bytes.length) bytes = await source.read(at, start + length, signal);
    const message = readMessage(bytes.subarray(start, start + length));
    const body = at + start + length;
    if (body + message.bodyBytes > size) throw new Corrupt('a batch runs past the end of the file: it is cut short');
    if (layout) add(layout, message, body);
    else if (message.kind === MessageKind.SCHEMA) {
      layout = { schema: readSchema(message.header, message.version4), batches: [], dictionaries: [] };
    } else throw new Corrupt('it does not begin with a schema');
    at = body + message.bodyBytes;
  }
  if (!layout) throw new Corrupt('it has no schema');
  return layout;
}

/** Where a message's metadata begins: after its length, before which newer writers put a marker. */
function headStart(bytes: Uint8Array): number {
  if (bytes.length < 8) throw new Corrupt('a message is cut short');
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === CONTINUATION ? 8 : 4;
}

function add(layout: ArrowLayout, { kind, header, bodyBytes }: Message, body: number): void {
  if (kind === MessageKind.BATCH) {
    layout.batches.push(readBatch(header, body, bodyBytes));
  } else if (kind === MessageKind.DICTIONARY) {
    const data = header.table(1);
    if (!data) throw new Corrupt('a dictionary has no values');
    const batch = readBatch(data, body, bodyBytes);
    layout.dictionaries.push({
      id: header.size(0),
      delta: header.bool(2, false),
      batch,
      before: layout.batches.length,
    });
  } else {
    throw new Corrupt(`a message of kind ${kind} is no record batch`);
  }
}
