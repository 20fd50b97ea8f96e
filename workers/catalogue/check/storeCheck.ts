import type { ContainerCheck } from '../../../core/catalogue/completeness.ts';
import type { Manifest } from '../../../core/catalogue/manifest.ts';
import type { OverlapCounts } from '../../../core/catalogue/overlap.ts';
import { overlapPairs } from '../../../core/catalogue/overlapPairs.ts';
import type { ContainerRow, Counts, DatasetRow, OverlapRow } from '../../../core/catalogue/tables.ts';
import type { OpenCatalogue } from '../openCatalogue.ts';
import { countOverlaps, type OverlapOptions } from '../overlap/countOverlaps.ts';
import { type CatalogueStore, conflict } from '../write/catalogueStore.ts';
import { changeCatalogue } from '../write/changeCatalogue.ts';

/** What is stored of a check. */
export interface CheckResults {
  checks: readonly ContainerCheck[];
  overlaps: readonly OverlapRow[];
}

/**
 * Counts the overlaps of all data types that were checked of each dataset.
 * @throws LumiscopeError as `countOverlaps`
 */
export async function overlapsOf(
  catalogue: OpenCatalogue,
  checks: readonly ContainerCheck[],
  options: OverlapOptions = {},
): Promise<OverlapRow[]> {
  const rows: OverlapRow[] = [];
  for (const dspid of new Set(checks.map((check) => check.dspid))) {
    const types = checks.filter((check) => check.dspid === dspid).map(({ dstypeid }) => dstypeid);
    types.sort((a, b) => a - b);
    if (types.length < 2) continue;
    const streams = types.map((dstypeid) => ({ name: String(dstypeid), members: [{ dspid, dstypeid }] }));
    rows.push(...rowsOfOverlaps(dspid, types, await countOverlaps(catalogue, streams, options)));
  }
  return rows;
}

function rowsOfOverlaps(dspid: number, types: readonly number[], counts: OverlapCounts): OverlapRow[] {
  return overlapPairs(counts).map(({ stream1, stream2, ...pair }) => ({
    dspid,
    dstypeid1: types[stream1]!,
    dstypeid2: types[stream2]!,
    ...pair,
  }));
}

/**
 * Stores counts, states and overlaps in the tables of a catalogue, as its next version. Only what was checked is changed; rows that are stored of others stay.
 * @param changedBy who does it, for those whose own change is refused because of it
 * @returns the new manifest
 * @throws LumiscopeError `source` where the catalogue is no longer the version that was checked: nothing is changed then
 */
export async function storeCheck(
  store: CatalogueStore,
  catalogue: OpenCatalogue,
  { checks, overlaps }: CheckResults,
  changedBy: string,
  now: Date = new Date(),
): Promise<Manifest> {
  const byContainer = new Map(checks.map((check) => [keyOf(check), check]));
  const replaced = new Set(overlaps.map(pairKey));
  return changeCatalogue(store, { changedBy, now: () => now, tries: 1 }, async (version) => {
    if (JSON.stringify(version.manifest) !== JSON.stringify(catalogue.manifest))
      throw conflict(`${catalogue.folder}manifest.json`, version.manifest);
    const { datasets, containers } = catalogue.tables;
    const kept = (await version.rows('overlaps')).filter((row) => !replaced.has(pairKey(row)));
    const pairs = [...kept, ...overlaps].sort(
      (a, b) => a.dspid - b.dspid || a.dstypeid1 - b.dstypeid1 || a.dstypeid2 - b.dstypeid2,
    );
    return {
      datasets: datasets.map((row) => withDataset(row, byContainer.get(keyOf(row)), now.getTime())),
      containers: containers.map((row) => withContainer(row, byContainer.get(keyOf(row)))),
      ...(pairs.length > 0 && { overlaps: pairs }),
    };
  });
}

const keyOf = ({ dspid, dstypeid }: { dspid: number; dstypeid: number }) => `${dspid}/${dstypeid}`;
const pairKey = ({ dspid, dstypeid1, dstypeid2 }: OverlapRow) => `${dspid}/${dstypeid1}/${dstypeid2}`;

function withDataset(row: DatasetRow, check: ContainerCheck | undefined, now: number): DatasetRow {
  const own = check?.datasets.find(({ tid }) => tid === row.tid);
  if (!own) return row;
  return { ...row, ...countsOf(own), state: own.state, state_details: own.details, state_time: now };
}

function withContainer(row: ContainerRow, check: ContainerCheck | undefined): ContainerRow {
  return check ? { ...row, ...countsOf(check.counts) } : row;
}

function countsOf({ files, events, events_uniq, events_dup, files_dup }: Required<Counts>): Required<Counts> {
  return { files, events, events_uniq, events_dup, files_dup };
}
