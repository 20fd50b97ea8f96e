import { LumiscopeError } from '../../core/errors.ts';

/** What the proxy does not do, or could not: with the status that it is answered with. Never holds a token or a query. */
export class Refusal extends LumiscopeError {
  readonly status: number;
  /** Seconds after which another try may do. */
  readonly retryAfter: number | undefined;
  /** Headers that the answer needs besides. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    hint: string,
    details: { retryAfter?: number; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super('source', message, { hint, cause: details.cause });
    this.status = status;
    this.retryAfter = details.retryAfter;
    this.headers = details.headers ?? {};
  }
}
