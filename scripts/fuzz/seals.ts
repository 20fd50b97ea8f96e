/** Checksums of RNTuple's envelopes: damage behind right ones reaches what reads them. */
import { createXXHash3 } from 'hash-wasm';

const hasher = await createXXHash3();

/** Where envelopes lie in a file that are not compressed: by their type, their length, and a checksum that is right. */
export function findEnvelopes(bytes: Uint8Array): [number, number][] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: [number, number][] = [];
  for (let at = 0; at + 16 <= bytes.length; at++) {
    const type = view.getUint16(at, true);
    if (type < 1 || type > 3) continue;
    const length = view.getUint32(at + 2, true);
    if (view.getUint16(at + 6, true) !== 0 || length < 16 || at + length > bytes.length) continue;
    if (checksum(bytes.subarray(at, at + length - 8)) === view.getBigUint64(at + length - 8, true))
      found.push([at, at + length]);
  }
  // A header's checksum stands in the others: it comes first.
  return found.sort(([a], [b]) => view.getUint16(a, true) - view.getUint16(b, true));
}

/** Puts right checksums after damaged envelopes, and into those that name the header's. */
export function reseal(bytes: Uint8Array, envelopes: readonly (readonly [number, number])[]): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [begin, end] of envelopes) {
    const before = view.getBigUint64(end - 8, true);
    const after = checksum(bytes.subarray(begin, end - 8));
    for (const [from, to] of envelopes) {
      for (let at = from; at + 8 <= to; at++) {
        if (view.getBigUint64(at, true) === before) view.setBigUint64(at, after, true);
      }
    }
  }
}

function checksum(bytes: Uint8Array): bigint {
  return BigInt(`0x${hasher.init().update(bytes).digest('hex')}`);
}
