import { type ErrorTag, type PlainError, toPlain } from '../../core/errors.ts';
import { scrub } from './scrub.ts';

/** An answer that says what is wrong, with its status. */
export class HttpError extends Error {
  readonly status: number;
  readonly hint?: string;
  readonly where?: string;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    what: string,
    { hint, where, headers = {} }: { hint?: string; where?: string; headers?: Record<string, string> } = {},
  ) {
    super(what);
    this.name = 'HttpError';
    this.status = status;
    this.hint = hint;
    this.where = where;
    this.headers = headers;
  }
}

/** `{ error: { what, hint, where } }`, the body of every answer that is an error. */
export interface ErrorBody {
  error: { what: string; hint?: string; where?: string };
}

/** What a client is told of any error. Of what is no known one it learns nothing: that is in the log, under the request's id. */
export function answerOf(
  error: unknown,
  requestId: string,
): { status: number; body: ErrorBody; headers: Record<string, string> } {
  if (error instanceof HttpError) {
    const { status, message, hint, where, headers } = error;
    return { status, body: { error: { what: scrub(message), hint, where } }, headers };
  }
  const { name, statusCode, validation, message } = error as FastifyTrouble;
  if (name === 'LumiscopeError') return answerOfPlain(toPlain(error));
  if (validation) {
    const [first] = validation;
    const where = first!.instancePath.split('/').filter(Boolean).join('.');
    // It may hold names of what was sent.
    const what = (first!.message ?? message).slice(0, LONGEST);
    return {
      status: 400,
      body: { error: { what: scrub(what), where: where.slice(0, LONGEST) || undefined } },
      headers: {},
    };
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return { status: statusCode, body: { error: { what: scrub(message) } }, headers: {} };
  const hint = `the relay's log tells more, at request ${requestId}`;
  return { status: 500, body: { error: { what: 'the relay failed at this request', hint } }, headers: {} };
}

/** Characters of what a client sent wrongly. */
const LONGEST = 500;

interface FastifyTrouble {
  name: string;
  message: string;
  statusCode?: number;
  validation?: { instancePath: string; message?: string }[];
}

const STATUS: Record<ErrorTag, number> = {
  expression: 400,
  document: 400,
  link: 400,
  source: 503,
  format: 422,
  cancelled: 503,
  limit: 413,
};

function answerOfPlain({ tag, message, hint, place }: PlainError) {
  const where = place.path ?? place.column;
  const headers: Record<string, string> = STATUS[tag] === 503 ? { 'retry-after': '5' } : {};
  return { status: STATUS[tag], body: { error: { what: scrub(message), hint: hint && scrub(hint), where } }, headers };
}
