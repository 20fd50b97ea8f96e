/** Bearer tokens, each for one origin (RFC 6750): the relay's own, and those that callers send along. */
import { createHmac, randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { OriginRule } from './options.ts';
import { Refusal } from './refusal.ts';

/** What goes along to an origin, and whose right it is. */
export interface Credential {
  /** `URL.origin`. */
  origin: string;
  token: string;
  /** Equal for those who may read the same: everybody for the relay's own token, whatever it is at the time. */
  holder: 'relay' | { token: string };
}

/** No more than fits into one header. */
const TOKEN = /^[\w.~+/-]{1,8000}=*$/;

/** Reads the tokens of the configuration, as often as their files change. */
export class OriginTokens {
  readonly #read = new Map<string, { stamp: string; token: string }>();

  /**
   * The caller's token, where there is one, before the relay's.
   * @param header `X-Origin-Authorization`: the origin that it is for, and `Bearer` with the token
   * @throws Refusal 400 where the header can not be read, or names another origin; 503 where the relay's token can not be read
   */
  async credential(url: URL, rule: OriginRule, header: string | string[] | undefined): Promise<Credential | undefined> {
    if (header !== undefined) {
      const token = callersToken(url, header);
      return { origin: url.origin, token, holder: { token } };
    }
    if (!rule.token) return undefined;
    const text = 'env' in rule.token ? process.env[rule.token.env] : await this.#fromFile(rule.token.file);
    const token = text?.trim() ?? '';
    if (TOKEN.test(token)) return { origin: url.origin, token, holder: 'relay' };
    const hint = "the relay's administrator looks at `token` of the origin in its configuration";
    throw new Refusal(503, `the relay's token for ${url.origin} can not be read`, hint);
  }

  async #fromFile(path: string): Promise<string | undefined> {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      const known = this.#read.get(path);
      if (known?.stamp === stamp) return known.token;
      const token = await readFile(path, 'utf8');
      this.#read.set(path, { stamp, token });
      return token;
    } catch {
      return undefined;
    }
  }
}

function callersToken(url: URL, header: string | string[]): string {
  const [, origin, token] = /^(\S+) Bearer (\S+)$/i.exec(String(header)) ?? [];
  if (origin === undefined || token === undefined || !TOKEN.test(token)) {
    const hint = 'send the origin and the token: https://host Bearer TOKEN';
    throw new Refusal(400, 'the header X-Origin-Authorization can not be read', hint);
  }
  if (URL.canParse(origin) && new URL(origin).origin === url.origin) return token;
  const hint = 'name the origin of the file that is asked for';
  throw new Refusal(400, `the token of X-Origin-Authorization is for another origin than ${url.origin}`, hint);
}

/** Names who may read the same bytes, without a way back to a token or a signed address. */
export class Rights {
  readonly #key: Buffer;

  /** @param key secret of a cache; without one, what is named is not found again by another process */
  constructor(key: Buffer = randomBytes(32)) {
    this.#key = key;
  }

  of(url: URL, credential: Credential | undefined): string {
    const { holder } = credential ?? {};
    const who = holder === undefined ? 'all' : holder === 'relay' ? 'relay' : `token ${holder.token}`;
    return createHmac('sha256', this.#key).update(`${who}\n${url.href}`).digest('hex');
  }
}
