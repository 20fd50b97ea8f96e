import type { Manifest } from '../../../../core/catalogue/manifest.ts';
import { parseManifest } from '../../../../core/catalogue/manifestSchema.ts';
import { type CatalogueStore, conflict, manifestText, nameObject } from '../../../catalogue/write/catalogueStore.ts';
import type { ObjectStore } from '../../../objects/objectStore.ts';

export function catalogueIn(objects: ObjectStore): CatalogueStore {
  const readManifest = async () => {
    const found = await objects.read('manifest.json');
    return found && { manifest: parseManifest(new TextDecoder().decode(found.bytes), 'x'), condition: found.version };
  };
  return {
    async put(name, bytes, folder) {
      const object = await nameObject(name, bytes, folder);
      await objects.write(object.path, bytes, 'absent');
      return object;
    },
    async readObject({ path }) {
      return (await objects.read(path))!.bytes;
    },
    readManifest,
    async replaceManifest(manifest: Manifest, condition?: string) {
      const bytes = new TextEncoder().encode(manifestText(manifest));
      const done = await objects.write(
        'manifest.json',
        bytes,
        condition === undefined ? 'absent' : { version: condition },
      );
      if (done === undefined) throw conflict('manifest.json', (await readManifest())?.manifest);
    },
  };
}
