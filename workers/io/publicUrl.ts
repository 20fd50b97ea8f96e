/** Parameters of signed links that give access to who has them: S3, Google and Azure storage, EOS and dCache. */
const SECRET = /([?&](?:X-(?:Amz|Goog)-(?:Signature|Credential|Security-Token)|Signature|sig|authz|\w*token)=)[^&#]+/gi;

/** An address as it may be shown and written down: without what gives access. */
export function publicUrl(url: string): string {
  return url.replace(SECRET, '$1…').replace(/^(\w+:\/\/)[^/?#]*@/, '$1…@');
}

/** What an address is kept under: the same for every signed link to one file. */
export function unsignedUrl(url: string): string {
  if (!/[?&](X-(Amz|Goog)-|Signature=|sig=|authz=|\w*token=)/i.test(url)) return url;
  const plain = new URL(url);
  for (const name of [...plain.searchParams.keys()])
    if (/^(X-(Amz|Goog)-.*|Signature|Expires|AWSAccessKeyId|sig|se|sp|sv|sr|st|authz|\w*token)$/i.test(name))
      plain.searchParams.delete(name);
  return plain.href;
}
