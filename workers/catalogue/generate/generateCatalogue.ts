import type { Manifest } from '../../../core/catalogue/manifest.ts';
import { columnsOf } from '../../../core/catalogue/rows.ts';
import {
  CONTAINER_COLUMNS,
  DATASET_COLUMNS,
  DSGUID_COLUMNS,
  DSTYPE_COLUMNS,
  MENU_COLUMNS,
} from '../../../core/catalogue/tables.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import { cancelled } from '../../io/errors.ts';
import type { CatalogueStore } from '../write/catalogueStore.ts';
import { PartWriter } from '../write/partWriter.ts';
import { writeTable } from '../write/tableWriter.ts';
import { buildMenu } from './menu.ts';
import { type CatalogueOptions, type CataloguePlan, type DatasetPlan, planCatalogue } from './plan.ts';
import { RecordStream } from './recordStream.ts';
import { containerRow, type DatasetResult, datasetRows, dstypeRows, fileRows, menuRows } from './tables.ts';

/** How a catalogue is made. */
export interface GenerateOptions {
  title: string;
  signal?: AbortSignal | undefined;
  /** After each dataset and each batch. @param dataset how many are done, of `datasets` */
  onProgress?: (progress: { dataset: number; datasets: number; records: number }) => void;
  /** Where datasets are made, several at once if need be: here, one after the other, unless said otherwise. */
  makers?: readonly Maker[];
}

/** Makes dataset number `index` of the plan. */
export type Maker = (index: number, onRecords: (records: number) => void) => Promise<DatasetResult>;

export const SIMULATED =
  'Simulated by Lumiscope’s generator from a fixed seed: names and shapes are those of ATLAS’ event index, but no event in it was recorded or simulated by anybody.';

/**
 * Fills an empty store with a catalogue. The same options give the same bytes, whatever makes them.
 * @throws LumiscopeError `document` for options that can't be, or a store that holds a catalogue; `cancelled`
 */
export async function generateCatalogue(
  store: CatalogueStore,
  options: CatalogueOptions,
  { title, signal, onProgress, makers }: GenerateOptions,
): Promise<Manifest> {
  const plan = planCatalogue(options);
  if (await store.readManifest()) {
    throw new LumiscopeError('document', 'there is a catalogue already', {
      hint: 'name another folder, or remove this one',
    });
  }
  const { datasets } = plan;
  const results = new Array<DatasetResult>(datasets.length);
  const here: Maker = (index, onRecords) => generateDataset(store, plan, index, { signal, onRecords });
  // Those with the most records first, so that none is left over when all others are done.
  const waiting = datasets.map((_, i) => i).sort((a, b) => expected(datasets[b]!) - expected(datasets[a]!) || a - b);
  const making = new Map<number, number>();
  let done = 0;
  let finished = 0;
  const tell = () =>
    onProgress?.({
      dataset: finished,
      datasets: datasets.length,
      records: done + [...making.values()].reduce((sum, one) => sum + one, 0),
    });
  await Promise.all(
    (makers ?? [here]).map(async (make) => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
        const dataset = index;
        const result = await make(dataset, (records) => {
          making.set(dataset, records);
          tell();
        });
        making.delete(dataset);
        results[dataset] = result;
        done += result.records;
        finished++;
        tell();
      }
    }),
  );
  const rows = <T>(of: (dataset: DatasetPlan, result: DatasetResult) => T[]): T[] =>
    datasets.flatMap((dataset, i) => of(dataset, results[i]!));
  const table = async (name: string, columns: typeof DATASET_COLUMNS, content: readonly object[]) =>
    store.put(`${name}.parquet`, await writeTable(columns, columnsOf(columns, content)), 'tables');
  const menus = plan.menus.map(({ smk, kind, chains }) => buildMenu(options.seed, smk, kind, chains));
  const manifest: Manifest = {
    format: 'lumiscope-catalogue',
    version: 1,
    serial: 1,
    title,
    changed: new Date(Math.max(...datasets.map(({ inserted }) => inserted))).toISOString(),
    simulated: SIMULATED,
    families: [...new Set(datasets.map(({ family }) => family))],
    parts: results.flatMap(({ parts }) => parts),
    tables: {
      datasets: await table('datasets', DATASET_COLUMNS, rows(datasetRows)),
      containers: await table(
        'containers',
        CONTAINER_COLUMNS,
        rows((dataset, result) => [containerRow(dataset, result)]),
      ),
      dstypes: await table('dstypes', DSTYPE_COLUMNS, dstypeRows(datasets)),
      dsguids: await table('dsguids', DSGUID_COLUMNS, rows(fileRows)),
      menus: await table('menus', MENU_COLUMNS, menus.flatMap(menuRows)),
    },
  };
  await store.replaceManifest(manifest);
  return manifest;
}

/** Makes the records of one dataset of the plan; of one that is not indexed, only what was declared. */
export async function generateDataset(
  store: CatalogueStore,
  { options, datasets, menus }: CataloguePlan,
  index: number,
  { signal, onRecords }: { signal?: AbortSignal | undefined; onRecords?: (records: number) => void } = {},
): Promise<DatasetResult> {
  const dataset = datasets[index]!;
  const menu = menus.find(({ smk }) => smk === dataset.smk);
  const stream = new RecordStream(
    options.seed,
    dataset,
    menu && buildMenu(options.seed, menu.smk, menu.kind, menu.chains),
  );
  const { family, dstypeid, families, indexed } = dataset;
  const writer = new PartWriter(store, { dspid: family.dspid, dstypeid, families });
  for (const batch of stream.batches()) {
    if (signal?.aborted) throw cancelled();
    if (indexed) await writer.add(batch);
    onRecords?.(stream.records);
  }
  return {
    parts: indexed ? await writer.finish() : [],
    files: stream.files(),
    records: indexed ? stream.records : 0,
  };
}

/** Work, about: records with trigger lists take longest. */
function expected({ files, stream, parents, smk }: DatasetPlan): number {
  return stream.run.events * stream.share * (1 + parents.length / 4 + (smk === undefined ? 0 : 10)) + files.files;
}
