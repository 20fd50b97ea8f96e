import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { deflateSync, Inflate } from 'fflate';
import { LumiscopeError } from '../errors.ts';
import { canonicalJson } from './canonical.ts';
import type { AnalysisDocument } from './document.ts';
import { LIMITS } from './formParts.ts';
import { checkDocument } from './schema.ts';

/**
 * A document in a link: `#a=` + base64url(deflate-raw(canonical JSON)), read with the same schema as any document, so
 * that a hostile link can do no more than a wrong document.
 */
export function encodeLink(document: AnalysisDocument): string {
  return `#a=${toBase64Url(deflateSync(new TextEncoder().encode(canonicalJson(document)), { level: 9 }))}`;
}

/**
 * The document of a link's hash, `#a=…`.
 * @throws LumiscopeError 'link' for anything else, and for more than 1 MB of document, which is not inflated to its end
 */
export function decodeLink(hash: string): AnalysisDocument {
  const encoded = /^#?a=([A-Za-z0-9_-]+)$/.exec(hash)?.[1];
  if (encoded === undefined) throw broken();
  if (encoded.length > LIMITS.text) throw tooLong();
  const { document, issues } = checkDocument(parse(inflate(fromBase64Url(encoded))));
  if (document) return document;
  const { keys, message, hint } = issues[0];
  throw new LumiscopeError('link', `the link holds a wrong document: ${message}`, {
    hint,
    place: { path: keys.join('.'), keys },
  });
}

/** SHA-256 of the canonical JSON, in hexadecimal: two documents have the same hash exactly if they mean the same. */
export function documentHash(document: AnalysisDocument): string {
  // Not `crypto.subtle`: browsers lack it on pages that are served without TLS.
  return bytesToHex(sha256(new TextEncoder().encode(canonicalJson(document))));
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
      throw broken(cause);
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
    throw broken(cause);
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw broken(cause);
  }
}

function broken(cause?: unknown): LumiscopeError {
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
    throw broken(cause);
  }
}
