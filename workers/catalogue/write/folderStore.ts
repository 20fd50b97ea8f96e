import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CatalogueObject, Manifest } from '../../../core/catalogue/manifest.ts';
import { parseManifest } from '../../../core/catalogue/manifestSchema.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import { type CatalogueStore, conflict, manifestText, nameObject } from './catalogueStore.ts';

/** Replacing a manifest takes milliseconds: a lock that is older than this was left by a program that died. */
const STALE_MS = 30_000;
const PATIENCE_MS = 5_000;

/** A catalogue in a folder of this machine (Node). */
export class FolderStore implements CatalogueStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(name: string, bytes: Uint8Array, folder?: string): Promise<CatalogueObject> {
    const object = await nameObject(name, bytes, folder);
    const path = join(this.#folder, object.path);
    const there = await stat(path).catch(() => undefined);
    if (there?.size !== bytes.length) await writeWhole(path, bytes);
    return object;
  }

  async readObject({ path }: CatalogueObject): Promise<Uint8Array> {
    return readFile(join(this.#folder, path));
  }

  async readManifest(): Promise<{ manifest: Manifest; condition: string } | undefined> {
    const text = await this.#text();
    return text === undefined
      ? undefined
      : { manifest: parseManifest(text, this.#manifest), condition: versionOf(text) };
  }

  async replaceManifest(manifest: Manifest, condition?: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const path = this.#manifest;
    const lock = await lockAt(`${path}.lock`);
    try {
      const text = await this.#text();
      if ((text === undefined ? undefined : versionOf(text)) !== condition)
        throw conflict(path, text === undefined ? undefined : parseManifest(text, path));
      await writeWhole(path, new TextEncoder().encode(manifestText(manifest)), lock.check);
    } finally {
      await lock.release();
    }
  }

  get #manifest(): string {
    return join(this.#folder, 'manifest.json');
  }

  async #text(): Promise<string | undefined> {
    try {
      return await readFile(this.#manifest, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

const versionOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** Others see all of the file, or the one that was there before. @param check may throw, at the last moment, to leave that one */
async function writeWhole(path: string, bytes: Uint8Array, check?: () => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    await writeFile(part, bytes, { flush: true });
    await check?.();
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

interface Lock {
  /** @throws LumiscopeError where others took it over: who holds it stood still for too long, or was taken for dead with the one before */
  check(): Promise<void>;
  release(): Promise<void>;
}

/** Waits for a lock between writers. */
async function lockAt(path: string): Promise<Lock> {
  const token = randomBytes(8).toString('hex');
  for (const started = Date.now(); ; ) {
    try {
      await writeFile(path, token, { flag: 'wx' });
      const isHeld = async () => (await readFile(path, 'utf8').catch(() => undefined)) === token;
      return {
        check: async () => {
          if (!(await isHeld())) throw othersWrite(path);
        },
        release: async () => {
          if (await isHeld()) await rm(path, { force: true });
        },
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (age > STALE_MS) await rm(path, { force: true });
    else if (Date.now() - started > PATIENCE_MS) throw othersWrite(path);
    else await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function othersWrite(path: string): LumiscopeError {
  return new LumiscopeError('source', `${path}: another program is writing the manifest`, {
    hint: 'try again when it is done',
    place: { file: path },
  });
}
