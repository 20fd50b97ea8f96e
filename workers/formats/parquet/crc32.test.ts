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
    fc.property(fc.nat(5000), fc.nat(7), fc.nat(), (length, skipped, seed) => {
      let state = seed;
      const bytes = Uint8Array.from({ length: skipped + length }, () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
        return state >>> 24;
      });
      const part = bytes.subarray(skipped);
      const packed = gzipSync(part, { level: 0 });
      expect(crc32(part)).toBe(new DataView(packed.buffer, packed.byteOffset).getInt32(packed.length - 8, true));
    }),
  );
});
