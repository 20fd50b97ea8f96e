import type { CatalogueObject, Manifest } from '../../../core/catalogue/manifest.ts';
import { parseManifest } from '../../../core/catalogue/manifestSchema.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import { sourceError } from '../../io/errors.ts';
import type { ObjectStore } from '../../objects/objectStore.ts';
import { objectsOf } from '../check/verifyObjects.ts';
import { sha256 } from '../sha256.ts';

/** The one object of a catalogue that changes. */
export const MANIFEST = 'manifest.json';

/** Objects are swept when they are a day old at the earliest: there is time enough to name one that is younger than this. */
const SAFE_MS = 3_600_000;

/** Names that `put` gives: folder, name and extension as it was told them. */
export const OWN_NAME = /^(?:(.*)\/)?([^/]*)-[0-9a-f]{16}(?:\.\d+)?(\.\w+)?$/;

/** A catalogue that is written to. Objects are put before the manifest that names them; a reader never sees half a catalogue. */
export class CatalogueStore {
  readonly #objects: ObjectStore;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  /**
   * Stores an object under a name that holds a piece of its checksum: the same bytes again cost nothing. One that has been there for long and that the catalogue does not name may be about to be swept
   * (`sweepCatalogue`): it is left alone, and the bytes are stored once more under a name of their own.
   * @param name `keys.parquet` → `keys-0123456789abcdef.parquet`, `keys-0123456789abcdef.1.parquet`
   * @param folder without slashes at its ends, below the catalogue's
   * @throws LumiscopeError `source`; `cancelled`
   */
  async put(name: string, bytes: Uint8Array, folder?: string, signal?: AbortSignal): Promise<CatalogueObject> {
    const first = await nameObject(name, bytes, folder);
    for (let copy = 0; ; copy++) {
      const object = copy === 0 ? first : { ...first, path: first.path.replace(/(\.[^./]*)?$/, `.${copy}$1`) };
      const there = await this.#objects.stat(object.path, signal);
      const isSafe = !there || Date.now() - there.modified < SAFE_MS || (await this.#isNamed(object.path, signal));
      if (!isSafe) continue;
      // One of another length was damaged, or copied there by half.
      if (there?.bytes !== bytes.length)
        await this.#objects.write(object.path, bytes, there ? undefined : 'absent', signal);
      return object;
    }
  }

  /** Stores an object that was put long ago, and was not named since, as `put` does. @throws LumiscopeError `source` where it was swept by now */
  async putAgain(object: CatalogueObject, signal?: AbortSignal): Promise<CatalogueObject> {
    const [, folder, stem, extension = ''] = OWN_NAME.exec(object.path)!;
    return this.put(stem + extension, await this.readObject(object, signal), folder, signal);
  }

  async #isNamed(path: string, signal?: AbortSignal): Promise<boolean> {
    const found = await this.readManifest(signal);
    return found !== undefined && objectsOf(found.manifest).some((object) => object.path === path);
  }

  /** An object that the manifest names, as it is there. @throws LumiscopeError `source` */
  async readObject({ path }: CatalogueObject, signal?: AbortSignal): Promise<Uint8Array> {
    const found = await this.#objects.read(path, signal);
    if (found) return found.bytes;
    throw sourceError(this.#placeOf(path), 'the object is not there', 'open the catalogue again', { gone: true });
  }

  /** The manifest that is there, and what `replaceManifest` has to be given to replace this version alone; undefined where there is none. */
  async readManifest(signal?: AbortSignal): Promise<{ manifest: Manifest; condition: string } | undefined> {
    const found = await this.#objects.read(MANIFEST, signal);
    if (!found) return undefined;
    return { manifest: parseManifest(new TextDecoder().decode(found.bytes), this.#place), condition: found.version };
  }

  /**
   * Puts a manifest in the place of the one that was read (`condition`), or where there was none.
   * @throws LumiscopeError `source` where another one is there by now: nothing is changed then
   */
  async replaceManifest(manifest: Manifest, condition?: string, signal?: AbortSignal): Promise<void> {
    const bytes = new TextEncoder().encode(manifestText(manifest));
    const version = await this.#objects.write(
      MANIFEST,
      bytes,
      condition === undefined ? 'absent' : { version: condition },
      signal,
    );
    if (version === undefined)
      throw conflict(this.#place, (await this.readManifest().catch(() => undefined))?.manifest);
  }

  get #place(): string {
    return this.#placeOf(MANIFEST);
  }

  #placeOf(path: string): string {
    return `${this.#objects.address.replace(/\/$/, '')}/${path}`;
  }
}

/** The catalogue whose objects lie in a store, or a part of one (`below`). */
export const catalogueIn = (objects: ObjectStore): CatalogueStore => new CatalogueStore(objects);

/** Name and checksum of an object. */
export async function nameObject(name: string, bytes: Uint8Array, folder?: string): Promise<CatalogueObject> {
  const digest = await sha256(bytes);
  const [, stem, extension = ''] = /^(.*?)(\.[^.]*)?$/.exec(name)!;
  const file = `${stem}-${digest.slice(0, 16)}${extension}`;
  return { path: folder ? `${folder}/${file}` : file, bytes: bytes.length, sha256: digest };
}

/** The manifest as it is stored. */
function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 1)}\n`;
}

/** What `replaceManifest` throws where the manifest is another one. @param found the one that is there, if it can be read */
export function conflict(place: string, found: Manifest | undefined): LumiscopeError {
  const who =
    found && ` (by ${found.changedBy ?? 'an unnamed program'}, ${found.changed}: it is version ${found.serial} now)`;
  return new LumiscopeError(
    'source',
    `${place} was changed by somebody else in the meantime${who ?? ''}: nothing was written over it`,
    {
      hint: 'read it again, and repeat what was to be written',
      place: { file: place },
    },
  );
}
