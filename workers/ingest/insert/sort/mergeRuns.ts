import type { RecordBatch } from '../../../../core/catalogue/tables.ts';
import { slice } from '../../../convert/rows.ts';
import { RecordBuffer } from './recordBuffer.ts';
import type { Run } from './runFile.ts';

/** A run that is being read: its block, and the first record of it that was not taken. */
interface Reading {
  blocks: AsyncGenerator<RecordBatch>;
  block: RecordBatch;
  words: Uint32Array;
  seq: Int16Array;
  at: number;
}

/**
 * The records of sorted runs as one sorted run, in batches. Of records that share event number and `seq`, those of earlier runs come first. Holds a block of each run, and twice the records that it
 * takes of them at once.
 */
export async function* mergeRuns(runs: readonly Run[], rowsOfBatch: number): AsyncGenerator<RecordBatch> {
  const readings: Reading[] = [];
  const buffer = new RecordBuffer();
  try {
    for (const run of runs) {
      const reading = { blocks: run.blocks() } as Reading;
      if (await next(reading)) readings.push(reading);
    }
    while (readings.length > 0) {
      // All that comes before the end of the block that ends first is at hand.
      let first = 0;
      for (let k = 1; k < readings.length; k++) if (compareEnds(readings[k]!, readings[first]!) < 0) first = k;
      const bound = readings[first]!;
      for (const [k, reading] of readings.entries()) {
        const to = reading === bound ? reading.seq.length : placeIn(reading, bound, k < first);
        if (to > reading.at) buffer.append(rowsOf(reading.block, reading.at, to));
        reading.at = to;
      }
      yield* batchesOf(buffer, rowsOfBatch);
      buffer.clear();
      for (let k = readings.length - 1; k >= 0; k--)
        if (readings[k]!.at === readings[k]!.seq.length && !(await next(readings[k]!))) readings.splice(k, 1);
    }
  } finally {
    for (const { blocks } of readings) await blocks.return(undefined);
  }
}

/** All records of a buffer, sorted, in batches. */
export function* batchesOf(buffer: RecordBuffer, rowsOfBatch: number): Generator<RecordBatch> {
  const order = buffer.order();
  for (let from = 0; from < buffer.rows; from += rowsOfBatch)
    yield buffer.batch(order, from, Math.min(buffer.rows, from + rowsOfBatch));
}

/** Goes on to the next block. */
async function next(reading: Reading): Promise<boolean> {
  const { done, value } = await reading.blocks.next();
  if (done) return false;
  const eventno = value.columns.get('eventno')!.values as BigUint64Array;
  reading.block = value;
  reading.words = new Uint32Array(eventno.buffer, eventno.byteOffset, 2 * eventno.length);
  reading.seq = value.columns.get('seq')!.values as Int16Array;
  reading.at = 0;
  return true;
}

function rowsOf({ columns }: RecordBatch, from: number, to: number): RecordBatch {
  return { rows: to - from, columns: new Map([...columns].map(([name, column]) => [name, slice(column, from, to)])) };
}

function compareEnds(a: Reading, b: Reading): number {
  return compare(a, a.seq.length - 1, b, b.seq.length - 1);
}

function compare(a: Reading, i: number, b: Reading, j: number): number {
  return a.words[2 * i + 1]! - b.words[2 * j + 1]! || a.words[2 * i]! - b.words[2 * j]! || a.seq[i]! - b.seq[j]!;
}

/** The first row that comes after the end of `bound`'s block. @param withEqual whether those that share its event number and `seq` come before */
function placeIn(reading: Reading, bound: Reading, withEqual: boolean): number {
  let low = reading.at;
  let high = reading.seq.length;
  const most = withEqual ? 0 : -1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Math.sign(compare(reading, middle, bound, bound.seq.length - 1)) <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}
