import { expect, test } from 'vitest';
import { decodeLink, encodeLink } from './link.ts';
import { parseDocument } from './yaml.ts';

const text = (dataset: string) => `lumiscope: 1\ndatasets:\n  - { name: data, ${dataset} }\n`;
const dataset = 'files: ["s3://b/*.root"], s3: { endpoint: https://s3.cern.ch, region: default, style: host }';

test('a link holds where the store is', () => {
  const { document } = parseDocument(text(dataset));
  expect(document?.datasets[0]?.s3).toEqual({ endpoint: 'https://s3.cern.ch', region: 'default', style: 'host' });
  expect(decodeLink(encodeLink(document!))).toEqual(document);
});

test.each([
  'files: ["https://me:hunter2@example.org/a.root"]',
  'files: ["s3://AKIDEXAMPLE:hunter2@bucket/a.root"]',
  'files: [], s3: { accessKeyId: AKIDEXAMPLE, secret: hunter2 }',
  'files: [], token: hunter2',
])('keys in a document are refused, with where they go: %s', (part) => {
  const { errors } = parseDocument(text(part));
  expect(errors.map(({ message, hint }) => `${message} ${hint}`).join()).toContain('given for a visit (Access)');
  expect(JSON.stringify(errors)).not.toContain('hunter2');
});

test.each([
  ['s3: { endpoint: s3.cern.ch }', 'must be an address'],
  ['s3: { endpoint: "https://id:key@s3.cern.ch" }', 'must be an address'],
  ['s3: { style: virtual }', 'path or host'],
  ['s3: { endpont: "https://s3.cern.ch" }', 'endpoint'],
])('%s is refused', (part, expected) => {
  const { errors } = parseDocument(text(`files: [], ${part}`));
  expect(errors.map(({ message, hint }) => `${message} ${hint}`).join()).toContain(expected);
});

test('a signed link is an address like any other', () => {
  expect(
    parseDocument(text('files: ["https://b.example/a?X-Amz-Signature=12&X-Amz-Credential=a%40b"]')).errors,
  ).toEqual([]);
});
