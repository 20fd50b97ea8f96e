import { Corrupt } from '../../errors.ts';
import type { ChecksumTest } from './checksum.ts';
import { UnknownFeature } from './errors.ts';

/** Where an envelope lies: of which `length` is the size when unpacked. */
export interface EnvelopeLink {
  offset: number;
  bytes: number;
  length: number;
}

/** What the key `ROOT::RNTuple` holds (specification, "Anchor schema"). */
export interface Anchor {
  header: EnvelopeLink;
  footer: EnvelopeLink;
  /** Blobs longer than this are spread over several keys; 0 where the file says nothing. */
  maxKeyBytes: number;
}

/** ROOT's count of bytes and the version of the class, before the fields. */
const PROLOGUE_BYTES = 6;
const FIELD_BYTES = 4 * 2 + 7 * 8;
const CHECKSUM_BYTES = 8;

/** Of files from before version 1.0. */
export function preview(): UnknownFeature {
  const message = 'it was written by a preview of RNTuple, before version 1.0 of the format';
  return new UnknownFeature(message, 'write it anew with ROOT 6.34 or newer, or with uproot');
}

/** @throws Corrupt, UnknownFeature */
export function readAnchor(bytes: Uint8Array, matches: ChecksumTest): Anchor {
  const end = bytes.length - CHECKSUM_BYTES;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length >= PROLOGUE_BYTES + 2 && view.getUint16(PROLOGUE_BYTES) === 0) throw preview();
  if (end < PROLOGUE_BYTES + FIELD_BYTES) throw new Corrupt(`its anchor is ${bytes.length} bytes long`);
  // All of the anchor is big-endian.
  if (!matches(bytes.subarray(PROLOGUE_BYTES, end), bytes.slice(end).reverse()))
    throw new Corrupt('the checksum of the anchor differs');
  const epoch = view.getUint16(PROLOGUE_BYTES);
  if (epoch !== 1) throw new UnknownFeature(`it has version ${epoch} of the format`);
  const number = (index: number) => {
    const at = PROLOGUE_BYTES + 8 + 8 * index;
    return view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);
  };
  return {
    header: { offset: number(0), bytes: number(1), length: number(2) },
    footer: { offset: number(3), bytes: number(4), length: number(5) },
    maxKeyBytes: number(6),
  };
}
