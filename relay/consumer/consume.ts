/**
 * The loop of a consumer: takes the oldest validation that nobody works on, inserts it, and says what became of it. Whatever it was at when it died is begun again by who takes its lease over; of a dataset at which
 * one works the next one is taken, so that a slow one holds up no other.
 */

import { toPlain } from '../../core/errors.ts';
import { type Insertion, insertionSchema } from '../../core/ingest/datasetState.ts';
import type { Tell } from '../../core/ingest/happening.ts';
import { CATALOGUE_FOLDER, insertionPath, leasePath, stagedPath, validationPath } from '../../core/ingest/layout.ts';
import { type Validation, validationSchema } from '../../core/ingest/validation.ts';
import { catalogueIn } from '../../workers/catalogue/write/catalogueStore.ts';
import { CATALOGUE_TITLE, insertDataset } from '../../workers/ingest/insert/insertDataset.ts';
import { InsertionError } from '../../workers/ingest/insert/insertionError.ts';
import { failDataset } from '../../workers/ingest/insert/registerDataset.ts';
import { pause } from '../../workers/io/retry.ts';
import { type Lease, takeLease } from '../../workers/objects/lease.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import { jsonBytes, parseJson } from '../json.ts';
import { removeDamaged } from '../removeDamaged.ts';
import { troubleOf } from '../trouble.ts';
import type { Wake } from '../wake.ts';
import type { ConsumerPolicy } from './policy.ts';
import { listValidations, type Waiting } from './waiting.ts';

export interface ConsumerOptions {
  objects: ObjectStore;
  /** A name that no other running consumer has. */
  holder: string;
  tell: Tell;
  signal: AbortSignal;
  policy: ConsumerPolicy;
  /** A folder of this machine; it may be shared. */
  spillFolder: string;
  /** Of sorting. */
  memoryBytes: number;
  /** Called with datasets that were validated. */
  wake: Wake;
  /** Told when a dataset came to an end: the supervisor of this process need not look for it. */
  ended?: (dataset: string) => void;
  insert?: typeof insertDataset;
  /** ms since 1970-01-01 UTC. */
  now?: () => number;
}

const LISTING_SHARE = 20;
const PROGRESS_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** Runs until the signal. Never throws: trouble is told, and tried again. */
export async function consume(options: ConsumerOptions): Promise<void> {
  await new Consumer(options).run();
}

class Consumer {
  readonly #options: ConsumerOptions;
  readonly #now: () => number;
  /** What may be waiting, by dataset. */
  readonly #waiting = new Map<string, Waiting>();
  /** By dataset: the version of an insertion that came to its end. */
  readonly #ended = new Map<string, string>();
  /** By dataset: until when it is left alone, and how often there was trouble. */
  readonly #troubled = new Map<string, { until: number; times: number }>();

