import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { crc32 } from './crc32.ts';

it('has the value that its authors check for', () => {
  expect(crc32(new TextEncoder().encode('123456789')) >>> 0).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0))).toBe(0);
});

it('is the sum that GZIP ends with, for bytes of any length and place', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(7), (bytes, skipped) => {
      const part = bytes.subarray(Math.min(skipped, bytes.length));
      const packed = gzipSync(part);
      expect(crc32(part)).toBe(new DataView(packed.buffer, packed.byteOffset).getInt32(packed.length - 8, true));
    }),
  );
});
