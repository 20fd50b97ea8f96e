import { LumiscopeError } from '../../core/errors.ts';
import type { OpenEventFile } from './eventFile.ts';
import { openParquet } from './parquet/openParquet.ts';

/** Holds all magic bytes; of a ROOT file, the header and where the folders lie. */
const START_BYTES = 4096;
/** Enough to tell whether a file of another name is a table of text. */
const PEEK_BYTES = 16_384;

/** Opens a file of any supported format: by its magic bytes, or by its name and first lines. @throws LumiscopeError `format`, `source`, `cancelled` */
export const openEventFile: OpenEventFile = async (source, file, signal, index) => {
  const { url, size } = source;
  const fail = (message: string, hint: string) =>
    new LumiscopeError('format', `${url}: ${message}`, { hint, place: { file: url } });
  if (size === 0) throw fail('the file is empty', 'copy or download it again');
  // The end comes with opening over HTTP, so a Parquet file is known by it, without a request for the start.
  const end = magic(await source.read(Math.max(0, size - 4), Math.min(size, 4), signal));
  if (end === 'PAR1' || end === 'PARE') return openParquet(source, file, signal);
  const start = await source.read(0, Math.min(size, START_BYTES), signal);
  if (magic(start).startsWith('PAR1')) return openParquet(source, file, signal);
  if (magic(start).startsWith('root')) {
    const { openRoot } = await import('./root/openRoot.ts');
    return openRoot(source, file, signal, start);
  }
  if (magic(start).startsWith('FEA1'))
    throw fail(
      'Feather files of version 1 are not read',
      'write it anew with pyarrow.feather.write_feather, or as Parquet',
    );
  if (magic(start).startsWith('ARROW1') || isStream(start)) {
    const { openArrow } = await import('./arrow/openArrow.ts');
    return openArrow(source, file, isStream(start) ? 'stream' : 'file', signal);
  }
  const { isCsvName, looksLikeCsv } = await import('./csv/recognize.ts');
  if (isCsvName(url) || looksLikeCsv(await source.read(0, Math.min(size, PEEK_BYTES), signal), size <= PEEK_BYTES)) {
    const { openCsv } = await import('./csv/openCsv.ts');
    if (start[0] !== 0x1f || start[1] !== 0x8b) return openCsv(source, file, signal, index);
    const { gunzip } = await import('./gunzip.ts');
    return openCsv(await gunzip(source, signal), file, signal, index);
  }
  throw fail(
    'not a ROOT, Parquet, Arrow or CSV file: it has no magic bytes, and no line with names of columns',
    'check that the address names the file itself, and not a page about it',
  );
};

/** An Arrow stream: a marker, and the length of the schema, which is a multiple of eight. */
function isStream(start: Uint8Array): boolean {
  if (start.length < 8) return false;
  const view = new DataView(start.buffer, start.byteOffset);
  return view.getUint32(0, true) === 0xffffffff && view.getInt32(4, true) > 0;
}

function magic(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 8));
}
