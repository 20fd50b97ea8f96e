/** What the store says of the way of datasets into the catalogue: it outlives every process, so that these numbers survive a restart. */
import { type Insertion, insertionSchema } from '../../core/ingest/datasetState.ts';
import type { DatasetProgress } from '../../core/ingest/happening.ts';
import { type Validation, validationSchema } from '../../core/ingest/validation.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import { inParallel } from '../supervisor/inParallel.ts';

export interface Census {
  /** Objects below `staged/`. */
  staged: { objects: number; bytes: number };
  /** Of them, those that the newest validation of a dataset names. */
  chosen: number;
  /** What was published last of each dataset. */
  published: { datasets: number; events: number; bytes: number };
  /** From the first staged object to the manifest, of every publication that is known, in ms. */
  traversals: number[];
  /** What consumers are at. */
  working: { insertion: Insertion; events: number }[];
}

/** How many staged objects are in which state: named by a validation, not chosen beside another one, none of both yet. */
export function objectsByState({ staged, chosen }: Census, datasets: readonly DatasetProgress[]) {
  const duplicates = datasets.reduce((sum, one) => sum + one.duplicates, 0);
  return { chosen, duplicates, waiting: Math.max(0, staged.objects - chosen - duplicates) };
}

interface Generation {
  validation?: { validation: Omit<Validation, 'objects' | 'references'>; events: number; objects: number[] };
  insertion?: Insertion;
}

/** Objects that are read together. */
const AT_ONCE = 16;

/** `datasets/NAME/validations/000001.json` */
const GENERATION = /^datasets\/(?<dataset>[^/]+)\/(?<what>validations|insertions)\/(?<generation>\d+)\.json$/;

/** Takes censuses of a store. Validations never change, and insertions are read again when they did: a census costs two listings and what is new. */
export class CensusTaker {
  readonly #objects: ObjectStore;
  /** By path, with the version that was read. */
  readonly #known = new Map<string, { version: string; value: Generation }>();

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  /** @throws LumiscopeError `source` where the store can't be read; `cancelled` */
  async take(signal?: AbortSignal): Promise<Census> {
    const generations = await this.#generations(signal);
    const chosen = new Set<number>();
    const census: Census = {
      staged: { objects: 0, bytes: 0 },
      chosen: 0,
      published: { datasets: 0, events: 0, bytes: 0 },
      traversals: [],
      working: [],
    };
    for (const perDataset of generations.values()) {
      let last: Insertion | undefined;
      let newest: Generation['validation'];
      for (const { validation, insertion } of perDataset.values()) {
        if (validation && validation.validation.generation > (newest?.validation.generation ?? 0)) newest = validation;
        if (insertion?.state === 'INSERTING') census.working.push({ insertion, events: validation?.events ?? 0 });
        if (insertion?.state !== 'DONE') continue;
        if (!last || insertion.generation > last.generation) last = insertion;
        if (validation) census.traversals.push(Math.max(0, insertion.since - validation.validation.firstStaged));
      }
      for (const object of newest?.objects ?? []) chosen.add(object);
      if (!last) continue;
      census.published.datasets += 1;
      census.published.events += last.events ?? 0;
      census.published.bytes += last.bytes ?? 0;
    }
    for await (const { path, bytes } of this.#objects.list('staged/', signal)) {
      const name = /([0-9a-f]{64})\.parquet$/.exec(path)?.[1];
      if (!name) continue;
      census.staged.objects += 1;
      census.staged.bytes += bytes;
      if (chosen.has(shortName(name))) census.chosen += 1;
    }
    return census;
  }

  async #generations(signal?: AbortSignal): Promise<Map<string, Map<number, Generation>>> {
    const found = new Map<string, Map<number, Generation>>();
    const listed: { path: string; version: string; parts: Record<string, string> }[] = [];
    for await (const { path, version } of this.#objects.list('datasets/', signal)) {
      const parts = GENERATION.exec(path)?.groups;
      if (parts) listed.push({ path, version, parts });
    }
    await inParallel(AT_ONCE, listed, async ({ path, version, parts }) => {
      const value = await this.#read(path, version, parts.what === 'validations', signal);
      const perDataset = found.get(parts.dataset!) ?? new Map<number, Generation>();
      found.set(parts.dataset!, perDataset);
      const generation = Number(parts.generation);
      perDataset.set(generation, { ...perDataset.get(generation), ...value });
    });
    const seen = new Set(listed.map(({ path }) => path));
    for (const path of this.#known.keys()) if (!seen.has(path)) this.#known.delete(path);
    return found;
  }

  async #read(path: string, version: string, isValidation: boolean, signal?: AbortSignal) {
    const known = this.#known.get(path);
    if (known?.version === version) return known.value;
    const object = await this.#objects.read(path, signal);
    if (!object) return undefined;
    const value = parse(object.bytes, isValidation);
    if (value) this.#known.set(path, { version: object.version, value });
    return value;
  }
}

/** @returns undefined for what is damaged: the part that it belongs to tells of it */
function parse(bytes: Uint8Array, isValidation: boolean): Generation | undefined {
  try {
    const content: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (!isValidation) return { insertion: insertionSchema.parse(content) };
    const { objects, references, ...validation } = validationSchema.parse(content);
    return {
      validation: {
        validation,
        events: references.reduce((sum, { events }) => sum + events, 0),
        objects: objects.map(({ sha256 }) => shortName(sha256)),
      },
    };
  } catch {
    return undefined;
  }
}

/** 48 bits of a checksum: enough to count by, and a fifth of the memory. */
const shortName = (sha256: string) => Number.parseInt(sha256.slice(0, 12), 16);
