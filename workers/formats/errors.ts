import { LumiscopeError } from '../../core/errors.ts';

/** Bytes that don't follow the format, found below the place that knows file and column. */
export class Corrupt extends Error {}

/** An encoding that values of their type can't have, or that is not known; by its code in the format. */
export class UnsupportedEncoding extends Error {
  readonly encoding: number;

  constructor(encoding: number) {
    super(`encoding ${encoding}`);
    this.encoding = encoding;
  }
}

/** A `format` error about a file, and about a column of it where there is one. */
export function formatError(
  file: string,
  message: string,
  hint: string,
  details: { column?: string; cause?: unknown } = {},
): LumiscopeError {
  const { column, cause } = details;
  const where = column === undefined ? file : `${file}, column ${column}`;
  return new LumiscopeError('format', `${where}: ${message}`, {
    hint,
    place: { file, ...(column !== undefined && { column }) },
    ...(cause !== undefined && { cause }),
  });
}

/** What a decoder threw, as a `format` error; errors that are ours already stay as they are. */
export function asFormatError(cause: unknown, file: string, column?: string): unknown {
  if (cause instanceof LumiscopeError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  return formatError(file, `can't be read, its bytes are damaged (${said})`, 'copy the file again, or write it anew', {
    ...(column !== undefined && { column }),
    cause,
  });
}
