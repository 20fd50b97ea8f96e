/**
 * The loop of the supervisor. Everything it knows it reads from the store, and what it writes it writes under conditions: it can be killed at any time, and several of them are no harm. Datasets are looked at
 * side by side, so that trouble with one holds up no other.
 */
import { toPlain } from '../../core/errors.ts';
import type { Alarm, DatasetProgress, Tell } from '../../core/ingest/happening.ts';
import { validationPath } from '../../core/ingest/layout.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import { jsonBytes } from '../json.ts';
import { removeDamaged } from '../removeDamaged.ts';
import { type Trouble, troubleOf } from '../trouble.ts';
import type { Wake } from '../wake.ts';
import type { DatasetBook, View } from './datasetBook.ts';
import type { RelayPolicy } from './policy.ts';
import { sweepUnclaimed } from './sweepUnclaimed.ts';
import { looseOf, packMessages, removeMessages, removeStaged, writeSettled } from './tidy.ts';

export interface SupervisorOptions {
  objects: ObjectStore;
  /** Of the same store. The API of this process answers from it. */
  book: DatasetBook;
  tell: Tell;
  policy: RelayPolicy;
  signal: AbortSignal;
  /** Called by who wrote something of a dataset. */
  wake: Wake;
  /** Told of each validation that was written: consumers of this process need not look for it. */
  validated?: (dataset: string) => void;
  /** Deletes objects of the catalogue that no manifest names and that are older. */
  sweepCatalogue?: (olderThanMs: number, signal: AbortSignal) => Promise<{ objects: number; bytes: number }>;
  /** ms since 1970-01-01 UTC. */
  now?: () => number;
}

/** Datasets that are looked at together. */
const AT_ONCE = 8;
/** The store is listed for one part in as many of the time. */
const LISTING_SHARE = 20;
const LONG_LOOK_MS = 100;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;

/** Runs until the signal. Never throws: trouble is told, and tried again. */
export async function supervise(options: SupervisorOptions): Promise<void> {
  await new Supervisor(options).run();
}

