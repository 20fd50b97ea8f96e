import type { Family, RecordBatch } from '../../../core/catalogue/tables.ts';
import { Collisions } from './collisions.ts';
import { Files } from './files.ts';
import { below, hash32, keyOf } from './hash.ts';
import type { Menu } from './menu.ts';
import { Physics, Selector } from './physics.ts';
import type { DatasetPlan } from './plan.ts';
import { Records } from './records.ts';
import { Triggers } from './triggers.ts';
import { putSum } from './words.ts';

const ROWS_OF_BATCH = 8192;
/** Of the events that have more than one record, those that have three. */
const TRIPLE = below(0.2);
const WITHIN_FILE = below(0.4);
const MOST_COPIES = 3;
const ZERO = { low: 0, high: 0 };

/** A file of a dataset, and the records that were put into it, whether the catalogue has them or not. */
export interface FileCounts {
  tid: number;
  guid: { hi: bigint; lo: bigint };
  declared: number;
}

/** The records of one data type of a dataset, event by event, in batches. */
export class RecordStream {
  /** So far, of those that the catalogue has. */
  records = 0;
  readonly #plan: DatasetPlan;
  readonly #physics: Physics;
  readonly #collisions: Collisions;
  readonly #own: Stage;
  readonly #parents: Stage[];
  readonly #triggers: Triggers | undefined;
  readonly #lostFiles: Uint8Array;
  readonly #lostEvents: number;
  readonly #lossKey: number;
  readonly #streamKey: number;
  readonly #weightKey: number;
  readonly #order = [0, 1, 2];
  readonly #seqs = new Int16Array(MOST_COPIES);

