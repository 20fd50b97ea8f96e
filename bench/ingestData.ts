/**
 * Datasets for the benchmark of ingestion: records of the generator, staged in objects of several files, as jobs do. Event numbers of the files of an object interleave.
 */
import { printDataType } from '../core/catalogue/datasetName.ts';
import { printGuid } from '../core/catalogue/eventKey.ts';
import type { Family, RecordBatch } from '../core/catalogue/tables.ts';
import type { StagedFile } from '../core/ingest/controlMessage.ts';
import { stagedPath } from '../core/ingest/layout.ts';
import { STAGED_COLUMNS } from '../core/ingest/stagedHeader.ts';
import type { Validation } from '../core/ingest/validation.ts';
import type { ColumnData } from '../core/schema/column.ts';
import { buildMenu } from '../workers/catalogue/generate/menu.ts';
import {
  type CatalogueOptions,
  type DatasetPlan,
  DEFAULTS,
  planCatalogue,
} from '../workers/catalogue/generate/plan.ts';
import { RecordStream } from '../workers/catalogue/generate/recordStream.ts';
import { sha256 } from '../workers/catalogue/sha256.ts';
import { concatenate, gather, runsOf } from '../workers/convert/rows.ts';
import { writeStaged } from '../workers/ingest/produce/stagedObject.ts';
import type { ObjectStore } from '../workers/objects/objectStore.ts';

/** `whole`: ATLAS-like, with level-1 and high-level bits and provenance. `nano`: luminosity block and the chains that passed, by name. `location`: location alone. */
export const KINDS = ['location', 'nano', 'whole'] as const;
export type Kind = (typeof KINDS)[number];

const FAMILIES: Record<Kind, Exclude<Family, 'location'>[]> = {
  location: [],
  nano: ['l1', 'hlt'],
  whole: ['provenance', 'l1', 'hlt'],
};
/** What NanoAOD tells of the trigger. */
const NANO_COLUMNS = new Set(['lb', 'bcid', 'ph']);
const FILES_OF_OBJECT = 8;
const RECORDS_OF_FILE = 10_000;

/** Stages so many records. @param number of datasets with other names and events */
export async function stageForBench(
  store: ObjectStore,
  kind: Kind,
  records: number,
  number = 0,
): Promise<{ validation: Validation; stagedBytes: number; seconds: number }> {
  const began = performance.now();
  const families = FAMILIES[kind];
  const options: CatalogueOptions = {
    ...DEFAULTS,
    seed: 1 + number,
    runNumbers: [348_885],
    events: Math.ceil(records * 1.1),
    families: ['provenance', 'l1', 'hlt'],
  };
  const { datasets, menus } = planCatalogue(options);
  const plan = datasets.find(({ dataType, indexed }) => dataType.format === 'AOD' && indexed)!;
  const known = menus.find(({ smk }) => smk === plan.smk)!;
  const menu = buildMenu(options.seed, known.smk, known.kind, known.chains);
  const chains = [...menu.hlt].sort((a, b) => (a.name < b.name ? -1 : 1));
  const rank = new Uint16Array(8192);
  chains.forEach(({ bit }, place) => {
    rank[bit] = place;
  });
  const dataset = `data18_13TeV.00348885.physics_Main.merge.AOD.r1_p1_tid${String(10_000_000 + number)}_00`;
  const about = {
    dataset,
    families,
    provenanceTypes: kind === 'whole' ? plan.parents.map(({ dataType }) => printDataType(dataType)) : [],
    ...(kind === 'whole' && { smk: plan.smk! }),
    ...(kind === 'nano' && { chains: { l1: [], hlt: chains.map(({ name }) => name) } }),
  };
  const validation: Validation = {
    dataset,
    generation: 1,
    objects: [],
    references: [],
    notes: [],
    open: false,
    sourcePath: '',
    firstStaged: Date.now(),
    validated: Date.now(),
  };
  let stagedBytes = 0;
  const put = async (batches: RecordBatch[]) => {
    const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
    const columns = columnsOf(batches, kind, plan, rank);
    const files = Array.from({ length: FILES_OF_OBJECT }, (_, file) => {
      const own = runsOf(
        Uint32Array.from({ length: rows }, (_, row) => row).filter(
          (row) => (row * 7 + (row >> 4)) % FILES_OF_OBJECT === file,
        ),
      );
      const picked = new Map([...columns].map(([name, column]) => [name, gather(column, own)]));
      const length = picked.get('eventno')!.length;
      picked.set('oid2', {
        type: 'uint64',
        length,
        offsets: [],
        values: BigUint64Array.from({ length }, (_, row) => BigInt(row)),
      });
      const guid = printGuid({
        hi: BigInt(number + 1) << 40n,
        lo: BigInt(validation.references.length + file) * 7919n,
      });
      return { guid, batches: [{ rows: length, columns: picked }] };
    });
    const { bytes, files: staged } = await writeStaged(about, files);
    const object = await sha256(bytes);
    await store.write(stagedPath(object), bytes, 'absent');
    stagedBytes += bytes.length;
    const references = staged.map((file: StagedFile) => ({ ...file, object: validation.objects.length }));
    validation.references.push(...references);
    validation.objects.push({ sha256: object, bytes: bytes.length });
  };
  const stream = new RecordStream(options.seed, plan, menu);
  let waiting: RecordBatch[] = [];
  let rows = 0;
  let all = 0;
  for (const batch of stream.batches()) {
    waiting.push(batch);
    rows += batch.rows;
    all += batch.rows;
    if (rows >= FILES_OF_OBJECT * RECORDS_OF_FILE || all >= records) {
      await put(waiting);
      waiting = [];
      rows = 0;
    }
    if (all >= records) break;
  }
  if (rows > 0) await put(waiting);
  return { validation, stagedBytes, seconds: (performance.now() - began) / 1000 };
}

/** Columns as they are staged. */
function columnsOf(
  batches: readonly RecordBatch[],
  kind: Kind,
  { parents }: DatasetPlan,
  rank: Uint16Array,
): Map<string, ColumnData> {
  const wanted = STAGED_COLUMNS.filter(
    ({ name, family }) =>
      family === 'location' || (FAMILIES[kind].includes(family) && (kind === 'whole' || NANO_COLUMNS.has(name))),
  );
  const columns = new Map<string, ColumnData>();
  for (const { name } of wanted) {
    const from = name === 'prov_type' ? 'prov_dstypeid' : name;
    const own = batches.map((batch) => batch.columns.get(from));
    if (own.every((column) => column !== undefined)) columns.set(name, concatenate(own as ColumnData[]));
  }
  const types = columns.get('prov_type');
  if (types) {
    const places = new Map(parents.map(({ dstypeid }, place) => [dstypeid, place]));
    columns.set('prov_type', {
      ...types,
      type: 'uint8',
      values: Uint8Array.from(types.values as Int16Array, (dstypeid) => places.get(dstypeid)!),
    });
  }
  if (kind === 'nano') columns.set('ph', ranked(columns.get('ph')!, rank));
  return columns;
}

/** Bits by the order of their chains' names. */
function ranked(column: ColumnData, rank: Uint16Array): ColumnData {
  const values = (column.values as Uint16Array).map((bit) => rank[bit]!);
  const [offsets] = column.offsets as [Uint32Array];
  for (let row = 0; row < column.length; row++) values.subarray(offsets[row], offsets[row + 1]).sort();
  return { ...column, values };
}
