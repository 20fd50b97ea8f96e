import { datasetFolder } from '../../core/ingest/layout.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';

/** A validation that may wait for a consumer. */
export interface Waiting {
  dataset: string;
  generation: number;
  /** When it was written; ms by the store's clock. */
  validated: number;
  /** Version of what is known of its insertion; undefined where it was not begun. */
  insertion?: string;
}

const PATH = /^datasets\/([^/]+)\/(validations|insertions)\/(\d+)\.json$/;

/** The last validation of each dataset, or of one. @throws LumiscopeError `source`, `cancelled` */
export async function* listValidations(
  objects: ObjectStore,
  only: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Waiting> {
  let last: Waiting | undefined;
  const insertions = new Map<number, string>();
  const finished = () => ({ ...last!, insertion: insertions.get(last!.generation) });
  for await (const { path, version, modified } of objects.list(
    only === undefined ? 'datasets/' : `${datasetFolder(only)}/`,
    signal,
  )) {
    const [, dataset, what, number] = PATH.exec(path) ?? [];
    if (!dataset) continue;
    const generation = Number(number);
    if (last && last.dataset !== dataset) {
      if (last.generation > 0) yield finished();
      last = undefined;
    }
    if (!last) {
      last = { dataset, generation: 0, validated: 0 };
      insertions.clear();
    }
    // Insertions come before validations.
    if (what === 'insertions') insertions.set(generation, version);
    else if (generation > last.generation) last = { dataset, generation, validated: modified };
  }
  if (last && last.generation > 0) yield finished();
}
