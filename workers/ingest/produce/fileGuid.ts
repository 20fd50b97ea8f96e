import { createHash } from 'node:crypto';
import { printGuid } from '../../../core/catalogue/eventKey.ts';
import type { EventFile } from '../../formats/eventFile.ts';
import { openEventFile } from '../../formats/open.ts';
import type { ByteSource } from '../../io/byteSource.ts';
import { cancelled } from '../../io/errors.ts';

/** The tree of a file that POOL wrote, with texts such as `[NAME=FID][VALUE=01234567-89AB-CDEF-0123-456789ABCDEF]`. */
const PARAMETERS = '##Params';
const FILE_ID = /\[NAME=FID\]\[VALUE=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]/i;
/** Bytes of a file that are hashed at once. */
const PIECE = 8 << 20;

/**
 * The GUID of a file of events: of a ROOT file the one that POOL gave it, else the UUID in its header; of others, and of ROOT files without one, `contentGuid`, for which the whole file is
 * read.
 * @throws LumiscopeError `source`, `format`, `cancelled`
 */
export async function fileGuid(source: ByteSource, { summary }: EventFile, signal?: AbortSignal): Promise<string> {
  if (summary.trees) {
    const found = (await poolGuid(source, summary, signal)) ?? (await headerGuid(source, signal));
    if (found) return found;
  }
  return contentGuid(source, signal);
}

async function poolGuid(source: ByteSource, { trees, file }: EventFile['summary'], signal?: AbortSignal) {
  if (!trees!.all.some(({ name }) => name === PARAMETERS)) return undefined;
  const parameters = await openEventFile(source, { ...file, address: { ...file.address, tree: PARAMETERS } }, signal);
  const texts = parameters.summary.columns.filter(({ type }) => type === 'string').map(({ name }) => name);
  for (const chunk of parameters.summary.chunks.keys()) {
    for (const { dictionary = [] } of await parameters.readChunk(chunk, texts, signal)) {
      const guid = dictionary.map((text) => FILE_ID.exec(text)?.[1]).find((found) => found !== undefined);
      if (guid) return guid.toUpperCase();
    }
  }
  return undefined;
}

/**
 * `fUUID` of the header. Files that are written to be reproducible have none.
 * @see https://root.cern.ch/doc/master/classTFile.html (Begin_Macro: ROOT file header)
 */
async function headerGuid(source: ByteSource, signal?: AbortSignal): Promise<string | undefined> {
  const bytes = await source.read(0, Math.min(source.size, 80), signal);
  if (bytes.length < 80) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  // Files with a version of a million or more have 64-bit positions. Two bytes of the UUID's own version stand before it.
  const at = view.getUint32(4) >= 1_000_000 ? 59 : 47;
  const guid = { hi: view.getBigUint64(at), lo: view.getBigUint64(at + 8) };
  return guid.hi === 0n && guid.lo === 0n ? undefined : printGuid(guid);
}

/**
 * Of any bytes: the first sixteen of their SHA-256, marked as a UUID of version 8.
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-example-of-a-uuidv8-value-n
 */
export async function contentGuid(source: ByteSource, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < source.size; at += PIECE) {
    if (signal?.aborted) throw cancelled();
    hash.update(await source.read(at, Math.min(PIECE, source.size - at), signal));
  }
  const bytes = hash.digest();
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return printGuid({ hi: bytes.readBigUInt64BE(0), lo: bytes.readBigUInt64BE(8) });
}
