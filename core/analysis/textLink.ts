import { deflateSync, Inflate } from 'fflate';
import { LumiscopeError } from '../errors.ts';
import { LIMITS } from './formParts.ts';

/** A text for a link: base64url(deflate-raw(UTF-8)). */
export function encodeText(text: string): string {
  return toBase64Url(deflateSync(new TextEncoder().encode(text), { level: 9 }));
}

/**
 * The text that `encodeText` wrote.
 * @throws LumiscopeError 'link' for anything else, and for more than 1 MB of text, which is not inflated to its end
 */
export function decodeText(encoded: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(encoded)) throw brokenLink();
  if (encoded.length > LIMITS.text) throw tooLong();
  return inflate(fromBase64Url(encoded));
}

/** Deflate expands at most 1032 times: of slices this long, the first one over the limit is small too. */
const SLICE = 1024;

function inflate(bytes: Uint8Array): string {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate((chunk) => {
    chunks.push(chunk);
    length += chunk.length;
  });
  for (let at = 0; at < bytes.length; at += SLICE) {
    try {
      stream.push(bytes.subarray(at, at + SLICE), at + SLICE >= bytes.length);
    } catch (cause) {
      throw brokenLink(cause);
    }
    if (length > LIMITS.text) throw tooLong();
  }
  const all = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(all);
  } catch (cause) {
    throw brokenLink(cause);
  }
}

export function brokenLink(cause?: unknown): LumiscopeError {
  return new LumiscopeError('link', 'the link is cut off or damaged: it holds no document', {
    hint: 'copy the whole link again',
    cause,
  });
}

function tooLong(): LumiscopeError {
  return new LumiscopeError('link', `the link holds more than ${LIMITS.text} bytes of document`, {
    hint: 'keep a document of this size in a file',
  });
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  } catch (cause) {
    throw brokenLink(cause);
  }
}
