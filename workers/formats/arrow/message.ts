/**
 * Arrow's messages: a schema, dictionaries, record batches.
 * @see https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc
 * @see https://github.com/apache/arrow/blob/main/format/Message.fbs
 */
import { Corrupt } from '../errors.ts';
import { sizeAt, Table } from './flatbuffer.ts';

export const MessageKind = { SCHEMA: 1, DICTIONARY: 2, BATCH: 3 } as const;
/** `MetadataVersion` of Schema.fbs: before version 4 nothing was stable. */
const VERSION_4 = 3;

export type BufferCodec = 'LZ4_FRAME' | 'ZSTD';

/** A run of bytes within the body of a message. */
export interface BufferPlace {
  offset: number;
  bytes: number;
}

/** Arrays of equally many slots each: what a record batch and a dictionary are made of. */
export interface Batch {
  /** Of the body, from the start of the file. */
  offset: number;
  length: number;
  /** By node of the schema tree, depth first. */
  nodes: { length: number; nulls: number }[];
  buffers: BufferPlace[];
  codec: BufferCodec | undefined;
  /** How many data buffers each column of views has. */
  variadic: number[];
}

export interface Message {
  kind: number;
  header: Table;
  bodyBytes: number;
  /** Whether its unions have validity bitmaps (metadata version 4). */
  version4: boolean;
}

/** @throws Corrupt */
export function readMessage(bytes: Uint8Array): Message {
  const table = Table.root(bytes);
  const version = table.int16(0, 0);
  if (version < VERSION_4) throw new Corrupt(`its metadata has version ${version + 1}, of before Arrow 0.8`);
  const header = table.table(2);
  if (!header) throw new Corrupt('a message has no contents');
  return { kind: table.int8(1, 0), header, bodyBytes: table.size(3), version4: version === VERSION_4 };
}

/** Arrow asks for less than 2^31 in an array; more can only be damage, which would be cut into chunks without end. */
const MOST_SLOTS = 2 ** 32;
const CODECS: readonly BufferCodec[] = ['LZ4_FRAME', 'ZSTD'];

/** @param offset where its body begins in the file @throws Corrupt */
export function readBatch(header: Table, offset: number, bodyBytes: number): Batch {
  const compression = header.table(3);
  const codec = compression && CODECS[compression.int8(0, 0)];
  if (compression && !codec) throw new Corrupt('its buffers have a compression that is not known');
  const buffers = header.structs(
    2,
    16,
    (view, at): BufferPlace => ({
      offset: sizeAt(view, at),
      bytes: sizeAt(view, at + 8),
    }),
  );
  for (const buffer of buffers) {
    if (buffer.offset + buffer.bytes > bodyBytes) throw new Corrupt('a buffer runs past the end of its batch');
  }
  const length = header.size(0);
  if (length > MOST_SLOTS) throw new Corrupt(`a batch claims to have ${length} events`);
  return {
    offset,
    length,
    nodes: header.structs(1, 16, (view, at) => ({ length: sizeAt(view, at), nulls: sizeAt(view, at + 8) })),
    buffers,
    codec,
    variadic: header.structs(4, 8, sizeAt),
  };
}
