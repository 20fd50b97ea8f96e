import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordBatch } from '../../../../core/catalogue/tables.ts';
import { batchesOf, mergeRuns } from './mergeRuns.ts';
import { RecordBuffer } from './recordBuffer.ts';
import { type Run, RunWriter } from './runFile.ts';

/** Of the memory, what records that are collected may take; with the room of their arrays it is 0.4. The rest is for what is read and written meanwhile. */
const COLLECTED = 0.27;
/** And what blocks of runs that are merged may take, and the records that are taken of them at once. */
const MERGED = 0.6;
/** A block in memory is there three times while it is merged: as it was read, taken, and sorted. */
const COPIES = 3;
/** Runs that are merged at once, if memory allows. */
const FAN_IN = 128;
const LEAST_FAN_IN = 2;
const LEAST_BLOCK_ROWS = 16;
const MOST_BLOCK_BYTES = 1 << 20;
const ROWS_OF_BATCH = 8192;

/**
 * Sorts records by event number, then `seq`; those that share both stay in the order in which they came, so that the result is the same whatever the memory. What memory can't hold is put into files, as sorted
 * runs, which are merged: in several passes where there are too many.
 */
export class RecordSorter {
  readonly #folder: string;
  readonly #memoryBytes: number;
  readonly #expected: number;
  readonly #buffer = new RecordBuffer();
  #runs: Run[] = [];
  #files = 0;
  /** Bytes that went to disk, merges included. */
  spilled = 0;

  /** @param folder an empty one, for its files; it is left to the caller to remove it @param expected how many records there will be, if that is known */
  constructor(folder: string, memoryBytes: number, expected = 0) {
    this.#folder = folder;
    this.#memoryBytes = memoryBytes;
    this.#expected = expected;
  }

  /** Takes records with the columns of `SORT_COLUMNS`. @throws LumiscopeError `source` where the disk is full */
  async add(batch: RecordBatch): Promise<void> {
    if (batch.rows === 0) return;
    const { rows, bytes } = this.#buffer;
    // Room for all of them at once only where memory has it, twice what it looks like.
    const fits = rows > 0 && (2 * bytes * this.#expected) / rows < COLLECTED * this.#memoryBytes;
    this.#buffer.append(batch, fits ? this.#expected : 0);
    if (this.#buffer.bytes > COLLECTED * this.#memoryBytes) await this.#spill();
  }

  /** All records, sorted. Nothing can be added afterwards. */
  async *sorted(): AsyncGenerator<RecordBatch> {
    if (this.#runs.length === 0) {
      yield* batchesOf(this.#buffer, ROWS_OF_BATCH);
      return;
    }
    if (this.#buffer.rows > 0) await this.#spill();
    this.#buffer.release();
    while (this.#runs.length > this.#fanIn()) this.#runs = await this.#mergeOnce(this.#fanIn());
    yield* mergeRuns(this.#runs, ROWS_OF_BATCH);
  }

  async #spill(): Promise<void> {
    const { rows, bytes } = this.#buffer;
    const wanted = Math.min(MOST_BLOCK_BYTES, (MERGED * this.#memoryBytes) / COPIES / FAN_IN);
    const blockRows = Math.max(LEAST_BLOCK_ROWS, Math.floor(wanted / (bytes / rows)));
    this.#runs.push(await this.#write(batchesOf(this.#buffer, blockRows)));
    this.#buffer.clear();
  }

  #fanIn(): number {
    const block = this.#runs.reduce((most, run) => Math.max(most, run.blockBytes), 1);
    return Math.max(LEAST_FAN_IN, Math.floor((MERGED * this.#memoryBytes) / COPIES / block));
  }

  /** Each `fanIn` runs that follow one another become one: the order of records that are alike stays. */
  async #mergeOnce(fanIn: number): Promise<Run[]> {
    const merged: Run[] = [];
    for (let from = 0; from < this.#runs.length; from += fanIn) {
      const own = this.#runs.slice(from, from + fanIn);
      if (own.length === 1) merged.push(own[0]!);
      else {
        merged.push(await this.#write(mergeRuns(own, this.#blockRows(own))));
        for (const { path } of own) await rm(path, { force: true });
      }
    }
    return merged;
  }

  #blockRows(runs: readonly Run[]): number {
    return runs.reduce((most, run) => Math.max(most, run.blockRows), LEAST_BLOCK_ROWS);
  }

  async #write(batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>): Promise<Run> {
    const writer = await RunWriter.create(join(this.#folder, `run-${this.#files++}`));
    try {
      for await (const batch of batches) await writer.add(batch);
    } catch (error) {
      await writer.abandon();
      throw error;
    }
    const run = await writer.finish();
    this.spilled += run.bytes;
    return run;
  }
}
