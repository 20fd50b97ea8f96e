import { createHash } from 'node:crypto';
import { LumiscopeError } from '../../../core/errors.ts';
import type { ControlMessage } from '../../../core/ingest/controlMessage.ts';
import type { Declaration } from '../../../core/ingest/declaration.ts';
import type { DatasetProgress } from '../../../core/ingest/happening.ts';
import { cancelled } from '../../io/errors.ts';
import { pause } from '../../io/retry.ts';
import { send } from '../../io/send.ts';

/** Bytes of an object that are sent at once: what is sent again where a connection breaks. */
const PIECE_BYTES = 8 << 20;
/** Waits between tries: a relay that is started again is back by then. */
const WAITS_MS = [250, 500, 1000, 2000, 4000, 8000, 15_000, 30_000];
/** An answer has to come within. */
const ANSWER_MS = 120_000;
/** What passes: another producer that sends the same object, too many requests, servers and proxies in trouble, a full disk. */
const PASSING = new Set([408, 409, 425, 429, 500, 502, 503, 504, 507]);

export interface RelayOptions {
  signal?: AbortSignal | undefined;
  /** Told before each wait. */
  onTrouble?: ((reason: string, waitMs: number) => void) | undefined;
  pieceBytes?: number;
  waits?: readonly number[];
}

/**
 * A relay, as a producer speaks with it. All that is said may be said again: it changes nothing. What may pass (network, restarts, 5xx, 429) is tried again with growing pauses. A token
 * goes along where one was given for the host, see `setAccess`.
 */
export class RelayClient {
  /** Without a slash at its end. */
  readonly address: string;
  readonly #signal: AbortSignal | undefined;
  readonly #onTrouble: RelayOptions['onTrouble'];
  readonly #pieceBytes: number;
  readonly #waits: readonly number[];

  /** @throws LumiscopeError `document` where the address is none */
  constructor(address: string, { signal, onTrouble, pieceBytes = PIECE_BYTES, waits = WAITS_MS }: RelayOptions = {}) {
    if (!/^https?:\/\/[^/]/.test(address) || !URL.canParse(address))
      throw new LumiscopeError('document', `${address} is no address of a relay`, {
        hint: 'as in http://127.0.0.1:4380: what `npm run relay` says when it starts',
      });
    const url = new URL(address);
    if (url.username || url.password)
      throw new LumiscopeError('document', `credentials don't belong into the address of the relay at ${url.host}`, {
        hint: 'put the token into BEARER_TOKEN',
      });
    this.address = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
    this.#signal = signal;
    this.#onTrouble = onTrouble;
    this.#pieceBytes = pieceBytes;
    this.#waits = waits;
  }

