/**
 * Parameters of addresses that give access to who has them: of signed links (S3, Google, Azure, Alibaba, Tencent), EOS and dCache, and what
 * passwords are called.
 */
const SECRET =
  /([?&](?:X-(?:Amz|Goog|Oss)-Credential|[\w-]*signature|sig|authz|bearer|[\w-]*token|[\w-]*secret|pass(?:word|wd)?|api[_-]?key)=)[^&#]+/gi;

/** An address as it may be shown and written down: without what gives access. */
export function publicUrl(url: string): string {
  return url.replace(SECRET, '$1…').replace(/^(\w+:\/\/)[^/?#]*@/, '$1…@');
}
