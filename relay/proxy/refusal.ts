import { HttpError } from '../server/httpError.ts';

/** What the proxy does not do, or could not. Never holds a token or a query. */
export class Refusal extends HttpError {
  /** @param retryAfter seconds after which another try may do */
  constructor(status: number, what: string, hint: string, retryAfter?: number) {
    super(status, what, { hint, headers: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) } });
    this.name = 'Refusal';
  }
}
