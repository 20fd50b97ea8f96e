/** A consumer in a process of its own, for `ingest.ts`: inserts one dataset, and tells what it took. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueIn } from '../workers/catalogue/write/catalogueStore.ts';
import { type Inserted, insertDataset } from '../workers/ingest/insert/insertDataset.ts';
import { folderObjects } from '../workers/objects/folderObjects.ts';

/** What the process is told. */
export interface ConsumerTask {
  dataset: StagedDataset;
  catalogue: string;
  memoryBytes: number;
  /** Inserted first, into a catalogue of its own, so that the code is compiled. */
  warmUp: StagedDataset;
}

/** A folder with staged objects, and a file with the validation. */
export interface StagedDataset {
  store: string;
  validation: string;
}

/** What it tells. */
export interface ConsumerResult extends Inserted {
  began: number;
  ended: number;
  cpuSeconds: number;
  /** The most that the process held, its code and what it read among it. */
  rssBytes: number;
}

if (process.argv[2]) {
  const { dataset, catalogue, memoryBytes, warmUp } = JSON.parse(process.argv[2]) as ConsumerTask;
  const insert = ({ store, validation }: StagedDataset, into: string) =>
    insertDataset({
      objects: folderObjects(store),
      catalogue: catalogueIn(folderObjects(into)),
      validation: JSON.parse(readFileSync(validation, 'utf8')),
      spillFolder: join(into, 'spill'),
      memoryBytes,
      consumer: `bench ${process.pid}`,
    });
  await insert(warmUp, `${catalogue}-warm-up-${process.pid}`);
  const began = performance.timeOrigin + performance.now();
  const before = process.cpuUsage();
  const inserted = await insert(dataset, catalogue);
  const { user, system } = process.cpuUsage(before);
  const result: ConsumerResult = {
    ...inserted,
    began,
    ended: performance.timeOrigin + performance.now(),
    cpuSeconds: (user + system) / 1e6,
    rssBytes: process.resourceUsage().maxRSS * 1024,
  };
  process.stdout.write(JSON.stringify(result));
}
