import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  crc16,
  decodeKey,
  dstypeidOf,
  type EventKey,
  encodeKey,
  parseGuid,
  partsOfDstypeid,
  printGuid,
  printReference,
  seqOf,
} from './eventKey.ts';

const uint64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
/** Few values of each part, so that keys agree in some of them. */
const keys: fc.Arbitrary<EventKey> = fc.record({
  dspid: fc.constantFrom(-0x8000_0000, -1, 0, 1, 0x7fff_ffff),
  dstypeid: fc.constantFrom(-0x8000, -1, 0, 0x7fff),
  eventno: fc.oneof(fc.constantFrom(0n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 64n - 1n), uint64),
  seq: fc.integer({ min: -0x8000, max: 0x7fff }),
});

describe('the key of a record', () => {
  test('has 16 bytes, which give it back', () => {
    fc.assert(
      fc.property(keys, (key) => {
        const bytes = encodeKey(key);
        expect(bytes).toHaveLength(16);
        expect(decodeKey(bytes)).toEqual(key);
      }),
    );
  });

  test('sorts by its bytes as by its numbers, one after the other', () => {
    fc.assert(
      fc.property(keys, keys, (a, b) => {
        const bytes = Math.sign(Buffer.compare(encodeKey(a), encodeKey(b)));
        expect(bytes).toBe(order(a, b));
      }),
    );
  });

  test('is read from the middle of a buffer', () => {
    const key = { dspid: 7, dstypeid: -3, eventno: 2n ** 64n - 1n, seq: -1 };
    const buffer = new Uint8Array(20);
    buffer.set(encodeKey(key), 3);
    expect(decodeKey(buffer.subarray(3, 19))).toEqual(key);
  });
});

function order(a: EventKey, b: EventKey): number {
  for (const part of ['dspid', 'dstypeid', 'eventno', 'seq'] as const) {
    if (a[part] !== b[part]) return a[part] < b[part] ? -1 : 1;
  }
  return 0;
}

describe('a reference', () => {
  const guid = { hi: 0x0123_4567_89ab_cdefn, lo: 0x0123_4567_89ab_cdefn };

  test('is written as tokens are', () => {
    expect(printReference({ guid, oid1: 0x21n, oid2: 0xabcn })).toBe(
      '01234567-89AB-CDEF-0123-456789ABCDEF:00000021-00000ABC',
    );
  });

  test('has longer identifiers where they need it', () => {
    expect(printReference({ guid, oid1: 0x1_0000_0000n, oid2: 0n })).toMatch(/:0000000100000000-00000000$/);
  });

  test('gives back the GUID that it was read from', () => {
    fc.assert(
      fc.property(uint64, uint64, (hi, lo) => {
        expect(parseGuid(printGuid({ hi, lo }))).toEqual({ hi, lo });
        expect(parseGuid(printGuid({ hi, lo }).toLowerCase())).toEqual({ hi, lo });
      }),
    );
  });

  test.each([
    '',
    '0123456789ABCDEF0123456789ABCDEF',
    '01234567-89AB-CDEF-0123-456789ABCDEG',
    '01234567-89AB-CDEF-0123',
  ])('"%s" is no GUID', (text) => expect(parseGuid(text)).toBeUndefined());

  test('has the CRC-16/ARC of its text as sequence number', () => {
    expect(crc16('123456789')).toBe(0xbb3d);
    // Computed bit by bit the other way round in Python: polynomial 0x8005, bytes and sum reflected; as a signed number.
    expect(seqOf({ guid, oid1: 0x21n, oid2: 0xabcn })).toBe(14422);
  });
});

describe('the number of a data type', () => {
  test('gives back its format and its group', () => {
    fc.assert(
      fc.property(fc.nat(31), fc.nat(0x7ff), (format, group) => {
        const dstypeid = dstypeidOf(format, group);
        expect(dstypeid).toBe(new Int16Array([dstypeid])[0]);
        expect(partsOfDstypeid(dstypeid)).toEqual({ format, group });
      }),
    );
  });
});
