import fc from 'fast-check';
import { deflateSync } from 'fflate';
import { expect, test } from 'vitest';
import { LumiscopeError } from '../errors.ts';
import { arbitraryDocument } from './arbitraryDocument.ts';
import type { AnalysisDocument } from './document.ts';
import { decodeLink, documentHash, encodeLink } from './link.ts';
import { parseDocument } from './yaml.ts';

const linkOf = (bytes: Uint8Array | string) =>
  `#a=${Buffer.from(deflateSync(typeof bytes === 'string' ? Buffer.from(bytes) : bytes)).toString('base64url')}`;
const complaint = (hash: string) => {
  try {
    decodeLink(hash);
  } catch (error) {
    expect(error).toBeInstanceOf(LumiscopeError);
    expect((error as LumiscopeError).tag).toBe('link');
    return (error as Error).message;
  }
  return undefined;
};
const EXAMPLE = encodeLink(parseDocument('lumiscope: 1\nselect: { 10: x > 1, 2: y }\n').document as AnalysisDocument);

test('a document comes out of its link as it went in', () => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      const link = encodeLink(document);
      expect(link).toMatch(/^#a=[\w-]+$/);
      expect(decodeLink(link)).toEqual(document);
    }),
  );
});

test('no link, damaged or forged, does more than raise a link error', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(EXAMPLE.length), fc.string({ maxLength: 2 })), { minLength: 1, maxLength: 3 }),
      (changes) => {
        let link = EXAMPLE;
        for (const [at, text] of changes) link = link.slice(0, at) + text + link.slice(at + 1);
        complaint(link);
      },
    ),
    { numRuns: 2000 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => void complaint(linkOf(bytes))));
  fc.assert(fc.property(fc.json(), (json) => void expect(complaint(linkOf(json))).toBeDefined()));
});

test('a link cut anywhere is refused', () => {
  for (let end = 0; end < EXAMPLE.length; end++) expect(complaint(EXAMPLE.slice(0, end))).toMatch(/cut off/);
});

test('a small link that inflates to gigabytes is refused without inflating it', () => {
  const bomb = linkOf(new Uint8Array(64_000_000));
  expect(bomb.length).toBeLessThan(100_000);
  const start = performance.now();
  expect(complaint(bomb)).toBe('the link holds more than 1000000 bytes of document');
  expect(performance.now() - start).toBeLessThan(1000);
});

test('a link is read with the schema of every document', () => {
  expect(complaint(linkOf('{"lumiscope":1,"titel":"x"}'))).toBe('the link holds a wrong document: unknown key titel');
  expect(complaint(linkOf('{"lumiscope":1,"select":{"a":"x"}}'))).toBe(
    'the link holds a wrong document: select must be a mapping',
  );
  expect(complaint(linkOf('{"lumiscope":1,"select":[["a","x"],["a","y"]]}'))).toBe(
    'the link holds a wrong document: a is there twice',
  );
  expect(complaint(linkOf('{"lumiscope":1,"define":[["__proto__","x"]],"__proto__":{"weight":"x"}}'))).toMatch(
    /unknown key __proto__/,
  );
  expect(complaint(linkOf('['.repeat(400_000)))).toMatch(/cut off/);
});

test('documents that mean the same have one hash, and others another', async () => {
  const hash = (text: string) => documentHash(parseDocument(text).document as AnalysisDocument);
  const plain = await hash('lumiscope: 1\nselect: { a: x, b: y }\ndefaults: { q: 1, p: 2 }');
  expect(plain).toMatch(/^[0-9a-f]{64}$/);
  expect(
    await hash('# words\nselect: { a: { cut: x, enabled: true }, b: "y" }\ndefaults: { p: 2, q: 1 }\nlumiscope: 1'),
  ).toBe(plain);
  expect(await hash('lumiscope: 1\nselect: { b: y, a: x }\ndefaults: { q: 1, p: 2 }')).not.toBe(plain);
});
