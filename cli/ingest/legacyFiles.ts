import { open } from 'node:fs/promises';
import { constants, gunzipSync } from 'node:zlib';

/** Of a file's start: more than the key of a record. */
const PEEK_BYTES = 4096;
/** `RunNumber-EventNumber`, as the EventIndex wrote keys in Hadoop. */
const KEY = /^\d{8}-\d{11}[\t ]/;

/** Whether a file on this machine begins with a record of the EventIndex in Hadoop; what can't be read does not. */
export async function isLegacyFile(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (!file) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PEEK_BYTES), 0, PEEK_BYTES, 0);
    const start = buffer.subarray(0, bytesRead);
    const isPacked = start[0] === 0x1f && start[1] === 0x8b;
    return KEY.test((isPacked ? unpacked(start) : start).toString('latin1'));
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

/** What the beginning of a gzip file holds. */
function unpacked(start: Buffer): Buffer {
  return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH });
}