  /**
   * Sends an object, from where an earlier try of anybody stopped.
   * @returns its checksum; `again`: it was there already
   * @throws LumiscopeError `source`, `cancelled`
   */
  async upload(
    bytes: Uint8Array<ArrayBuffer>,
    onSent?: (bytes: number) => void,
  ): Promise<{ sha256: string; again: boolean }> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const path = `/v1/objects/${sha256}`;
    const total = bytes.length;
    let sent = false;
    await this.#persistently(async () => {
      const { status, headers } = await this.#ask('HEAD', path, {}, [200, 404]);
      if (status === 200) return;
      let at = Number(headers.get('upload-offset') ?? 0);
      if (!(at >= 0 && at < total)) at = 0;
      for (sent = true; at < total; ) {
        const end = Math.min(total, at + this.#pieceBytes);
        const range = `bytes ${at}-${end - 1}/${total}`;
        const body = bytes.subarray(at, end);
        const answer = await this.#ask('PUT', path, {
          body,
          headers: { 'Content-Range': range, 'Content-Type': 'application/octet-stream' },
        });
        onSent?.(end);
        // 202: more has to come.
        if (answer.status !== 202) return;
        at = end;
      }
      throw new Passing(this.#error('has all of an object, but did not store it'));
    });
    return { sha256, again: !sent };
  }

  /** Whether an object is there. @throws LumiscopeError `source`, `cancelled` */
  async has(sha256: string): Promise<boolean> {
    return this.#persistently(
      async () => (await this.#ask('HEAD', `/v1/objects/${sha256}`, {}, [200, 404])).status === 200,
    );
  }

  /** States what a job staged. @returns whether that was known */
  async message(message: ControlMessage): Promise<{ again: boolean }> {
    return this.#json('POST', '/v1/messages', message);
  }

  /** Declares what a dataset holds, instead of what was declared before. @returns whether nothing changed */
  async declare(declaration: Declaration): Promise<{ again: boolean }> {
    return this.#json('PUT', `/v1/datasets/${encodeURIComponent(declaration.dataset)}/declaration`, declaration);
  }

  /** How a dataset fares; undefined where the relay does not know it. */
  async dataset(name: string): Promise<DatasetProgress | undefined> {
    return this.#persistently(async () => {
      const answer = await this.#ask('GET', `/v1/datasets/${encodeURIComponent(name)}`, {}, [200, 404]);
      return answer.status === 404 ? undefined : this.#parsed<DatasetProgress>(answer);
    });
  }

  async #json<T>(method: string, path: string, value: unknown): Promise<T> {
    const body = JSON.stringify(value);
    const headers = { 'Content-Type': 'application/json' };
    return this.#persistently(async () => this.#parsed<T>(await this.#ask(method, path, { body, headers })));
  }

  async #parsed<T>(answer: Response): Promise<T> {
    try {
      return (await answer.json()) as T;
    } catch {
      throw new Passing(this.#error('sent an answer that is no JSON'));
    }
  }

  /** @param fine statuses that are answers; default: all of success @throws Passing for what may pass; LumiscopeError */
  async #ask(method: string, path: string, init: RequestInit, fine?: readonly number[]): Promise<Response> {
    const limit = AbortSignal.timeout(ANSWER_MS);
    const signal = this.#signal ? AbortSignal.any([this.#signal, limit]) : limit;
    let answer: Response;
    try {
      answer = await send(`${this.address}${path}`, { ...init, method, signal, redirect: 'manual' });
    } catch (cause) {
      if (this.#signal?.aborted) throw cancelled();
      if ((cause as LumiscopeError).tag) throw cause;
      const why = limit.aborted ? `did not answer within ${ANSWER_MS / 1000} s` : "can't be reached";
      throw new Passing(this.#error(why, 'check the address, and that the relay runs', cause));
    }
    if (fine ? fine.includes(answer.status) : answer.ok) return answer;
    throw await this.#refusal(method, path, answer);
  }

  async #refusal(method: string, path: string, answer: Response): Promise<Error> {
    const { status, headers } = answer;
    const body = (await answer.json().catch(() => undefined)) as
      | { error?: { what?: string; hint?: string; where?: string } }
      | undefined;
    const { what, hint, where } = body?.error ?? {};
    const said =
      what === undefined
        ? `answered ${status} to ${method} ${path}`
        : `answered ${status}: ${where ? `${where}: ` : ''}${what}`;
    const error = this.#error(said, hint ?? hintOf(status));
    // What came of the object was damaged on the way: it is sent anew.
    const isDamaged = status === 422 && path.startsWith('/v1/objects/');
    if (!PASSING.has(status) && !isDamaged) return error;
    return new Passing(error, 1000 * Number(headers.get('retry-after') ?? 0) || 0);
  }

  #error(what: string, hint?: string, cause?: unknown): LumiscopeError {
    const { host } = new URL(this.address);
    return new LumiscopeError('source', `the relay at ${host} ${what}`, { hint, place: { file: this.address }, cause });
  }

  async #persistently<T>(attempt: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      if (this.#signal?.aborted) throw cancelled();
      try {
        return await attempt();
      } catch (failure) {
        if (!(failure instanceof Passing)) throw failure;
        const wait = this.#waits[tries];
        if (wait === undefined) throw failure.error;
        // Half of it by chance, so that producers don't come back all at once.
        const ms = Math.min(60_000, Math.max(failure.wish, wait * (0.5 + Math.random() / 2)));
        this.#onTrouble?.(failure.error.message, ms);
        await pause(ms, this.#signal);
      }
    }
  }
}

/** A failure that may pass. */
class Passing extends Error {
  readonly error: LumiscopeError;
  /** Milliseconds that the relay wants to be left alone. */
  readonly wish: number;

  constructor(error: LumiscopeError, wish = 0) {
    super(error.message);
    this.error = error;
    this.wish = wish;
  }
}

function hintOf(status: number): string {
  if (status === 401 || status === 403)
    return 'it wants a token with the scope produce: put it into BEARER_TOKEN, or its file into BEARER_TOKEN_FILE';
  if (status >= 300 && status < 400) return 'name the address that it sends to';
  if (status === 404) return 'check that the address is that of a relay';
  if (status === 413) return 'stage fewer files in an object, by --files-per-job';
  return status >= 500 || status === 429 ? 'try later' : 'see its log';
}