  constructor(options: ConsumerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  async run(): Promise<void> {
    const { signal, wake, policy } = this.#options;
    let nextListing = 0;
    let failures = 0;
    while (!signal.aborted) {
      let wait = policy.pollMs;
      try {
        const named = wake.take();
        if (performance.now() >= nextListing) {
          const began = performance.now();
          await this.#look();
          nextListing = performance.now() + Math.max(policy.pollMs, LISTING_SHARE * (performance.now() - began));
        } else for (const dataset of named) await this.#look(dataset);
        failures = 0;
        // Signs of life of others have to be seen some times within a lease.
        if (!(await this.#takeOne())) wait = Math.min(policy.pollMs, policy.leaseMs / 4);
        else wait = 0;
      } catch (error) {
        if (signal.aborted) return;
        this.#trouble(error);
        wait = waitAfter(policy, ++failures);
        nextListing = 0;
      }
      if (wait > 0) await wake.wait(wait, signal);
    }
  }

  async #look(only?: string): Promise<void> {
    const { objects, signal } = this.#options;
    if (only === undefined) this.#waiting.clear();
    for await (const found of listValidations(objects, only, signal)) {
      if (found.insertion !== undefined && this.#ended.get(found.dataset) === found.insertion)
        this.#waiting.delete(found.dataset);
      else this.#waiting.set(found.dataset, found);
    }
  }

  /** The oldest one that is free. @returns whether there was one */
  async #takeOne(): Promise<boolean> {
    const { objects, holder, signal, policy } = this.#options;
    const inOrder = [...this.#waiting.values()].sort((a, b) => a.validated - b.validated);
    for (const found of inOrder) {
      const { dataset } = found;
      if (signal.aborted) return false;
      if ((this.#troubled.get(dataset)?.until ?? 0) > performance.now()) continue;
      let lease: Lease | undefined;
      try {
        if (await this.#hasEnded(found)) {
          this.#waiting.delete(dataset);
          continue;
        }
        lease = await takeLease(objects, leasePath(dataset), { holder, ttlMs: policy.leaseMs, signal });
        if (!lease) continue;
        await this.#work(found, lease);
      } catch (error) {
        if (!signal.aborted) this.#leave(dataset, error);
      } finally {
        // Where it can't be given back it ends by itself.
        await lease?.release().catch(() => {});
      }
      return true;
    }
    return false;
  }

  /** Looked up once for each version, so that what was published long ago costs nothing. */
  async #hasEnded({ dataset, generation, insertion }: Waiting): Promise<boolean> {
    if (insertion === undefined) return false;
    const { state, version } = (await this.#readInsertion(dataset, generation)) ?? {};
    if (state !== 'DONE' && state !== 'FAIL') return false;
    this.#ended.set(dataset, version!);
    return true;
  }

  async #work({ dataset, generation }: Waiting, lease: Lease): Promise<void> {
    const { objects, holder, tell, signal, policy } = this.#options;
    // What was read before the lease was taken may be old.
    const before = await this.#readInsertion(dataset, generation);
    if (before?.state === 'DONE' || before?.state === 'FAIL') {
      this.#waiting.delete(dataset);
      return;
    }
    const path = validationPath(dataset, generation);
    const found = await objects.read(path, signal);
    if (!found) return;
    const began = this.#now();
    const { attempts = 0, interrupted = 0 } = before ?? {};
    const insertion = new InsertionRecord(this.#options, before?.version, {
      dataset,
      generation,
      state: 'INSERTING',
      details: '',
      consumer: holder,
      attempts: attempts + 1,
      interrupted,
      began,
      since: began,
    });
    if (attempts - interrupted >= policy.deathsAtMost) {
      const reason = `it was begun ${attempts} times and never ended: look at the memory and the logs of the consumers, then have it tried again`;
      await this.#fail(insertion, parsed(found.bytes), reason, { attempts });
      return;
    }
    if (!(await insertion.write())) return;
    tell({ kind: 'inserting', dataset, generation, consumer: holder, attempt: attempts + 1 });
    const ends = AbortSignal.any([signal, lease.lost]);
    try {
      await this.#insert(parseJson(validationSchema, found.bytes, path), insertion, ends);
    } catch (error) {
      const isTrouble = toPlain(error).tag === 'source' || signal.aborted || lease.lost.aborted;
      if (!isTrouble) {
        await this.#giveUp(error, insertion, parsed(found.bytes));
        return;
      }
      // It did not die: that is no reason to give it up some day. Where another one has taken over, its record stays.
      const details = lease.lost.aborted ? 'its lease could not be renewed' : toPlain(error).message;
      await insertion.write({ interrupted: interrupted + 1, details }).catch(() => {});
      if (!lease.lost.aborted) throw error;
    }
  }

  async #insert(validation: Validation, insertion: InsertionRecord, signal: AbortSignal): Promise<void> {
    const { objects, holder, tell, spillFolder, memoryBytes, insert = insertDataset } = this.#options;
    const { dataset, generation, firstStaged } = validation;
    let told = performance.now();
    const attempt = () =>
      insert({
        objects,
        catalogue: catalogueIn(objects.below(CATALOGUE_FOLDER)),
        validation,
        spillFolder,
        memoryBytes,
        consumer: holder,
        signal,
        onProgress: ({ written }) => {
          if (performance.now() - told < PROGRESS_MS) return;
          told = performance.now();
          tell({ kind: 'progress', dataset, consumer: holder, events: written });
        },
      });
    const began = this.#now();
    const result = await this.#tried(attempt, signal);
    if (result.outcome === 'superseded') {
      await insertion.write({ state: 'FAIL', details: 'a newer validation took its place', since: this.#now() });
      return;
    }
    const { events, bytes } = result;
    const since = this.#now();
    if (!(await this.#tried(() => insertion.write({ state: 'DONE', details: '', since, events, bytes }), signal)))
      return;
    this.#end(insertion);
    const traversal = Math.max(0, since - firstStaged);
    tell({ kind: 'published', dataset, generation, consumer: holder, events, bytes, ms: since - began, traversal });
  }

  /** Tries again while the store is in trouble. */
  async #tried<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const { policy } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (signal.aborted || toPlain(error).tag !== 'source' || attempt >= policy.tries) throw error;
        this.#trouble(error);
        await pause(waitAfter(policy, attempt), signal);
      }
    }
  }

  /** What the data are at fault for is not tried again by itself. */
  async #giveUp(error: unknown, insertion: InsertionRecord, validation: Validation | undefined): Promise<void> {
    const { objects, tell, signal } = this.#options;
    const { dataset } = insertion.value;
    const alarm = error instanceof InsertionError ? error.alarm : undefined;
    const { message: reason } = toPlain(error);
    if (alarm) tell({ kind: 'alarm', alarm, dataset, reason });
    if (alarm === 'corrupt-object' && validation) {
      const { file } = toPlain(error).place;
      const damaged = validation.objects.find((object) => stagedPath(object.sha256) === file);
      const removed = damaged && (await removeDamaged(objects, damaged.sha256, signal));
      const details = removed ? `${reason}; it was removed, so that it can be staged again` : reason;
      await this.#fail(insertion, validation, details);
    } else await this.#fail(insertion, validation, reason);
  }

  /** Says so in the catalogue, then in the record of the insertion, which ends it. */
  async #fail(
    insertion: InsertionRecord,
    validation: Validation | undefined,
    reason: string,
    change: Partial<Insertion> = {},
  ): Promise<void> {
    const { tell, holder, signal } = this.#options;
    const { dataset, generation } = insertion.value;
    if (validation) await this.#tried(() => this.#failInCatalogue(validation, reason), signal);
    const failed = { ...change, state: 'FAIL', details: reason, since: this.#now() } as const;
    if (!(await this.#tried(() => insertion.write(failed), signal))) return;
    this.#end(insertion);
    tell({ kind: 'failed', dataset, generation, consumer: holder, reason });
  }

  async #failInCatalogue(validation: Validation, reason: string): Promise<void> {
    const { objects, holder, signal } = this.#options;
    const change = { changedBy: holder, title: CATALOGUE_TITLE, signal };
    try {
      await failDataset(catalogueIn(objects.below(CATALOGUE_FOLDER)), validation, reason, change);
    } catch (error) {
      // A dataset that has no place in a catalogue can't be marked there.
      if (!(error instanceof InsertionError)) throw error;
    }
  }

  #end({ value, version }: InsertionRecord): void {
    const { dataset } = value;
    this.#waiting.delete(dataset);
    this.#troubled.delete(dataset);
    if (version) this.#ended.set(dataset, version);
    this.#options.ended?.(dataset);
  }

  /** A dataset with which there is trouble waits, others don't. */
  #leave(dataset: string, error: unknown): void {
    const times = (this.#troubled.get(dataset)?.times ?? 0) + 1;
    this.#troubled.set(dataset, { until: performance.now() + waitAfter(this.#options.policy, times), times });
    this.#trouble(error, dataset);
  }

  #trouble(error: unknown, dataset?: string): void {
    const { tell } = this.#options;
    const { alarm, reason } = troubleOf(error);
    tell({ kind: 'error', where: 'consumer', reason });
    tell({ kind: 'alarm', alarm, ...(dataset !== undefined && { dataset }), reason });
  }

  async #readInsertion(dataset: string, generation: number): Promise<(Insertion & { version: string }) | undefined> {
    const { objects, signal } = this.#options;
    const path = insertionPath(dataset, generation);
    const found = await objects.read(path, signal);
    return found && { ...parseJson(insertionSchema, found.bytes, path), version: found.version };
  }
}

