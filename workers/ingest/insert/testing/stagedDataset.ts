import { printGuid, seqOf } from '../../../../core/catalogue/eventKey.ts';
import type { RecordBatch } from '../../../../core/catalogue/tables.ts';
import { stagedPath } from '../../../../core/ingest/layout.ts';
import { STAGED_COLUMNS, type StagedHeader } from '../../../../core/ingest/stagedHeader.ts';
import type { Validation } from '../../../../core/ingest/validation.ts';
import { type ColumnData, VALUE_ARRAYS } from '../../../../core/schema/column.ts';
import { sha256 } from '../../../catalogue/sha256.ts';
import { seeded } from '../../../catalogue/testing/records.ts';
import type { ObjectStore } from '../../../objects/objectStore.ts';
import { writeStaged } from '../../produce/stagedObject.ts';

/** How a dataset for tests is made; all else follows from the seed. */
export interface DatasetShape {
  dataset?: string;
  generation?: number;
  seed: number;
  /** Of each object: of each of its files, how many records. */
  objects: readonly (readonly number[])[];
  families: StagedHeader['families'];
  /** Event numbers are below: few numbers give many duplicates. */
  numbers: number;
  /** Added to each event number. */
  first?: bigint;
  /** Bits belong to its menu. */
  smk?: number | undefined;
  /** Without a key: the chains of each object, by level. */
  chains?: readonly { l1: string[]; hlt: string[] }[];
}

/** A record, by names of columns: what a catalogue should hold of it. */
export type PlainRecord = Record<string, unknown>;

const TYPES = ['AOD', 'ESD', 'RAW'];
export const DATASET = 'data18_13TeV.00348885.physics_Main.merge.AOD.r10000_p3000_tid12345678_00';

/** Stages a dataset of random records. @returns what consumers get of it, and its records in the order in which they are read */
export async function stageDataset(
  store: ObjectStore,
  shape: DatasetShape,
): Promise<{ validation: Validation; records: PlainRecord[] }> {
  const { dataset = DATASET, generation = 1, families, smk } = shape;
  const random = seeded(shape.seed);
  const validation: Validation = {
    dataset,
    generation,
    objects: [],
    references: [],
    notes: [],
    open: false,
    sourcePath: 'somewhere',
    firstStaged: 1_000,
    validated: 2_000,
  };
  const records: PlainRecord[] = [];
  for (const [number, files] of shape.objects.entries()) {
    const chains = shape.chains?.[number];
    const about = {
      dataset,
      families,
      // In another order in each object.
      provenanceTypes: number % 2 ? [...TYPES].reverse() : TYPES,
      ...(smk !== undefined && { smk }),
      ...(chains && { chains }),
    };
    const batches = files.map((rows) => ({
      guid: printGuid({ hi: anyBits(random), lo: anyBits(random) }),
      batch: anyBatch(random, rows, shape, { l1: chains?.l1.length ?? 512, hlt: chains?.hlt.length ?? 4096 }),
    }));
    const { bytes, files: staged } = await writeStaged(
      about,
      batches.map(({ guid, batch }) => ({ guid, batches: [batch] })),
    );
    const object = await sha256(bytes);
    await store.write(stagedPath(object), bytes, 'absent');
    validation.objects.push({ sha256: object, bytes: bytes.length });
    for (const file of staged) validation.references.push({ ...file, object: number });
    for (const { guid, batch } of batches) {
      const own = plainRecords(guid, batch, about);
      own.sort((a, b) => less(a.eventno, b.eventno) || less(a.oid1, b.oid1) || less(a.oid2, b.oid2));
      records.push(...own);
    }
  }
  return { validation, records };
}

const less = (a: unknown, b: unknown) => ((a as bigint) < (b as bigint) ? -1 : (a as bigint) > (b as bigint) ? 1 : 0);

function anyBits(random: () => number): bigint {
  return (BigInt(Math.floor(random() * 2 ** 32)) << 32n) | BigInt(Math.floor(random() * 2 ** 32));
}

