import { LumiscopeError } from '../../core/errors.ts';
import { publicUrl } from './publicUrl.ts';

/** What a reader throws when its signal has fired. */
export function cancelled(): LumiscopeError {
  return new LumiscopeError('cancelled', 'cancelled');
}

/**
 * A `source` error about a file, and about a byte range of it where there is one. `access`: the host that wants keys or a token; `cors`: the
 * host that does not let this page read its answers.
 */
export function sourceError(
  url: string,
  message: string,
  hint: string,
  details: { range?: [number, number]; access?: string; cors?: string; gone?: true; cause?: unknown } = {},
): LumiscopeError {
  const { range, access, cors, gone, cause } = details;
  const file = publicUrl(url);
  return new LumiscopeError('source', `${file}: ${message}`, {
    hint,
    place: { file, ...(range && { range }), ...(access && { access }), ...(cors && { cors }), ...(gone && { gone }) },
    ...(cause !== undefined && { cause }),
  });
}

/** The file is not the one that was opened. */
export function changedError(file: string, from: string, to: string, range?: [number, number]): LumiscopeError {
  return sourceError(file, `the file changed while it was read (it was ${from}, now it is ${to})`, 'open it again', {
    ...(range && { range }),
  });
}
