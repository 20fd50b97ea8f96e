/** How a file is found again: by its address without what gives access, and its version. */

/** Parameters of presigned links: they change with each signing, and open doors. S3, Google, Azure, CloudFront, EOS and dCache; and passwords. */
const SIGNING =
  /^(x-(amz|goog|oss|cos)-.*|awsaccesskeyid|googleaccessid|ossaccesskeyid|expires|key-pair-id|policy|sig|se|sp|sv|sr|st|spr|sks|ske|skt|skv|skoid|sktid|authz|bearer|[\w-]*signature|[\w-]*token|[\w-]*secret|pass(word|wd)?|api[_-]?key)$/i;

/** An address without user, password, fragment and signature: two presigned links of one object are the same. */
export function plainUrl(url: string): string {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  plain.hash = '';
  for (const name of [...plain.searchParams.keys()]) if (SIGNING.test(name)) plain.searchParams.delete(name);
  return plain.href;
}

/**
 * The address as it is kept and shown: without any query, since a parameter that nobody knows may be a secret as well. In the key
 * the query counts, but as a part of a hash.
 */
export function shownUrl(url: string): string {
  return plainUrl(url).replace(/\?.*$/, '');
}

/** The folder of an address. */
export function urlKey(url: string): Promise<string> {
  return digest(plainUrl(url), 16);
}

/** What the names of a version's packs begin with. */
export function versionKey({ size, etag }: { size: number; etag: string }): Promise<string> {
  return digest(`${etag}\n${size}`, 8);
}

async function digest(text: string, bytes: number): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(hash.subarray(0, bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
