/**
 * The key of an event record, 16 bytes that sort as the numbers do: `dspid` (int32), `dstypeid` (int16), `eventno` (uint64), `seq` (int16), each
 * big-endian, the signed ones with their sign bit turned.
 */

export interface EventKey {
  dspid: number;
  dstypeid: number;
  eventno: bigint;
  seq: number;
}

/** 16 bytes that sort as keys do. */
export function encodeKey({ dspid, dstypeid, eventno, seq }: EventKey): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, (dspid ^ 0x8000_0000) >>> 0);
  view.setUint16(4, (dstypeid ^ 0x8000) & 0xffff);
  view.setBigUint64(6, eventno);
  view.setUint16(14, (seq ^ 0x8000) & 0xffff);
  return bytes;
}

export function decodeKey(bytes: Uint8Array): EventKey {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  return {
    dspid: view.getInt32(0) ^ -0x8000_0000,
    dstypeid: ((view.getUint16(4) ^ 0x8000) << 16) >> 16,
    eventno: view.getBigUint64(6),
    seq: ((view.getUint16(14) ^ 0x8000) << 16) >> 16,
  };
}

/** Where a record or what it was made of lies: a file by its GUID, and two object identifiers in it. */
export interface Reference {
  guid: { hi: bigint; lo: bigint };
  oid1: bigint;
  oid2: bigint;
}

/** `01234567-89AB-CDEF-0123-456789ABCDEF`. */
export function printGuid({ hi, lo }: Reference['guid']): string {
  const hex = (hi.toString(16).padStart(16, '0') + lo.toString(16).padStart(16, '0')).toUpperCase();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Undefined where the text is no GUID. */
export function parseGuid(text: string): Reference['guid'] | undefined {
  const hex = text.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/i.test(hex) || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return undefined;
  return { hi: BigInt(`0x${hex.slice(0, 16)}`), lo: BigInt(`0x${hex.slice(16)}`) };
}

/** An object identifier as tokens hold it: eight hex digits, or sixteen where it needs them. */
export function printOid(oid: bigint): string {
  const hex = oid.toString(16).toUpperCase();
  return hex.padStart(hex.length > 8 ? 16 : 8, '0');
}

/** `GUID:OID1-OID2`. */
export function printReference({ guid, oid1, oid2 }: Reference): string {
  return `${printGuid(guid)}:${printOid(oid1)}-${printOid(oid2)}`;
}

/**
 * `seq` of a record: CRC-16/ARC (polynomial 0x8005 reflected, from 0, no final change; "123456789" gives 0xBB3D) of `GUID:OID1-OID2` in ASCII, as a signed number.
 * @see https://reveng.sourceforge.io/crc-catalogue/16.htm#crc.cat.crc-16-arc
 */
export function seqOf(reference: Reference): number {
  return (crc16(printReference(reference)) << 16) >> 16;
}

/** CRC-16/ARC of ASCII text. */
export function crc16(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (sum >>> 8) ^ crc16Table[(sum ^ text.charCodeAt(i)) & 0xff]!;
  return sum;
}

/** What CRC-16/ARC takes from each byte. */
export const crc16Table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xa001 : sum >>> 1;
  return sum;
});

/** `dstypeid`: the format's number in the upper five bits, the group's in the lower eleven, as a signed 16-bit number. */
export function dstypeidOf(format: number, group: number): number {
  return (((format << 11) | group) << 16) >> 16;
}

export function partsOfDstypeid(dstypeid: number): { format: number; group: number } {
  return { format: (dstypeid >>> 11) & 31, group: dstypeid & 0x7ff };
}