  /** @param menu of the plan's `smk` */
  constructor(seed: number, plan: DatasetPlan, menu: Menu | undefined) {
    const { run, only } = plan.stream;
    this.#plan = plan;
    this.#physics = new Physics(seed, run.runNumber, only);
    this.#collisions = new Collisions(seed, run);
    this.#own = new Stage(seed, plan, this.#physics);
    this.#parents = plan.families.includes('provenance')
      ? plan.parents.map((parent) => new Stage(seed, parent, this.#physics))
      : [];
    this.#triggers = menu && new Triggers(menu, this.#physics, seed, run.runNumber);
    const files = this.#own.files.count;
    this.#lossKey = keyOf(seed, plan.family.dspid, plan.dstypeid, 'loss');
    this.#lostFiles = new Uint8Array(files);
    for (let k = 0; k < Math.min(plan.lostFiles, files - 1); k++)
      this.#lostFiles[(hash32(this.#lossKey, 7) + 3 * k) % files] = 1;
    this.#lostEvents = below(plan.lostEvents);
    this.#streamKey = keyOf(seed, run.runNumber, run.streamName, 'stream');
    this.#weightKey = keyOf(seed, run.runNumber, 'weight');
  }

  /** Files in the order of their numbers; complete once all batches are done. */
  files(): FileCounts[] {
    const { files } = this.#own;
    return Array.from({ length: files.count }, (_, file) => ({
      tid: files.tids[file]!,
      guid: files.guid(file),
      declared: files.filled[file]!,
    }));
  }

  *batches(): Generator<RecordBatch> {
    const { run, share } = this.#plan.stream;
    const inStream = below(share);
    const own = this.#own;
    const hasBlocks = run.blocks > 0;
    let records = this.#empty();
    for (let event = 0; event < run.events; event++) {
      if (share < 1 && hash32(this.#streamKey, event) >= inStream) continue;
      const passes = own.passes(event);
      if (!passes && this.#parents.length === 0) continue;
      const time = hasBlocks ? this.#collisions.timeOffset(event) : 0;
      const block = hasBlocks ? this.#collisions.block(time) : 1;
      for (const parent of this.#parents) parent.record(event, block);
      if (!passes) continue;
      own.record(event, block);
      this.#write(records, event, time, block);
      if (records.rows >= ROWS_OF_BATCH) {
        yield records.batch();
        records = this.#empty();
      }
    }
    if (records.rows > 0) yield records.batch();
  }

  #empty(): Records {
    const { families, stream, smk } = this.#plan;
    return new Records(
      new Set<Family>(families),
      ROWS_OF_BATCH + MOST_COPIES,
      stream.run.blocks === 0,
      smk !== undefined,
    );
  }

  /** All records of an event that were found, by `seq`. */
  #write(records: Records, event: number, time: number, block: number): void {
    const { copies, fileOfCopy, placeOfCopy, files } = this.#own;
    let found = 0;
    for (let copy = 0; copy < copies; copy++) {
      const file = fileOfCopy[copy]!;
      if (
        this.#lostFiles[file] === 1 ||
        (this.#lostEvents > 0 && file % 5 === 2 && hash32(this.#lossKey, event) < this.#lostEvents)
      )
        continue;
      this.#seqs[copy] = files.seq(file, placeOfCopy[copy]!);
      let at = found++;
      for (; at > 0 && this.#seqs[this.#order[at - 1]!]! > this.#seqs[copy]!; at--)
        this.#order[at] = this.#order[at - 1]!;
      this.#order[at] = copy;
    }
    if (found === 0) return;
    this.records += found;
    this.#triggers?.fire(event);
    for (let i = 0; i < found; i++) this.#row(records, event, time, block, this.#order[i]!);
  }

  #row(records: Records, event: number, time: number, block: number, copy: number): void {
    const { files, fileOfCopy, placeOfCopy } = this.#own;
    const collisions = this.#collisions;
    const file = fileOfCopy[copy]!;
    const row = records.rows++;
    putSum(records.eventno, row, collisions.firstEvent, collisions.numberOffset(event));
    records.seq[row] = this.#seqs[copy]!;
    putSum(records.tid, row, ZERO, files.tids[file]!);
    records.file[row] = file;
    records.guidHi[2 * row] = files.guids[4 * file]!;
    records.guidHi[2 * row + 1] = files.guids[4 * file + 1]!;
    records.guidLo[2 * row] = files.guids[4 * file + 2]!;
    records.guidLo[2 * row + 1] = files.guids[4 * file + 3]!;
    records.oid1[2 * row] = files.oid1;
    records.oid2[2 * row] = placeOfCopy[copy]!;
    if (records.mcChannel) records.mcChannel[row] = this.#plan.stream.run.runNumber;
    if (records.mcWeight) {
      const bits = hash32(this.#weightKey, event);
      records.mcWeight[row] = ((bits & 0xff) === 0 ? -1 : 1) * (700 + ((bits >>> 8) % 60_000) / 1000);
    }
    if (records.provenance) this.#provenance(records.provenance, row);
    if (records.level1) {
      const { lb, bcid, psk, time: times, id } = records.level1;
      lb[row] = block;
      bcid[row] = collisions.bunch(event);
      psk[row] = collisions.level1Prescales(block);
      putSum(times, row, collisions.start, time);
      id[row] = collisions.level1Id(time);
    }
    if (records.highPrescales) records.highPrescales[row] = collisions.highPrescales(block);
    if (!this.#triggers) return;
    for (const [name, list] of records.bits) {
      const { bits, count } = this.#triggers[name as 'tbp'];
      list.putAll(bits, count);
      list.end(row);
    }
  }

  /** The first record of each parent. */
  #provenance({ dstypeid, guidHi, guidLo, oid1, oid2 }: NonNullable<Records['provenance']>, row: number): void {
    for (const { plan, files, fileOfCopy, placeOfCopy } of this.#parents) {
      const at = 4 * fileOfCopy[0]!;
      dstypeid.put(plan.dstypeid);
      guidHi.putWords(files.guids[at]!, files.guids[at + 1]!);
      guidLo.putWords(files.guids[at + 2]!, files.guids[at + 3]!);
      oid1.putWords(files.oid1, 0);
      oid2.putWords(placeOfCopy[0]!, 0);
    }
    for (const list of [dstypeid, guidHi, guidLo, oid1, oid2]) list.end(row);
  }
}

/** A step of production: which events it keeps, and where each of their records is put. */
class Stage {
  readonly plan: DatasetPlan;
  readonly files: Files;
  copies = 0;
  readonly fileOfCopy = new Int32Array(MOST_COPIES);
  readonly placeOfCopy = new Int32Array(MOST_COPIES);
  readonly #selector: Selector | undefined;
  readonly #copyKey: number;
  #rank = 0;

  constructor(seed: number, plan: DatasetPlan, physics: Physics) {
    const { family, dstypeid, selection, stream } = plan;
    this.plan = plan;
    this.files = new Files(seed, family.dspid, dstypeid, plan.files, stream.run.blocks);
    // The same derivation keeps the same events in every version.
    this.#selector =
      selection && new Selector(physics, selection, keyOf(seed, stream.run.runNumber, plan.dataType.group ?? ''));
    this.#copyKey = keyOf(seed, family.dspid, dstypeid, 'copies');
  }

  passes(event: number): boolean {
    return !this.#selector || this.#selector.passes(event);
  }

  /** Writes an event that passes: one record, or several of some. */
  record(event: number, block: number): void {
    const { duplicates } = this.plan;
    const rank = this.#rank++;
    this.copies = 1;
    if (duplicates > 0 && Math.floor((rank + 1) * duplicates) > Math.floor(rank * duplicates)) {
      this.copies = hash32(this.#copyKey, event) < TRIPLE ? 3 : 2;
    }
    const within = this.copies > 1 && hash32(~this.#copyKey, event) < WITHIN_FILE;
    for (let copy = 0; copy < this.copies; copy++) {
      const file = this.files.fileOf(event, block, within ? 0 : copy);
      this.fileOfCopy[copy] = file;
      this.placeOfCopy[copy] = this.files.place(file);
    }
  }
}
