import { type FileMetaData, parquetMetadata } from 'hyparquet';
import type { ByteSource } from '../../io/byteSource.ts';
import { asFormatError, formatError } from '../errors.ts';

/** `PAR1` as a little-endian number, at both ends of a file. */
const MAGIC = 0x31524150;
/** The same for files whose footer is encrypted: `PARE`. */
const MAGIC_ENCRYPTED = 0x45524150;
/** Length of the footer and the magic bytes, at the end of a file. */
const END_BYTES = 8;
/** The shortest file: magic bytes, an empty footer, its length and magic bytes. */
const MIN_BYTES = 12;

/**
 * Reads and parses the footer.
 * @throws LumiscopeError `format` where the file has no end or its footer is damaged; `source`, `cancelled`
 * @see https://parquet.apache.org/docs/file-format/
 */
export async function readFooter(source: ByteSource, signal?: AbortSignal): Promise<FileMetaData> {
  const { url, size } = source;
  if (size < MIN_BYTES) throw truncated(url, `it is ${size} bytes long`);
  const end = await source.read(size - END_BYTES, END_BYTES, signal);
  const view = new DataView(end.buffer, end.byteOffset);
  const magic = view.getUint32(4, true);
  if (magic === MAGIC_ENCRYPTED) {
    throw formatError(url, 'the Parquet file is encrypted', 'encrypted files are not supported: write it in the clear');
  }
  if (magic !== MAGIC) throw truncated(url, 'it does not end with PAR1');
  const length = view.getUint32(0, true);
  if (length > size - MIN_BYTES) throw truncated(url, `its footer claims ${length} of ${size} bytes`);
  const footer = await source.read(size - END_BYTES - length, length, signal);
  const whole = new Uint8Array(length + END_BYTES);
  whole.set(footer);
  whole.set(end, length);
  try {
    return parquetMetadata(whole, { geoparquet: false });
  } catch (cause) {
    throw asFormatError(cause, url);
  }
}

function truncated(url: string, detail: string) {
  return formatError(url, `the Parquet file is cut short or damaged: ${detail}`, 'copy or download it again');
}
