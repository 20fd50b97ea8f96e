import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileAddress } from './byteSource.ts';
import { openSourceInNode } from './nodeFile.ts';
import { openSource } from './openSource.ts';

const TEXT = new TextEncoder().encode('0123456789');
let folder: string;
let path: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lumiscope-local-'));
  path = join(folder, 'a b.bin');
  writeFileSync(path, TEXT);
});
afterAll(() => rmSync(folder, { recursive: true }));

const fresh = () => ({ counter: { bytes: 0, requests: 0 } });

describe('a path', () => {
  it('is opened by itself or as a file: address, and counts what is read', async () => {
    const addresses: FileAddress[] = [
      { kind: 'path', path },
      { kind: 'path', path: pathToFileURL(path).href },
      { kind: 'url', url: pathToFileURL(path).href },
    ];
    for (const address of addresses) {
      const options = fresh();
      const { source } = await openSourceInNode(address, options);
      expect([source.size, source.url, await source.read(2, 3)]).toEqual([10, path, TEXT.slice(2, 5)]);
      expect(options.counter).toEqual({ bytes: 3, requests: 1 });
    }
  });

  it.each([
    ['missing.bin', /no such file/],
    ['.', /is not a file/],
  ])('that names no file is an error: %s', async (name, message) => {
    const opening = openSourceInNode({ kind: 'path', path: join(folder, name) }, fresh());
    await expect(opening).rejects.toMatchObject({ tag: 'source', message: expect.stringMatching(message) });
  });

  it('whose file changes while it is read is an error', async () => {
    const { source, file } = await openSourceInNode({ kind: 'path', path }, fresh());
    utimesSync(path, 1e9, 1e9);
    await expect(source.read(0, 1)).rejects.toThrow('the file changed');
    await expect(openSourceInNode(file.address, { ...fresh(), pinned: file })).rejects.toThrow('the file changed');
  });

  it('is not opened by a page', async () => {
    await expect(openSource({ kind: 'path', path }, fresh())).rejects.toMatchObject({
      tag: 'source',
      place: { file: path },
    });
  });
});

describe('a file that the user picked', () => {
  it('is read by ranges, and pinned by its date and size', async () => {
    const blob = new File([TEXT], 'x.bin', { lastModified: 5 });
    const options = fresh();
    const { source, file } = await openSource({ kind: 'blob', name: 'x.bin', blob }, options);
    expect(await source.read(8, 2)).toEqual(TEXT.slice(8));
    expect(file).toMatchObject({ size: 10, etag: '5-10' });
    expect(options.counter).toEqual({ bytes: 2, requests: 1 });
    await expect(source.read(8, 3)).rejects.toMatchObject({ tag: 'source', place: { range: [8, 11] } });
    await expect(source.read(0, 1, AbortSignal.abort())).rejects.toMatchObject({ tag: 'cancelled' });
  });
});

it('an address of another kind is an error that says which are known', async () => {
  await expect(openSource({ kind: 'url', url: 'ftp://x/y' }, fresh())).rejects.toMatchObject({
    hint: expect.stringContaining('https:'),
  });
});