/** What is written of an insertion, each time under the condition that nobody else wrote. */
class InsertionRecord {
  value: Insertion;
  version: string | undefined;
  readonly #objects: ObjectStore;

  constructor({ objects }: ConsumerOptions, version: string | undefined, value: Insertion) {
    this.#objects = objects;
    this.version = version;
    this.value = value;
  }

  /** @returns whether it is written; not where another one took over */
  async write(change: Partial<Insertion> = {}): Promise<boolean> {
    const value = { ...this.value, ...change };
    const path = insertionPath(value.dataset, value.generation);
    const bytes = jsonBytes(value);
    const condition = this.version === undefined ? 'absent' : { version: this.version };
    let version = await this.#objects.write(path, bytes, condition);
    if (version === undefined) {
      // The answer to an earlier try may have been lost.
      const found = await this.#objects.read(path);
      if (!found || Buffer.compare(found.bytes, bytes) !== 0) return false;
      version = found.version;
    }
    this.value = value;
    this.version = version;
    return true;
  }
}

/** @returns undefined where it is damaged */
function parsed(validation: Uint8Array): Validation | undefined {
  try {
    return parseJson(validationSchema, validation, '');
  } catch {
    return undefined;
  }
}

const waitAfter = ({ waitMs }: ConsumerPolicy, failures: number) =>
  Math.min(LONGEST_WAIT_MS, waitMs * 2 ** (failures - 1));
