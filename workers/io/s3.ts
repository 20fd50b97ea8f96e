/** `s3://bucket/key` as the public HTTPS address that answers it; other addresses as they are. */
export function httpAddress(address: string): string {
  const s3 = /^s3:\/\/([^/]+)\/(.+)$/.exec(address);
  if (!s3) return address;
  const [, bucket, key] = s3 as unknown as [string, string, string];
  const path = key.split('/').map(encodeURIComponent).join('/');
  // A dot in a bucket's name breaks the certificate of the host form.
  return bucket.includes('.')
    ? `https://s3.amazonaws.com/${bucket}/${path}`
    : `https://${bucket}.s3.amazonaws.com/${path}`;
}
