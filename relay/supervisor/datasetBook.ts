/**
 * What a store holds of datasets, read once: a listing tells what changed, and only that is read again. Of a dataset that is settled nothing is read but what the supervisor kept of it, so that a store of
 * ten thousand published ones costs a listing. Supervisor and API of one process share a book; one that only reads changes nothing.
 */

import { toPlain } from '../../core/errors.ts';
import type { KnownMessage } from '../../core/ingest/chooseObjects.ts';
import { receivedMessageSchema } from '../../core/ingest/controlMessage.ts';
import { type Insertion, insertionSchema, type Retry, retrySchema } from '../../core/ingest/datasetState.ts';
import { type KeptDeclaration, keptDeclarationSchema } from '../../core/ingest/declaration.ts';
import type { DatasetProgress } from '../../core/ingest/happening.ts';
import { stagedPath } from '../../core/ingest/layout.ts';
import {
  type DatasetFacts,
  type Supervision,
  type SupervisorPolicy,
  superviseDataset,
} from '../../core/ingest/superviseDataset.ts';
import { type Validation, validationSchema } from '../../core/ingest/validation.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import { parseJson } from '../json.ts';
import { type DatasetFiles, type ListedFile, listDatasetFiles } from './datasetFiles.ts';
import { inParallel } from './inParallel.ts';
import { packSchema, type Settled, settledSchema } from './stored.ts';

/** Objects that are read or looked at together. */
const AT_ONCE = 16;

/** What was read of a dataset that is not settled. */
interface Contents {
  /** By path: the version that was read. */
  read: Map<string, string>;
  /** By their name. */
  messages: Map<string, KnownMessage>;
  declared?: KeptDeclaration & { stored: number };
  retry?: Retry;
  validations: Map<number, Validation>;
  insertions: Map<number, Insertion>;
  /** By path: what is wrong with an object that can't be read. */
  damaged: Map<string, string>;
  /** Sizes of staged objects that are there. */
  sizes: Map<string, number>;
}

interface Entry {
  files: DatasetFiles;
  settled?: Settled;
  contents?: Contents;
  progress?: DatasetProgress;
  publishedSeen?: number;
  /** Looks at a dataset follow one another. */
  turn: Promise<unknown>;
}

/** A dataset as it is now. */
export interface View {
  dataset: string;
  files: DatasetFiles;
  supervision: Supervision;
  messages: ReadonlyMap<string, KnownMessage>;
  latest?: Validation;
  insertion?: Insertion;
  publishedSeen?: number;
  /** Of its messages, some name objects that are not there. */
  isWaiting: boolean;
  /** Objects, by their names, that are not as long as messages say. */
  wrongSized: string[];
}

export class DatasetBook {
  readonly #objects: ObjectStore;
  readonly #policy: SupervisorPolicy;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  /** Datasets that changed, whoever's look at the store showed it, and that the supervisor has not taken up. */
  readonly #unseen = new Set<string>();

  constructor(objects: ObjectStore, policy: SupervisorPolicy, now: () => number = Date.now) {
    this.#objects = objects;
    this.#policy = policy;
    this.#now = now;
  }

