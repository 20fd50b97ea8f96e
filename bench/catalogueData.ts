/**
 * Catalogues for the benchmarks: generated once, kept in a folder of the system's for temporary files under a name that says how, or in `LUMISCOPE_BENCH_DATA`. Those that a
 * benchmark made itself it removes again, unless `LUMISCOPE_BENCH_KEEP` is set.
 */
import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DERIVATIONS } from '../workers/catalogue/generate/derivations.ts';
import { generateCatalogue } from '../workers/catalogue/generate/generateCatalogue.ts';
import { makersOf } from '../workers/catalogue/generate/makers.ts';
import { Physics, Selector } from '../workers/catalogue/generate/physics.ts';
import { type CatalogueOptions, DEFAULTS } from '../workers/catalogue/generate/plan.ts';
import { catalogueIn } from '../workers/catalogue/write/catalogueStore.ts';
import { folderObjects } from '../workers/objects/folderObjects.ts';
import { figure } from './report.ts';

/** Changes with what the generator writes. */
const VERSION = 1;
const RUN_NUMBER = 348_885;

export interface BenchCatalogue {
  folder: string;
  options: CatalogueOptions;
  /** Removes it, if this call made it. */
  remove(): void;
}

/**
 * The derivations of one run, with so many records in all, half a percent of the events with more than one.
 * @param families of columns besides location; none: light records
 */
export async function benchDerivations(
  records: number,
  derivations: number,
  families: CatalogueOptions['families'] = [],
): Promise<BenchCatalogue> {
  const perEvent = DERIVATIONS.slice(0, derivations)
    .map(({ selection }) => new Selector(new Physics(0, 0), selection, 0).share)
    .reduce((sum, share) => sum + share, 0);
  const events = Math.ceil(records / perEvent);
  return benchCatalogue({ plain: true, runNumbers: [RUN_NUMBER], duplicates: 0.005, events, derivations, families });
}

/** A catalogue with some options, made unless it is there. */
export async function benchCatalogue(chosen: Partial<CatalogueOptions>): Promise<BenchCatalogue> {
  const options = { ...DEFAULTS, ...chosen };
  const text = JSON.stringify(options, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  const name = createHash('sha256').update(`${VERSION} ${text}`).digest('hex').slice(0, 12);
  const folder = join(process.env.LUMISCOPE_BENCH_DATA ?? tmpdir(), `lumiscope-bench-catalogue-${name}`);
  if (existsSync(folder)) return { folder, options, remove: () => {} };
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  const { makers, close } = makersOf(part, options, availableParallelism());
  try {
    const begin = performance.now();
    const { parts } = await generateCatalogue(catalogueIn(folderObjects(part)), options, { title: 'Bench', makers });
    const seconds = (performance.now() - begin) / 1000;
    const records = parts.reduce((sum, { rows }) => sum + rows, 0);
    process.stderr.write(`${figure(records)} records generated in ${figure(seconds)} s: ${folder}\n`);
  } finally {
    await close();
  }
  renameSync(part, folder);
  const keep = process.env.LUMISCOPE_BENCH_KEEP !== undefined;
  return { folder, options, remove: () => keep || rmSync(folder, { recursive: true, force: true }) };
}
