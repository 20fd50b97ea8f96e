import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { LumiscopeError } from '../errors.ts';
import { canonicalJson } from './canonical.ts';
import type { AnalysisDocument } from './document.ts';
import { checkDocument } from './schema.ts';
import { brokenLink, decodeText, encodeText } from './textLink.ts';

/**
 * A document in a link: `#a=` + base64url(deflate-raw(canonical JSON)), read with the same schema as any document, so
 * that a hostile link can do no more than a wrong document.
 */
export function encodeLink(document: AnalysisDocument): string {
  return `#a=${encodeText(canonicalJson(document))}`;
}

/**
 * The document of a link's hash, `#a=…`.
 * @throws LumiscopeError 'link' for anything else, and for more than 1 MB of document, which is not inflated to its end
 */
export function decodeLink(hash: string): AnalysisDocument {
  const encoded = /^#?a=([A-Za-z0-9_-]+)$/.exec(hash)?.[1];
  if (encoded === undefined) throw brokenLink();
  const { document, issues } = checkDocument(parse(decodeText(encoded)));
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

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw brokenLink(cause);
  }
}