function anyBatch(
  random: () => number,
  rows: number,
  { families, numbers, first = 0n }: DatasetShape,
  bits: { l1: number; hlt: number },
): RecordBatch {
  const columns = new Map<string, ColumnData>();
  let provenance: Uint32Array | undefined;
  for (const { name, type, depth, nullable, family } of STAGED_COLUMNS) {
    if (family !== 'location' && !families.includes(family)) continue;
    const isProvenance = family === 'provenance';
    const offsets = depth > 0 ? new Uint32Array(rows + 1) : undefined;
    if (offsets && isProvenance && provenance) offsets.set(provenance);
    else if (offsets)
      for (let row = 0; row < rows; row++)
        offsets[row + 1] = offsets[row]! + (random() < 0.3 ? 0 : Math.floor(random() * 4));
    if (isProvenance) provenance = offsets;
    const count = offsets?.[rows] ?? rows;
    const values = new VALUE_ARRAYS[type](count);
    const valid = nullable ? Uint8Array.from({ length: count }, () => Number(random() < 0.8)) : undefined;
    const wide = type === 'int64' || type === 'uint64';
    for (let i = 0; i < count; i++) {
      if (valid?.[i] === 0) continue;
      if (name === 'eventno') values[i] = (first + BigInt(Math.floor(random() * numbers))) as never;
      else if (name === 'oid1') values[i] = BigInt(Math.floor(random() * 2)) as never;
      else if (name === 'oid2') values[i] = (random() < 0.1 ? anyBits(random) : BigInt(i)) as never;
      else if (name === 'prov_type') values[i] = Math.floor(random() * TYPES.length) as never;
      else if (type === 'float64') values[i] = random() as never;
      else values[i] = (wide ? anyBits(random) : Math.floor(random() * 2 ** 32)) as never;
    }
    if (depth > 0 && !isProvenance)
      ascendingBits(random, values as Uint16Array, offsets!, family === 'l1' ? bits.l1 : bits.hlt);
    columns.set(name, {
      type,
      length: rows,
      offsets: offsets ? [offsets] : [],
      values,
      ...(valid?.includes(0) && { valid }),
    });
  }
  return { rows, columns };
}

/** Fills lists with different bits, ascending; lists become shorter where there are too few bits. */
function ascendingBits(random: () => number, values: Uint16Array, offsets: Uint32Array, bits: number): void {
  for (let row = 0; row + 1 < offsets.length; row++) {
    const own = values.subarray(offsets[row], offsets[row + 1]);
    if (own.length > bits) throw new Error('tests give each level four chains or more');
    const chosen = new Set<number>();
    while (chosen.size < own.length) chosen.add(Math.floor(random() * bits));
    own.set(Uint16Array.from(chosen).sort());
  }
}

/** Records as a catalogue should hold them, but for numbers that it gives: chains and data types are names. */
function plainRecords(
  guid: string,
  { rows, columns }: RecordBatch,
  { chains, provenanceTypes, smk }: Pick<StagedHeader, 'chains' | 'provenanceTypes' | 'smk'>,
): PlainRecord[] {
  const names = (name: string): readonly string[] | undefined => {
    if (name === 'prov_type') return provenanceTypes;
    if (smk !== undefined || !chains) return undefined;
    return /^t[bpa][pv]$/.test(name) ? chains.l1 : /^l?(ph|pt|rs)$/.test(name) ? chains.hlt : undefined;
  };
  return Array.from({ length: rows }, (_, row) => {
    const record: PlainRecord = { guid };
    for (const [name, { values, offsets, valid }] of columns) {
      const table = names(name);
      const value = (i: number) => (valid?.[i] === 0 ? undefined : table ? table[values[i] as number] : values[i]);
      const [starts] = offsets;
      record[name] = starts
        ? Array.from({ length: starts[row + 1]! - starts[row]! }, (_, k) => value(starts[row]! + k))
        : value(row);
    }
    const [hi, lo] = [
      BigInt(`0x${guid.replaceAll('-', '').slice(0, 16)}`),
      BigInt(`0x${guid.replaceAll('-', '').slice(16)}`),
    ];
    record.seq = seqOf({ guid: { hi, lo }, oid1: record.oid1 as bigint, oid2: record.oid2 as bigint });
    return record;
  });
}
