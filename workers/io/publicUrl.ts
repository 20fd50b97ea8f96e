/** Parameters of signed links that give access to who has them: S3, Google and Azure storage, EOS and dCache. */
const SECRET = /([?&](?:X-(?:Amz|Goog)-(?:Signature|Credential|Security-Token)|Signature|sig|authz|\w*token)=)[^&#]+/gi;

/** An address as it may be shown and written down: without what gives access. */
export function publicUrl(url: string): string {
  return url.replace(SECRET, '$1…').replace(/^(\w+:\/\/)[^/?#]*@/, '$1…@');
}
