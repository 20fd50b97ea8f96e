import type { CatalogueObject, Manifest, Part } from '../../../core/catalogue/manifest.ts';
import type { PlainError } from '../../../core/errors.ts';
import type { OpenCatalogue } from '../openCatalogue.ts';

/** An object that is missing, or whose bytes are not those of the manifest. */
export interface WrongObject {
  path: string;
  error: PlainError;
}

export interface VerifyProgress {
  objects: number;
  objectsTotal: number;
  bytes: number;
  bytesTotal: number;
}

/** Reads objects and holds each against its checksum. A wrong one does not end it: all of them are listed. @throws LumiscopeError `cancelled` */
export async function verifyObjects(
  { folder, threads }: OpenCatalogue,
  objects: readonly CatalogueObject[],
  { signal, onProgress }: { signal?: AbortSignal | undefined; onProgress?: (progress: VerifyProgress) => void } = {},
): Promise<WrongObject[]> {
  const wrong: WrongObject[] = [];
  const bytesTotal = objects.reduce((sum, { bytes }) => sum + bytes, 0);
  let bytes = 0;
  await threads.all(
    'verify',
    objects.map((object) => ({ folder, object })),
    {
      signal,
      onResult: (error, index) => {
        const object = objects[index]!;
        if (error) wrong.push({ path: object.path, error });
        bytes += object.bytes;
        onProgress?.({ objects: index + 1, objectsTotal: objects.length, bytes, bytesTotal });
      },
    },
  );
  return wrong;
}

/** All objects of a catalogue, those of tables first, or only those of some parts. Each once. */
export function objectsOf({ tables, overlaps, parts }: Manifest, some?: readonly Part[]): CatalogueObject[] {
  const all = some ? [] : [...Object.values<CatalogueObject>({ ...tables }), ...(overlaps ? [overlaps] : [])];
  for (const { keys, records, index } of some ?? parts) all.push(keys, records, index);
  return [...new Map(all.map((object) => [object.path, object])).values()];
}
