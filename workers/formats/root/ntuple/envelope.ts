import type { ByteRange, ByteSource } from '../../../io/byteSource.ts';
import { readRanges } from '../../../io/coalesce.ts';
import { Corrupt } from '../../errors.ts';
import { unpack } from '../unpack.ts';
import type { EnvelopeLink } from './anchor.ts';
import type { ChecksumTest } from './checksum.ts';
import { EnvelopeCursor } from './cursor.ts';
import { UnknownFeature } from './errors.ts';

/** Types of envelopes, and what errors call them. */
export const ENVELOPES = { header: 1, footer: 2, 'page list': 3 } as const;

const HEAD_BYTES = 8;
const CHECKSUM_BYTES = 8;
/** What a packed byte may unfold to: more can only be damage. Zstandard writes 128 kB of one byte in four. */
export const MOST_INFLATION = 40_000;
/** Of all envelopes of a type: of a file of a terabyte they take some hundred MB. */
const MOST_BYTES = 2 ** 29;

export interface Envelope {
  payload: EnvelopeCursor;
  /** As it is stored: footer and page lists repeat the header's. */
  checksum: bigint;
}

/** Reads envelopes of one type: fetches, unpacks, and holds them against their checksums. @throws Corrupt, UnknownFeature, LumiscopeError `source`, `cancelled` */
export async function readEnvelopes(
  source: ByteSource,
  links: readonly (EnvelopeLink & { type: keyof typeof ENVELOPES })[],
  maxKeyBytes: number,
  matches: ChecksumTest,
  signal?: AbortSignal,
): Promise<Envelope[]> {
  let total = 0;
  const ranges = links.map(({ type, offset, bytes, length }): ByteRange => {
    if (offset + bytes > source.size)
      throw new Corrupt(`the ${type} lies past the end of the file, which may be cut short`);
    if (maxKeyBytes > 0 && bytes > maxKeyBytes) throw new UnknownFeature(`its ${type} is spread over several keys`);
    total += length;
    if (length < HEAD_BYTES + CHECKSUM_BYTES || length > MOST_INFLATION * bytes || total > MOST_BYTES)
      throw new Corrupt(`the ${type} claims to be ${length} bytes long, of ${bytes} packed ones`);
    return [offset, bytes];
  });
  const packed = await readRanges(source, ranges, signal);
  return Promise.all(
    links.map(async ({ type, length }, i) => {
      const bytes = await unpack(packed[i]!, length);
      const end = length - CHECKSUM_BYTES;
      if (!matches(bytes.subarray(0, end), bytes.subarray(end)))
        throw new Corrupt(`the checksum of the ${type} differs`);
      const head = new EnvelopeCursor(bytes).bits64();
      if (Number(head & 0xffffn) !== ENVELOPES[type] || Number(head >> 16n) !== length)
        throw new Corrupt(`there is something else where the ${type} should be`);
      return {
        payload: new EnvelopeCursor(bytes, HEAD_BYTES, end),
        checksum: new EnvelopeCursor(bytes, end).bits64(),
      };
    }),
  );
}

/** @throws UnknownFeature where any bit is set: none has a meaning yet (specification, "Feature Flags") */
export function readFeatureFlags(payload: EnvelopeCursor): void {
  const flags = payload.bits64();
  if (flags === 0n) return;
  const bit = flags.toString(2).length - 1;
  throw new UnknownFeature(`it uses a feature of a newer version of the format (flag ${bit})`);
}

/** Where a block of bytes lies. */
export interface Locator {
  offset: number;
  bytes: number;
}

/** @throws UnknownFeature where it is no place within the file */
export function readLocator(cursor: EnvelopeCursor): Locator {
  const head = cursor.i32();
  if (head >= 0) return { bytes: head, offset: cursor.u64() };
  const type = (-head >>> 24) & 0x7f;
  const payload = cursor.part((-head & 0xffff) - 4);
  if (type !== 1) throw new UnknownFeature(`its data lie outside of the file (locator of type ${type})`);
  return { bytes: payload.u64(), offset: payload.u64() };
}
