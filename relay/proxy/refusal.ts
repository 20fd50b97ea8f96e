import { HttpError } from '../server/httpError.ts';

/** What the proxy does not do, or could not. Never holds a token or a query. */
export class Refusal extends HttpError {
  /**
   * @param retryAfter seconds after which another try may do
   * @param where the origin, where it is that which refuses
   */
  constructor(status: number, what: string, hint: string, retryAfter?: number, where?: string) {
    const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
    super(status, what, { hint, headers, ...(where !== undefined && { where }) });
    this.name = 'Refusal';
  }
}
