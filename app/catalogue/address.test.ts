import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalogueHashOf, formatPlace, parsePlace } from './address.ts';

test('a link gives back what it was made of, whatever stands in it', () => {
  const text = fc.string({ unit: 'binary', maxLength: 12 });
  const name = text.filter((one) => !['', 'catalogue', 'task', '__proto__'].includes(one));
  const pairs = fc.uniqueArray(fc.tuple(name, text), { selector: ([key]) => key, maxLength: 4 });
  fc.assert(
    fc.property(text, fc.constantFrom('discover', 'pick', 'sql'), pairs, (address, task, given) => {
      const place = { address, task, parameters: Object.fromEntries(given) };
      expect(parsePlace(formatPlace(place))).toEqual(place);
    }),
  );
});

test('addresses stay readable in a link', () => {
  const place = { address: 's3://bucket/folder/', task: 'pick', parameters: { q: 'data18*, a+b&c' } };
  expect(formatPlace(place)).toBe('#catalogue=s3://bucket/folder/&task=pick&q=data18*,%20a%2Bb%26c');
});

test.each([
  ['demo/catalogue/', '#catalogue=demo/catalogue/'],
  [' https://host/a/manifest.json ', '#catalogue=https://host/a/manifest.json'],
  ['https://host/a/manifest.json?sig=1', '#catalogue=https://host/a/manifest.json%3Fsig%3D1'],
  ['s3://bucket/', '#catalogue=s3://bucket/'],
  ['https://app/#catalogue=x/&task=pick', '#catalogue=x/&task=pick'],
  ['https://host/manifest.yaml', undefined],
  ['https://host/events.parquet', undefined],
  ['https://', undefined],
])('"%s" as a catalogue: %s', (text, hash) => {
  expect(catalogueHashOf(text)).toBe(hash);
});
