import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Sha256 } from './sha256.ts';

describe('Sha256', () => {
  it("agrees with Node's at every length around the block size, whatever the pieces", () => {
    for (const length of [0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000]) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 255);
      for (const piece of [1, 7, 64, 1000]) {
        const hash = new Sha256();
        for (let at = 0; at < length; at += piece) hash.update(bytes.subarray(at, at + piece));
        expect(hash.digest()).toBe(createHash('sha256').update(bytes).digest('hex'));
      }
    }
  });
});
