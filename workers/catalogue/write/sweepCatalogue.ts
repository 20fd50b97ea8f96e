import type { Manifest } from '../../../core/catalogue/manifest.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import { sourceError } from '../../io/errors.ts';
import type { ObjectInfo, ObjectStore } from '../../objects/objectStore.ts';
import { objectsOf } from '../check/verifyObjects.ts';
import { catalogueIn, MANIFEST, OWN_NAME } from './catalogueStore.ts';

export type SweptObject = ObjectInfo & { path: string };

export interface SweepOptions {
  /** Objects that are older go [days]; at least 1, default: `LIFETIME_DAYS`. */
  olderThan?: number;
  /** Nothing is removed or written; ages are by the clock of this machine then. */
  isTrial?: boolean;
  signal?: AbortSignal | undefined;
  /** Told of each object that is gone. */
  onRemoved?: (object: SweptObject) => void;
}

export interface Swept {
  /** In the order of their paths. */
  removed: SweptObject[];
  /** That no manifest names either, but that are too young. */
  young: number;
}

/** Long enough for who has opened an older version of a catalogue, and for who is about to publish what was just written. */
export const LIFETIME_DAYS = 7;
/** Writers have at least so long between putting an object and naming it: see `CatalogueStore.put`. */
const LEAST_DAYS = 1;
const DAY_MS = 86_400_000;
/** Objects that are removed between two looks at the manifest. */
const AT_ONCE = 100;

/** Of objects in a catalogue's folder those that it does not name and that are older than a moment [ms since 1970-01-01 UTC]. */
export function isGarbage(manifest: Manifest, before: number): (object: SweptObject) => 'garbage' | 'young' | 'kept' {
  const named = new Set(objectsOf(manifest).map(({ path }) => path));
  return ({ path, modified }) => {
    // Whatever is named otherwise was put there by somebody else.
    if (named.has(path) || !OWN_NAME.test(path)) return 'kept';
    return modified < before ? 'garbage' : 'young';
  };
}

/**
 * Removes objects of a catalogue that its manifest does not name: those of writers that were killed before they named them, and those of earlier versions. Writers never name an object
 * that is old and not named (`CatalogueStore.put`), so what is chosen here stays unnamed. Whoever has an earlier version open, and needs what is gone, is told to open the catalogue again.
 * @param objects the folder of the catalogue
 * @throws LumiscopeError `source` where there is no catalogue, or the store is in trouble: some may be removed by then; `document` for a lifetime that is too short; `cancelled`
 */
export async function sweepCatalogue(
  objects: ObjectStore,
  { olderThan = LIFETIME_DAYS, isTrial = false, signal, onRemoved }: SweepOptions = {},
): Promise<Swept> {
  if (!(olderThan >= LEAST_DAYS))
    throw new LumiscopeError('document', `objects of a catalogue live for ${LEAST_DAYS} day at least`, {
      hint: 'a program that is writing may be about to name the younger ones',
    });
  const store = catalogueIn(objects);
  const read = async () => {
    const found = await store.readManifest(signal);
    if (!found) throw sourceError(objects.address, 'there is no catalogue', 'check the folder or address');
    return found;
  };
  let { manifest, condition } = await read();
  const before = (isTrial ? Date.now() : await timeOf(objects, signal)) - olderThan * DAY_MS;
  const swept: Swept = { removed: [], young: 0 };
  const garbage: SweptObject[] = [];
  const kindOf = isGarbage(manifest, before);
  for await (const object of objects.list('', signal)) {
    const kind = kindOf(object);
    if (kind === 'garbage') garbage.push(object);
    if (kind === 'young') swept.young++;
  }
  if (isTrial) return { ...swept, removed: garbage };
  for (let from = 0; from < garbage.length; from += AT_ONCE) {
    if ((await objects.stat(MANIFEST, signal))?.version !== condition) ({ manifest, condition } = await read());
    const stillKind = isGarbage(manifest, before);
    for (const object of garbage.slice(from, from + AT_ONCE)) {
      if (stillKind(object) !== 'garbage') continue;
      await objects.remove(object.path, signal);
      swept.removed.push(object);
      onRemoved?.(object);
    }
  }
  return swept;
}

/** What time it is by the store's clock: that of an object that was just written. It has a name that is swept, should this program be killed. */
async function timeOf(objects: ObjectStore, signal?: AbortSignal): Promise<number> {
  const random = crypto.getRandomValues(new BigUint64Array(1))[0]!;
  const path = `sweep-${random.toString(16).padStart(16, '0')}`;
  await objects.write(path, Uint8Array.of(0), undefined, signal);
  try {
    return (await objects.stat(path, signal))?.modified ?? Number.NEGATIVE_INFINITY;
  } finally {
    await objects.remove(path).catch(() => undefined);
  }
}