class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #now: () => number;
  /** When a dataset is to be looked at although nothing of it changed. */
  readonly #due = new Map<string, number>();
  readonly #queue = new Set<string>();
  /** Of those, what the last listing of the store showed was not looked at yet. */
  readonly #listed = new Set<string>();
  /** Until when large datasets are left alone: what comes meanwhile is looked at together. */
  readonly #resting = new Map<string, number>();
  readonly #running = new Map<string, Promise<void>>();
  /** By dataset: tries that failed in a row. */
  readonly #failures = new Map<string, number>();
  /** Alarms that last, by dataset and kind. */
  readonly #alarms = new Map<string, { reason: string; told: number }>();
  /** Objects that have their checksum, whatever messages say of their length. */
  readonly #sound = new Set<string>();
  /** By dataset: duplicates that were told. */
  readonly #duplicates = new Map<string, Set<string>>();

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  async run(): Promise<void> {
    const { signal, wake, policy, book } = this.#options;
    let nextListing = 0;
    let nextSweep = this.#now() + policy.sweepMs;
    let failures = 0;
    let sweeping: Promise<void> | undefined;
    while (!signal.aborted) {
      for (const dataset of wake.take()) this.#enqueue(dataset);
      if (performance.now() >= nextListing) {
        const began = performance.now();
        try {
          await book.refresh(undefined, signal);
          for (const dataset of book.unseen()) {
            this.#listed.add(dataset);
            this.#enqueue(dataset);
          }
          failures = 0;
          this.#endAlarm(undefined, 'store');
          this.#endAlarm(undefined, 'disk');
          nextListing = performance.now() + Math.max(policy.pollMs, LISTING_SHARE * (performance.now() - began));
        } catch (error) {
          if (signal.aborted) break;
          this.#tellTrouble(undefined, troubleOf(error));
          nextListing = performance.now() + backoff(++failures);
        }
      }
      const now = this.#now();
      for (const [dataset, due] of this.#due)
        if (due <= now) {
          this.#due.delete(dataset);
          this.#enqueue(dataset);
        }
      if (now >= nextSweep && !sweeping && book.isComplete()) {
        nextSweep = now + policy.sweepMs;
        sweeping = this.#sweep().finally(() => {
          sweeping = undefined;
        });
      }
      let next = nextListing - performance.now();
      for (const due of this.#due.values()) next = Math.min(next, due - now);
      await wake.wait(Math.max(1, next), signal);
    }
    await Promise.all([...this.#running.values(), sweeping]);
  }

  #enqueue(dataset: string): void {
    const until = this.#resting.get(dataset);
    if (until !== undefined && until > this.#now()) {
      this.#due.set(dataset, Math.min(until, this.#due.get(dataset) ?? Infinity));
      return;
    }
    this.#resting.delete(dataset);
    this.#queue.add(dataset);
    this.#pump();
  }

  #pump(): void {
    for (const dataset of this.#queue) {
      if (this.#running.size >= AT_ONCE || this.#options.signal.aborted) return;
      if (this.#running.has(dataset)) continue;
      this.#queue.delete(dataset);
      const run = this.#lookAt(dataset).finally(() => {
        this.#running.delete(dataset);
        this.#pump();
      });
      this.#running.set(dataset, run);
    }
  }

  async #lookAt(dataset: string): Promise<void> {
    const { signal } = this.#options;
    const began = performance.now();
    try {
      // What is written meanwhile by this supervisor, or by others, may want a next step.
      for (let steps = 0; steps < 100 && !signal.aborted; steps++) if (!(await this.#step(dataset))) break;
      this.#failures.delete(dataset);
      this.#endAlarm(dataset, 'store');
      this.#endAlarm(dataset, 'disk');
    } catch (error) {
      if (signal.aborted) return;
      const failures = (this.#failures.get(dataset) ?? 0) + 1;
      this.#failures.set(dataset, failures);
      this.#tellTrouble(dataset, troubleOf(error));
      this.#due.set(dataset, this.#now() + backoff(failures));
    } finally {
      const took = performance.now() - began;
      if (took > LONG_LOOK_MS) this.#resting.set(dataset, this.#now() + Math.min(LONGEST_WAIT_MS, 3 * took));
      // For the times that are due.
      this.#options.wake.nudge();
    }
  }

  /** @returns whether something was written, so that there may be more to do */
  async #step(dataset: string): Promise<boolean> {
    const { objects, book, policy, signal } = this.#options;
    if (!this.#listed.delete(dataset)) await book.refresh(dataset, signal);
    book.see(dataset);
    const now = this.#now();
    const settled = book.settled(dataset);
    const view = await book.look(dataset, settled?.again !== undefined && settled.again <= now, signal);
    if (!view) {
      const { again } = book.settled(dataset) ?? {};
      if (again !== undefined) this.#due.set(dataset, again);
      return again !== undefined && again <= now;
    }
    if (view.files.state === '') return true;
    const { supervision } = view;
    this.#tellAlarms(supervision.progress);
    if (await this.#removeDamaged(view)) return true;
    if (supervision.write) return this.#validate(view);
    this.#tellDuplicates(view);
    const loose = looseOf(view);
    if (loose.length >= policy.packAt || (supervision.settled && loose.length > 0 && !supervision.messagesExpired)) {
      await packMessages(objects, view, signal);
      return true;
    }
    if (supervision.settled) return this.#settle(view);
    // The longer an object is late, the less often it is looked for.
    const late = Math.min(LONGEST_WAIT_MS, Math.max(policy.pollMs, (now - newest(view)) / 10));
    const next = Math.min(supervision.again ?? Infinity, view.isWaiting ? now + late : Infinity);
    if (next < Infinity) this.#due.set(dataset, next);
    return false;
  }

  async #validate(view: View): Promise<boolean> {
    const { objects, book, tell, signal, validated } = this.#options;
    const { dataset } = view;
    // Whether the objects are there is asked once more.
    book.forgetObjects(dataset);
    const { supervision } = (await book.look(dataset, true, signal)) ?? {};
    const write = supervision?.write;
    if (!write) return true;
    const { generation, references, firstStaged } = write;
    const version = await objects.write(validationPath(dataset, generation), jsonBytes(write), 'absent', signal);
    if (version === undefined) return true;
    const events = references.reduce((sum, reference) => sum + reference.events, 0);
    tell({ kind: 'validated', dataset, generation, events, files: references.length, firstStaged });
    this.#duplicates.set(dataset, new Set());
    validated?.(dataset);
    return true;
  }

  /** What has not its length can't be staged again while it is there. */
  async #removeDamaged({ dataset, wrongSized }: View): Promise<boolean> {
    const { objects, book, signal } = this.#options;
    let isAny = false;
    for (const sha256 of wrongSized) {
      if (this.#sound.has(sha256)) continue;
      if (await removeDamaged(objects, sha256, signal)) isAny = true;
      // It is the message that is wrong.
      else this.#sound.add(sha256);
    }
    if (isAny) book.forgetObjects(dataset);
    return isAny;
  }

  #tellDuplicates({ dataset, supervision, messages, latest }: View): void {
    if (!latest) return;
    const told = this.#duplicates.get(dataset);
    const isFirst = !told;
    const known = told ?? new Set();
    this.#duplicates.set(dataset, known);
    const fresh = new Set(supervision.duplicates.filter((sha256) => !known.has(sha256)));
    for (const { message } of fresh.size > 0 ? messages.values() : []) {
      const { sha256 } = message.object;
      if (!fresh.delete(sha256)) continue;
      known.add(sha256);
      const events = message.files.reduce((sum, file) => sum + file.events, 0);
      // Those of an earlier process were told by it.
      if (!isFirst) this.#options.tell({ kind: 'duplicate', dataset, sha256, events });
    }
  }

  /** A dataset that is published: what has had its time goes, and what is known of it is noted. */
  async #settle(view: View): Promise<boolean> {
    const { objects, book, tell, policy, signal } = this.#options;
    const { dataset, supervision } = view;
    let { again } = supervision;
    if (supervision.expired.length > 0) {
      if (!book.isComplete()) again = this.#now() + policy.pollMs;
      else {
        const others = book.mentioned(dataset);
        const gone = supervision.expired.filter((sha256) => !others.has(sha256));
        const removed = await removeStaged(objects, gone, signal);
        if (removed.objects > 0) tell({ kind: 'expired', ...removed });
        book.forgetObjects(dataset);
        if (gone.length > 0) return true;
        again = this.#now() + policy.duplicatesMs;
      }
    }
    if (supervision.messagesExpired && again === undefined) {
      await removeMessages(objects, view, signal);
      return true;
    }
    book.settle(dataset, await writeSettled(objects, view, again, signal));
    this.#duplicates.delete(dataset);
    if (again !== undefined) this.#due.set(dataset, again);
    return false;
  }

  async #sweep(): Promise<void> {
    const { objects, book, tell, policy, signal, sweepCatalogue } = this.#options;
    const sweeps = [
      () => sweepUnclaimed(objects, book, this.#now() - policy.unclaimedMs, signal),
      ...(sweepCatalogue ? [() => sweepCatalogue(policy.catalogueMs, signal)] : []),
    ];
    for (const sweep of sweeps) {
      try {
        const removed = await sweep();
        if (removed.objects > 0) tell({ kind: 'expired', ...removed });
      } catch (error) {
        if (!signal.aborted) tell({ kind: 'error', where: 'supervisor', reason: toPlain(error).message });
      }
    }
  }

  #tellAlarms({ dataset, alarms }: DatasetProgress): void {
    const now = new Set<Alarm>(alarms.map(({ alarm }) => alarm));
    for (const key of this.#alarms.keys()) {
      const [of, alarm] = key.split(' ') as [string, Alarm];
      if (of === dataset && !now.has(alarm) && alarm !== 'store' && alarm !== 'disk') this.#alarms.delete(key);
    }
    for (const { alarm, reason } of alarms) this.#alarm(dataset, alarm, reason);
  }

  #tellTrouble(dataset: string | undefined, { alarm, reason }: Trouble): void {
    this.#options.tell({ kind: 'error', where: 'supervisor', reason });
    this.#alarm(dataset, alarm, reason);
  }

  #alarm(dataset: string | undefined, alarm: Alarm, reason: string): void {
    const key = `${dataset ?? ''} ${alarm}`;
    const known = this.#alarms.get(key);
    const now = this.#now();
    // A reason that counts messages is another one with each of them.
    const { alarmMs } = this.#options.policy;
    if (known && now - known.told < (known.reason === reason ? alarmMs : alarmMs / 10)) return;
    this.#alarms.set(key, { reason, told: now });
    this.#options.tell({ kind: 'alarm', alarm, ...(dataset !== undefined && { dataset }), reason });
  }

  #endAlarm(dataset: string | undefined, alarm: Alarm): void {
    this.#alarms.delete(`${dataset ?? ''} ${alarm}`);
  }
}

function newest({ messages }: View): number {
  let last = 0;
  for (const { received, stored } of messages.values()) last = Math.max(last, Math.min(received, stored));
  return last;
}

const backoff = (failures: number) => Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
