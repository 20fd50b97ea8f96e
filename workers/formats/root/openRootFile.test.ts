import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type { ByteSource } from '../../io/byteSource.ts';
import { sharedData } from '../../testing/sharedData.ts';
import { openRootFile } from './openRootFile.ts';

/** Made by fixtures/folders.py. */
const FOLDERS = readFileSync(new URL('fixtures/folders.root', import.meta.url));

describe('a file with folders', () => {
  it('has the keys of all of them, the newest of a name first', async () => {
    const { keys } = await openRootFile(sourceOf(FOLDERS));
    expect(keys.map(({ directory, name, cycle, className }) => [directory, name, cycle, className])).toEqual([
      ['', 'Events', 2, 'TTree'],
      ['', 'Events', 1, 'TTree'],
      ['', 'note', 1, 'TObjString'],
      ['nominal', 'CollectionTree', 1, 'TTree'],
      ['nominal/deep/er', 'histogram', 1, 'TH1D'],
    ]);
  });

  it('gives objects with their members, and texts as UTF-8', async () => {
    const file = await openRootFile(sourceOf(FOLDERS));
    const [newest, oldest, note, , histogram] = await Promise.all(file.keys.map((key) => file.readObject(key)));
    expect([newest!.fEntries, oldest!.fEntries]).toEqual([7, 5]);
    expect(note!.fString).toBe('über');
    expect([...(histogram!.fArray as Float64Array)]).toEqual([0, 3, 2, 2, 3, 0]);
  });

  it('gives the unpacked bytes of an object', async () => {
    const file = await openRootFile(sourceOf(FOLDERS));
    const tree = file.keys[3]!;
    const bytes = await file.readBytes(tree);
    expect(bytes.length).toBe(tree.objectBytes);
    expect(Buffer.from(bytes).includes('CollectionTree')).toBe(true);
  });

  it('is read without a word on the console, and without asking anyone', async () => {
    const console_ = (['log', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
    const fetched = vi.spyOn(globalThis, 'fetch');
    const file = await openRootFile(sourceOf(FOLDERS));
    for (const key of file.keys) await file.readObject(key);
    for (const spy of [...console_, fetched]) expect(spy).not.toHaveBeenCalled();
  });

  it('is an error that names the file wherever a length is damaged', async () => {
    for (let at = 4; at < FOLDERS.length; at += at < 800 ? 7 : 251) {
      const bytes = Buffer.from(FOLDERS);
      bytes.writeUInt32BE(0x7f00_0000 + at, Math.min(at, bytes.length - 4));
      await expectRightOrError(bytes);
    }
  });

  it('is an error where it is cut', async () => {
    for (const length of [1, 40, 300, 5000, FOLDERS.length - 1])
      await expect(openRootFile(sourceOf(FOLDERS.subarray(0, length)))).rejects.toMatchObject({
        tag: 'format',
        place: { file: 'folders.root' },
      });
  });
});

it('finds keys beyond 4 GB, where places take eight bytes', async () => {
  const far = 5_000_000_000;
  const start = new DataView(new ArrayBuffer(300));
  write(start, 0, [
    'root',
    [4, 1_062_400],
    [4, 100],
    [8, far + 500],
    [8, far],
    [4, 0],
    [4, 0],
    [4, 60],
    [1, 4],
    [4, 0],
    [8, 0],
    [4, 0],
  ]);
  write(start, 160, [
    [2, 1005],
    [4, 0],
    [4, 0],
    [4, 300],
    [4, 60],
    [8, 100],
    [8, 0],
    [8, far],
  ]);
  const keys = new DataView(new ArrayBuffer(300));
  const header = (objectBytes: number, keyBytes: number, offset: number): Field[] => [
    [4, keyBytes + objectBytes],
    [2, 1004],
    [4, objectBytes],
    [4, 0],
    [2, keyBytes],
    [2, 1],
    [8, offset],
    [8, 100],
  ];
  write(keys, 0, [...header(240, 60, far), [1, 0], [1, 0], [1, 0]]);
  write(keys, 37, []);
  write(keys, 60, [[4, 1], ...header(8, 80, far + 300), [1, 5], 'TTree', [1, 6], 'Events', [1, 0]]);
  const parts: [number, DataView][] = [
    [0, start],
    [far, keys],
  ];
  const source: ByteSource = {
    url: 'large.root',
    size: far + 500,
    etag: undefined,
    read: async (offset, length) => {
      const bytes = new Uint8Array(length);
      for (const [at, { buffer }] of parts)
        if (offset >= at && offset < at + 300)
          bytes.set(new Uint8Array(buffer, offset - at, Math.min(length, 300 - (offset - at))));
      return bytes;
    },
  };
  const file = await openRootFile(source);
  expect(file.keys.map(({ name, offset }) => [name, offset])).toEqual([['Events', far + 300]]);
});

describe('real files', () => {
  const nano = sharedData('nano_dy.root');
  it.skipIf(!nano)('have trees of many branches (needs shared/data)', async () => {
    const file = await openRootFile(sourceOf(readFileSync(nano!)));
    expect(file.keys.map(({ name }) => name)).toEqual(['Events', 'Runs']);
    const tree = await file.readObject(file.keys[0]!);
    expect((tree.fBranches as { arr: unknown[] }).arr.length).toBe(1499);
  });
});

type Field = string | [bytes: 1 | 2 | 4 | 8, value: number];

function write(view: DataView, at: number, fields: Field[]): void {
  for (const field of fields) {
    if (typeof field === 'string') {
      for (const letter of field) view.setUint8(at++, letter.charCodeAt(0));
      continue;
    }
    const [bytes, value] = field;
    if (bytes === 8) view.setBigUint64(at, BigInt(value));
    else if (bytes === 4) view.setUint32(at, value);
    else if (bytes === 2) view.setUint16(at, value);
    else view.setUint8(at, value);
    at += bytes;
  }
}

async function expectRightOrError(bytes: Uint8Array): Promise<void> {
  try {
    const file = await openRootFile(sourceOf(bytes));
    for (const key of file.keys) await file.readObject(key);
  } catch (error) {
    expect(error).toMatchObject({ tag: expect.stringMatching(/format|source/) });
  }
}

function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    url: 'folders.root',
    size: bytes.length,
    etag: undefined,
    read: async (offset, length) => {
      if (offset + length > bytes.length) throw new RangeError(`read past the end: ${offset}+${length}`);
      return bytes.slice(offset, offset + length);
    },
  };
}
