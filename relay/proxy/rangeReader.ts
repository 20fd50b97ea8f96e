/** Answers what is asked for: from the cache, together with others who ask for the same, or from the origin. */
import { Readable } from 'node:stream';
import type { Version } from '../../workers/io/cache/rangeStore.ts';
import { rangeText, within } from '../byteRange.ts';
import { type AnswerHead, type Asked, readHead } from './answerHead.ts';
import { bodyOf } from './body.ts';
import { drop } from './connections.ts';
import { Flights, Memory, type Opened, orGone, SHARED_BYTES } from './flights.ts';
import type { Gate } from './gate.ts';
import type { OriginRule } from './options.ts';
import type { Credential, Rights } from './originTokens.ts';
import type { ProxyCache } from './proxyCache.ts';
import { Transfer } from './transfer.ts';
import { askUpstream, type Upstream } from './upstream.ts';

export interface Question {
  url: URL;
  rule: OriginRule;
  asked: Asked;
  credential: Credential | undefined;
  /** Fires when the client is gone, or its time is over. */
  signal: AbortSignal;
  /** Told of bytes that are given to the client. */
  onBytes(bytes: number): void;
}

export interface Reply {
  head: AnswerHead;
  /** Of GET with 200 and 206. Destroyed, it gives back what it takes. */
  body?: Readable;
  fromCache: boolean;
}

export interface ReaderParts extends Upstream {
  cache: ProxyCache | undefined;
  rights: Rights;
  /** Places for requests to each origin. */
  gate: Gate;
}

export class RangeReader {
  readonly #parts: ReaderParts;
  readonly #memory: Memory;
  readonly #flights: Flights;
  /** Questions whether a version is the present one still. */
  readonly #checks = new Map<string, Promise<Version | undefined>>();

  constructor(parts: ReaderParts) {
    this.#parts = parts;
    const { limits } = parts.options;
    this.#memory = new Memory(limits.memoryBytes);
    this.#flights = new Flights(limits, this.#memory);
  }

  /** @throws Refusal; the signal's reason */
  async answer(question: Question): Promise<Reply> {
    const { asked, url, credential, signal } = question;
    const name = this.#parts.rights.of(url, credential);
    const { 'if-range': condition, ...others } = asked.conditions;
    const isPlain = asked.method === 'GET' && asked.range !== undefined && Object.keys(others).length === 0;
    if (isPlain) {
      const held = await this.#fromCache(question, name);
      if (held) return held;
      const landed = await this.#flights.join(
        `${name} ${rangeText(asked.range!)} ${condition ?? ''}`,
        signal,
        question.onBytes,
        (end) => this.#open(question, name, end),
        async ({ size, etag, span }, bytes) => {
          if (size !== undefined && etag !== undefined)
            await this.#parts.cache?.put(name, { size, etag }, span!, bytes);
        },
      );
      if (landed) return 'body' in landed ? { ...landed, fromCache: false } : this.#through(landed, question);
    }
    return this.#through(await this.#open(question, name, signal), question);
  }

  async #fromCache(question: Question, name: string): Promise<Reply | undefined> {
    const { cache, options } = this.#parts;
    const { range, conditions } = question.asked;
    const known = await cache?.known(name);
    if (!cache || !known) return undefined;
    let version: Version | undefined = known;
    if (!known.fresh) {
      const span = within(range!, known.size);
      if (!span || !(await cache.holds(name, known, span))) return undefined;
      version = await orGone(this.#check(question, name, known), question.signal);
    }
    const condition = conditions['if-range'];
    if (!version || (condition !== undefined && condition !== version.etag)) return undefined;
    const { size, etag } = version;
    const span = within(range!, size);
    if (!span) return { head: { status: 416, size, skip: 0 }, fromCache: true };
    const length = span[1] - span[0];
    const give = length <= SHARED_BYTES ? this.#memory.take(length) : undefined;
    if (!give) return undefined;
    const bytes = await cache.get(name, version, span);
    if (!bytes) {
      give();
      return undefined;
    }
    const body = new Transfer(bytes, length).reader(options.limits.idleSeconds, question.onBytes, give);
    return { head: { status: 206, span, size, length, skip: 0, etag }, body, fromCache: true };
  }

  /** Asks for the version, and a byte, once for all who want to know. @returns undefined where it tells none */
  #check(question: Question, name: string, known: Version): Promise<Version | undefined> {
    const asked: Asked = {
      method: 'GET',
      range: { first: 0, last: 0 },
      conditions: { 'if-none-match': known.etag },
    };
    const ask = async () => {
      const signal = AbortSignal.timeout(this.#parts.options.limits.totalSeconds * 1000);
      const { head, response, leave } = await this.#open({ ...question, asked }, name, signal);
      response.once('close', leave);
      drop(response, 'GET');
      if (head.status !== 304)
        return head.size === undefined || !head.etag ? undefined : { size: head.size, etag: head.etag };
      await this.#parts.cache?.told(name, known);
      return known;
    };
    const check = this.#checks.get(name) ?? ask().finally(() => this.#checks.delete(name));
    this.#checks.set(name, check);
    return check;
  }

  /** An answer for nobody else, as fast as it is taken. */
  #through({ head, response, leave }: Opened, { asked: { method }, onBytes }: Question): Reply {
    const hasBody = method === 'GET' && (head.status === 200 || head.status === 206);
    if (!hasBody) {
      response.once('close', leave);
      drop(response, method);
      return { head, fromCache: false };
    }
    const body = Readable.from(counted(bodyOf(response, head, this.#parts.options.limits), onBytes), {
      objectMode: false,
    });
    body.once('close', () => {
      if (!response.complete) response.destroy();
      leave();
    });
    return { head, body, fromCache: false };
  }

  async #open({ url, rule, asked, credential }: Question, name: string, signal: AbortSignal): Promise<Opened> {
    const { options, gate, cache } = this.#parts;
    const leave = await gate.wait(url.origin, options.limits.connectSeconds, signal);
    try {
      const response = await askUpstream(this.#parts, url, rule, asked, credential, signal);
      try {
        const head = readHead(asked, response, options.limits, url.origin);
        if (head.status === 200 || head.status === 206) await cache?.told(name, head);
        return { head, response, leave };
      } catch (error) {
        drop(response, asked.method);
        throw error;
      }
    } catch (error) {
      leave();
      throw error;
    }
  }
}

async function* counted(parts: AsyncIterable<Buffer>, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const part of parts) {
    onBytes(part.length);
    yield part;
  }
}
