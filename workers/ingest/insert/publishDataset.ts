import { containerName, parseDatasetName } from '../../../core/catalogue/datasetName.ts';
import { parseGuid } from '../../../core/catalogue/eventKey.ts';
import type { Part } from '../../../core/catalogue/manifest.ts';
import type { Counts, FileRow, MenuRow } from '../../../core/catalogue/tables.ts';
import type { Validation } from '../../../core/ingest/validation.ts';
import type { CatalogueStore } from '../../catalogue/write/catalogueStore.ts';
import { type ChangeOptions, changeCatalogue } from '../../catalogue/write/changeCatalogue.ts';
import { InsertionError } from './insertionError.ts';
import { containersWith, ingestedAt, isAt, type Place, withIngested } from './registerDataset.ts';

/** A dataset that is ready: its objects are in the store, and nobody refers to them yet. */
export interface ReadyDataset {
  place: Place;
  /** Of this dataset alone. */
  parts: readonly Part[];
  counts: Required<Counts>;
  smk?: number | undefined;
  /** Of its `smk`, as far as its objects tell. */
  menu: readonly MenuRow[];
  hasRaw: boolean;
  hasTrigger: boolean;
  provSeen: boolean;
}

/**
 * Puts a dataset into the catalogue by one swap of the manifest: its parts in the place of those of an older generation, its row as `imported` with what was counted, its container's sums, its menu.
 * Counts of overlaps that were stored of its container are left out: they were of other records.
 * @returns `superseded` where a newer generation was begun meanwhile: nothing is changed then. `published` also where it was already
 * @throws LumiscopeError as `changeCatalogue`; InsertionError where the menu of its key is another one
 */
export async function publishDataset(
  catalogue: CatalogueStore,
  validation: Validation,
  ready: ReadyDataset,
  options: ChangeOptions,
): Promise<'published' | 'superseded'> {
  const { place, counts, smk } = ready;
  const { generation } = validation;
  let outcome: 'published' | 'superseded' = 'published';
  await changeCatalogue(catalogue, options, async (version) => {
    const { manifest } = version;
    const ingested = ingestedAt(manifest, place);
    outcome = ingested?.generation === generation ? 'published' : 'superseded';
    if (outcome === 'superseded' || ingested!.isPublished) return undefined;
    const now = (options.now?.() ?? new Date()).getTime();
    const datasets = (await version.rows('datasets')).map((row) => {
      if (!isAt(row, place)) return row;
      const { smk: _, ...about } = row;
      return {
        ...about,
        ...counts,
        ...(smk !== undefined && { smk }),
        state: 'imported' as const,
        state_details: '',
        state_time: now,
        has_raw: ready.hasRaw,
        has_trigger: ready.hasTrigger,
        prov_seen: ready.provSeen,
      };
    });
    const menus = withMenu(await version.rows('menus'), ready, validation.dataset);
    const name = containerName(parseDatasetName(validation.dataset));
    const overlaps = manifest.overlaps && (await version.rows('overlaps'));
    const kept = overlaps?.filter(
      ({ dspid, dstypeid1, dstypeid2 }) =>
        dspid !== place.dspid || (dstypeid1 !== place.dstypeid && dstypeid2 !== place.dstypeid),
    );
    const { dspid, dstypeid } = place;
    return {
      datasets,
      containers: await containersWith(version, datasets, place, name),
      files: { dspid, dstypeid, rows: withoutUndeclared(await version.files(dspid, dstypeid), place, validation) },
      ...(menus && { menus }),
      ...(kept && kept.length < overlaps!.length && { overlaps: kept }),
      parts: [...manifest.parts.filter((part) => !isAt({ tid: -1, ...part }, place)), ...ready.parts].sort(
        (a, b) => a.dspid - b.dspid || a.dstypeid - b.dstypeid,
      ),
      ingested: withIngested(manifest, { ...place, generation, isPublished: true }),
    };
  });
  return outcome;
}

/** The files of the container without those that an older generation of the dataset had, and this one has not. */
function withoutUndeclared(files: readonly FileRow[], { tid }: Place, { references }: Validation): FileRow[] {
  const declared = new Set(references.map(({ guid }) => parseGuid(guid)!).map(({ hi, lo }) => `${hi}/${lo}`));
  return files.filter((row) => row.tid !== tid || declared.has(`${row.guid_hi}/${row.guid_lo}`));
}

/** The table with the chains of the dataset; undefined where it has them. */
function withMenu(known: readonly MenuRow[], { smk, menu }: ReadyDataset, dataset: string): MenuRow[] | undefined {
  if (menu.length === 0) return undefined;
  const own = new Map(known.filter((row) => row.smk === smk).map((row) => [`${row.level}/${row.bit}`, row.chain]));
  const added = menu.filter(({ level, bit, chain }) => {
    const there = own.get(`${level}/${bit}`);
    if (there !== undefined && there !== chain)
      throw new InsertionError(
        'contents-differ',
        `${dataset}: bit ${bit} of level ${level} stands for ${chain}, under the key ${smk} of the catalogue for ${there}`,
        { hint: 'check the super master key that its producers were told' },
      );
    return there === undefined;
  });
  if (added.length === 0) return undefined;
  return [...known, ...added].sort((a, b) => a.smk - b.smk || a.level - b.level || a.bit - b.bit);
}
