import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpack } from './unpack.ts';

/** Made by fixtures/pack.py. */
const packed: { bytes: Record<string, string>; zeros: Record<string, string>; filtered: string } = JSON.parse(
  readFileSync(new URL('fixtures/packed.json', import.meta.url), 'utf8'),
);

const BYTES = Uint8Array.from({ length: 10_000 }, (_, i) => {
  if (i >= 4000) return 0;
  return i % 3 > 0 ? ((i * i) >> 5) & 255 : (Math.imul(i, 2654435761) >>> 24) & 7;
});

describe.each(Object.keys(packed.bytes))('a record packed by %s', (method) => {
  const record = fromBase64(packed.bytes[method]!);
  const bytes = method.endsWith('fixed codes') ? BYTES.subarray(-1000) : BYTES;

  it('gives what was packed', async () => {
    expect(Buffer.compare(await unpack(record, bytes.length), bytes)).toBe(0);
  });

  it('gives the bytes of all records that follow one another', async () => {
    const twice = Buffer.concat([record, record]);
    expect(Buffer.compare(await unpack(twice, bytes.length * 2), Buffer.concat([bytes, bytes]))).toBe(0);
  });

  it('is an error where it holds more or less than it shall', async () => {
    await expect(unpack(record, bytes.length - 1)).rejects.toThrow('instead of');
    await expect(unpack(record, bytes.length + 1)).rejects.toThrow('instead of');
    const header = record.slice();
    header[6]! -= 1;
    await expect(unpack(header, bytes.length - 1)).rejects.toThrow();
  });

  it('is an error where it is cut', async () => {
    for (const length of [5, 9, 20, record.length - 1])
      await expect(unpack(record.subarray(0, length), bytes.length)).rejects.toThrow();
  });

  it('ends in an error or in as many bytes, whatever is flipped', async () => {
    const places = fc.array(fc.tuple(fc.nat(record.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(places, async (flips) => {
        const damaged = record.slice();
        for (const [at, bits] of flips) damaged[at]! ^= bits;
        const out = await unpack(damaged, bytes.length).catch(() => undefined);
        expect(out?.length ?? bytes.length).toBe(bytes.length);
      }),
    );
  });
});

it.each(Object.keys(packed.zeros))('more than 16 MiB are several records of %s', async (method) => {
  const bytes = await unpack(fromBase64(packed.zeros[method]!), 17_000_000);
  expect(bytes.every((byte) => byte === 0)).toBe(true);
});

it.each([
  ['ZLIB', -1, 'a zlib stream'],
  ['LZ4', 12, 'an LZ4 block'],
  // Behind it are 24 bytes of index and footer.
  ['LZMA with CRC-32', -25, 'an xz stream'],
])('a checksum of %s that is not that of the bytes is an error', async (method, place, what) => {
  const record = fromBase64(packed.bytes[method]!);
  record[place < 0 ? record.length + place : place]! ^= 1;
  await expect(unpack(record, BYTES.length)).rejects.toThrow(`the checksum of ${what} is not that of its bytes`);
});

it('an xz stream with another filter is an error', async () => {
  await expect(unpack(fromBase64(packed.filtered), BYTES.length)).rejects.toThrow('a filter besides LZMA2');
});

it('what is as long as it shall be was not packed', async () => {
  const stored = Uint8Array.of(90, 76, 8, 1);
  expect(await unpack(stored, 4)).toBe(stored);
});

it('a method that ROOT does not have is an error', async () => {
  await expect(unpack(new Uint8Array(20), 30)).rejects.toThrow('in no way that ROOT knows');
});

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}