  /**
   * Lists the store, or the folder of one dataset.
   * @returns the datasets of which something is there that was not looked at
   * @throws LumiscopeError `source` where the store can't be listed; `cancelled`
   */
  async refresh(only?: string, signal?: AbortSignal): Promise<string[]> {
    const changed: string[] = [];
    const gone = new Set(only === undefined ? this.#entries.keys() : [only]);
    for await (const files of listDatasetFiles(this.#objects, only, signal)) {
      gone.delete(files.dataset);
      const entry = this.#entries.get(files.dataset);
      if (entry?.files.state === files.state && entry.progress) {
        entry.files.settled = files.settled;
        continue;
      }
      if (entry) entry.files = files;
      else this.#entries.set(files.dataset, { files, turn: Promise.resolve() });
      changed.push(files.dataset);
      this.#unseen.add(files.dataset);
    }
    for (const dataset of gone) {
      this.#entries.delete(dataset);
      this.#unseen.delete(dataset);
    }
    return changed;
  }

  /** Those that changed since the supervisor took them last: the API's looks and those of a sweep count. */
  unseen(): string[] {
    return [...this.#unseen];
  }

  /** The supervisor looks at a dataset now. */
  see(dataset: string): void {
    this.#unseen.delete(dataset);
  }

  /** All datasets, or one, as they were seen last; by name. */
  progress(only?: string): DatasetProgress[] {
    const entries = only === undefined ? [...this.#entries.values()] : [this.#entries.get(only)];
    const found = entries.flatMap((entry) => entry?.progress ?? []);
    return found.sort((a, b) => (a.dataset < b.dataset ? -1 : 1));
  }

  /** What is kept of a dataset, where it is settled. */
  settled(dataset: string): Settled | undefined {
    return this.#entries.get(dataset)?.settled;
  }

  /**
   * Reads what changed of a dataset, and judges it. What is settled is not read, unless `whole` is asked for.
   * @returns undefined where there is no such dataset, or it is settled
   * @throws LumiscopeError `source` where the store can't be read; `cancelled`
   */
  look(dataset: string, whole = false, signal?: AbortSignal): Promise<View | undefined> {
    const entry = this.#entries.get(dataset);
    if (!entry) return Promise.resolve(undefined);
    const look = entry.turn.then(() => this.#look(entry, whole, signal));
    entry.turn = look.catch(() => {});
    return look;
  }

  /** Forgets which objects are there: before a validation refers to them, and after some were deleted. */
  forgetObjects(dataset: string): void {
    this.#entries.get(dataset)?.contents?.sizes.clear();
  }

  /** From now on the dataset is what was kept of it; the rest is not held in memory. */
  settle(dataset: string, settled: Settled): void {
    const entry = this.#entries.get(dataset);
    if (!entry) return;
    Object.assign(entry, { settled, progress: settled.progress, publishedSeen: settled.publishedSeen });
    entry.contents = undefined;
  }

  /** Objects that the messages of datasets that are not settled name. @param except this one is not asked */
  mentioned(except?: string): Set<string> {
    const found = new Set<string>();
    for (const [dataset, { contents }] of this.#entries) {
      if (dataset === except || !contents) continue;
      for (const { message } of contents.messages.values()) found.add(message.object.sha256);
    }
    return found;
  }

  /** Whether all datasets were looked at. */
  isComplete(): boolean {
    for (const { progress } of this.#entries.values()) if (!progress) return false;
    return true;
  }

  /** Names of all datasets. */
  names(): string[] {
    return [...this.#entries.keys()];
  }

  async #look(entry: Entry, whole: boolean, signal?: AbortSignal): Promise<View | undefined> {
    const { dataset, settled: file } = entry.files;
    if (!whole && !entry.contents) {
      const settled = entry.settled ?? (file && (await this.#readSettled(file, signal)));
      if (settled?.state === entry.files.state) {
        this.settle(dataset, settled);
        return undefined;
      }
      entry.publishedSeen ??= settled?.publishedSeen;
    }
    entry.settled = undefined;
    // Kept here: who sweeps may settle the dataset meanwhile.
    const { facts, contents } = await this.#read(entry, signal);
    const latest = facts.generations.at(-1);
    // A consumer may have found damage.
    const { state, generation } = entry.progress ?? {};
    if (latest?.insertion?.state === 'FAIL' && (state !== 'FAIL' || generation !== latest.validation.generation))
      contents.sizes.clear();
    await this.#measure(contents, signal);
    if (latest?.insertion?.state !== 'DONE') entry.publishedSeen = undefined;
    else entry.publishedSeen ??= this.#now();
    const { publishedSeen } = entry;
    const { sizes, damaged, messages } = contents;
    const supervision = superviseDataset(
      { ...facts, publishedSeen },
      (sha256) => sizes.get(sha256),
      this.#policy,
      this.#now(),
    );
    for (const reason of damaged.values()) supervision.progress.alarms.push({ alarm: 'corrupt-object', reason });
    entry.progress = supervision.progress;
    const { files } = entry;
    const named = [...messages.values()].map(({ message }) => message.object);
    return {
      dataset,
      files,
      supervision,
      messages,
      latest: latest?.validation,
      insertion: latest?.insertion,
      publishedSeen,
      isWaiting: named.some(({ sha256 }) => !sizes.has(sha256)),
      wrongSized: named
        .filter(({ sha256, bytes }) => (sizes.get(sha256) ?? bytes) !== bytes)
        .map(({ sha256 }) => sha256),
    };
  }

  async #readSettled({ path }: ListedFile, signal?: AbortSignal): Promise<Settled | undefined> {
    const found = await this.#objects.read(path, signal);
    try {
      return found && parseJson(settledSchema, found.bytes, path);
    } catch {
      // All of it can be found out again.
      return undefined;
    }
  }

  async #read(entry: Entry, signal?: AbortSignal): Promise<{ facts: DatasetFacts; contents: Contents }> {
    const { files } = entry;
    const { dataset } = files;
    let contents = entry.contents;
    const packs = new Set(files.packs.map(({ path }) => path));
    const isForgotten = [...(contents?.read.keys() ?? [])].some((path) => path.includes('/packs/') && !packs.has(path));
    if (!contents || isForgotten) {
      contents = {
        read: new Map(),
        messages: new Map(),
        validations: new Map(),
        insertions: new Map(),
        damaged: new Map(),
        sizes: contents?.sizes ?? new Map(),
      };
      entry.contents = contents;
    }
    const { read, messages, validations, insertions, damaged } = contents;
    /** Reads what is not known; what went in the meantime shows in the next listing. */
    const take = async ({ path, version }: ListedFile, keep: (bytes: Uint8Array) => void) => {
      if (read.get(path) === version) return;
      const found = await this.#objects.read(path, signal);
      if (!found) {
        files.state = '';
        return;
      }
      damaged.delete(path);
      try {
        keep(found.bytes);
      } catch (error) {
        damaged.set(path, toPlain(error).message);
      }
      read.set(path, version);
    };
    const addMessage = (message: KnownMessage) => {
      if (message.message.dataset !== dataset)
        throw new Error(`${dataset} got a message of ${message.message.dataset}`);
      const known = messages.get(message.sha256);
      if (!known || message.received < known.received) messages.set(message.sha256, message);
    };
    if (files.declaration) {
      const { path, modified } = files.declaration;
      await take(files.declaration, (bytes) => {
        contents.declared = { ...parseJson(keptDeclarationSchema, bytes, path), stored: modified };
      });
    } else contents.declared = undefined;
    if (files.retry) {
      const { path } = files.retry;
      await take(files.retry, (bytes) => {
        contents.retry = parseJson(retrySchema, bytes, path);
      });
    } else contents.retry = undefined;
    for (const file of files.validations)
      await take(file, (bytes) => {
        const validation = parseJson(validationSchema, bytes, file.path);
        validations.set(validation.generation, validation);
      });
    for (const file of files.insertions)
      await take(file, (bytes) => {
        const insertion = parseJson(insertionSchema, bytes, file.path);
        insertions.set(insertion.generation, insertion);
      });
    await inParallel(AT_ONCE, files.messages, (file) =>
      take(file, (bytes) => {
        const { received, message } = parseJson(receivedMessageSchema, bytes, file.path);
        addMessage({ sha256: nameOf(file.path), received, message, stored: file.modified });
      }),
    );
    await inParallel(AT_ONCE, files.packs, (file) =>
      take(file, (bytes) => {
        for (const message of parseJson(packSchema, bytes, file.path).messages) addMessage(message);
      }),
    );
    const facts: DatasetFacts = {
      dataset,
      declared: contents.declared,
      messages: [...messages.values()],
      generations: [...validations.values()]
        .sort((a, b) => a.generation - b.generation)
        .map((validation) => ({ validation, insertion: insertions.get(validation.generation) })),
      retry: contents.retry,
    };
    return { facts, contents };
  }

  /** Looks for the objects of which it is not known that they are there. */
  async #measure({ messages, validations, sizes }: Contents, signal?: AbortSignal): Promise<void> {
    const named = new Set<string>();
    for (const { message } of messages.values()) named.add(message.object.sha256);
    for (const { objects } of [...validations.values()].slice(-1)) for (const { sha256 } of objects) named.add(sha256);
    await inParallel(AT_ONCE, [...named], async (sha256) => {
      if (sizes.has(sha256)) return;
      const found = await this.#objects.stat(stagedPath(sha256), signal);
      if (found) sizes.set(sha256, found.bytes);
    });
  }
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1, -'.json'.length);
