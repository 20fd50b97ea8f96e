import type { CatalogueObject, Manifest } from '../../../core/catalogue/manifest.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import { sha256 } from '../sha256.ts';

/** Where a catalogue is written to. Objects are put before the manifest that names them; a reader never sees half a catalogue. */
export interface CatalogueStore {
  /**
   * Stores an object under a name that holds a piece of its checksum: the same bytes again cost nothing.
   * @param name `keys.parquet` → `keys-0123456789abcdef.parquet`
   * @param folder without slashes at its ends, below the catalogue's
   */
  put(name: string, bytes: Uint8Array, folder?: string): Promise<CatalogueObject>;
  /** An object that the manifest names, as it is there. @throws LumiscopeError `source` */
  readObject(object: CatalogueObject): Promise<Uint8Array>;
  /** The manifest that is there, and what `replaceManifest` has to be given to replace this version alone; undefined where there is none. */
  readManifest(): Promise<{ manifest: Manifest; condition: string } | undefined>;
  /**
   * Puts a manifest in the place of the one that was read (`condition`), or where there was none.
   * @throws LumiscopeError `source` where another one is there by now: nothing is changed then
   */
  replaceManifest(manifest: Manifest, condition?: string): Promise<void>;
}

/** Name and checksum of an object. */
export async function nameObject(name: string, bytes: Uint8Array, folder?: string): Promise<CatalogueObject> {
  const digest = await sha256(bytes);
  const [, stem, extension = ''] = /^(.*?)(\.[^.]*)?$/.exec(name)!;
  const file = `${stem}-${digest.slice(0, 16)}${extension}`;
  return { path: folder ? `${folder}/${file}` : file, bytes: bytes.length, sha256: digest };
}

/** The manifest as it is stored. */
export function manifestText(manifest: Manifest): string {
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
