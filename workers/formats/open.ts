import { LumiscopeError } from '../../core/errors.ts';
import type { OpenEventFile } from './eventFile.ts';
import { openParquet } from './parquet/openParquet.ts';

const MAGIC_BYTES = 4;

/** Opens a file of any supported format by its magic bytes. @throws LumiscopeError `format`, `source`, `cancelled` */
export const openEventFile: OpenEventFile = async (source, file, signal) => {
  const { url, size } = source;
  const fail = (message: string, hint: string) =>
    new LumiscopeError('format', `${url}: ${message}`, { hint, place: { file: url } });
  if (size === 0) throw fail('the file is empty', 'copy or download it again');
  // The end comes with opening over HTTP, so a Parquet file is known by it, without a request for the start.
  const end = magic(await source.read(Math.max(0, size - MAGIC_BYTES), Math.min(size, MAGIC_BYTES), signal));
  if (end === 'PAR1' || end === 'PARE') return openParquet(source, file, signal);
  const start = magic(await source.read(0, Math.min(size, MAGIC_BYTES), signal));
  if (start === 'PAR1') return openParquet(source, file, signal);
  if (start === 'root')
    throw fail('ROOT files are not readable yet', 'convert it to Parquet, for example with uproot and awkward');
  throw fail(
    'not a Parquet file: it has none of its magic bytes (PAR1)',
    'check that the address names the file itself',
  );
};

function magic(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
