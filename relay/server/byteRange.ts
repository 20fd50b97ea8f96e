/**
 * `[begin, past)` of a single range (RFC 9110, section 14.1.2); undefined where all is to be sent: without a range, with several, or where `If-Range` names another version.
 */
export function byteRange(
  headers: { range?: string; 'if-range'?: string },
  etag: string,
  size: number,
): [number, number] | 'outside' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headers.range ?? '') ?? [];
  if (!first && !last) return undefined;
  const condition = headers['if-range'];
  if (condition !== undefined && condition !== etag) return undefined;
  if (!first) return Number(last) > 0 && size > 0 ? [Math.max(0, size - Number(last)), size] : 'outside';
  if (Number(first) >= size) return 'outside';
  if (last && Number(last) < Number(first)) return undefined;
  return [Number(first), last ? Math.min(Number(last) + 1, size) : size];
}
