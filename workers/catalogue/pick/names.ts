import { printDataType } from '../../../core/catalogue/datasetName.ts';
import { type MenuChain, TriggerMenu } from '../../../core/catalogue/menu.ts';
import type { Picked, PickHit } from '../../../core/catalogue/picked.ts';
import type { PickContext } from '../../../core/catalogue/pickText.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import type { OpenCatalogue } from '../openCatalogue.ts';

/** The text of a data type; of one that the catalogue does not name, its number. */
export function dataTypeNames({ tables: { dstypes } }: OpenCatalogue): (dstypeid: number) => string {
  const names = new Map(
    dstypes.map(({ dstypeid, format, group }) => [dstypeid, printDataType({ format, ...(group && { group }) })]),
  );
  return (dstypeid) => names.get(dstypeid) ?? `type${dstypeid}`;
}

/**
 * What hits are shown with: names, and of the datasets' trigger configurations the menus that are given.
 * @param menus by SMK
 */
export function pickContext(
  catalogue: OpenCatalogue,
  menus: ReadonlyMap<number, TriggerMenu> = new Map(),
): PickContext {
  const families = new Map(catalogue.manifest.families.map((family) => [family.dspid, family]));
  const key = ({ dspid, dstypeid, tid }: Pick<PickHit, 'dspid' | 'dstypeid' | 'tid'>) => `${dspid}.${dstypeid}.${tid}`;
  const smks = new Map(catalogue.tables.datasets.map((dataset) => [key(dataset), dataset.smk]));
  return {
    family: (dspid) => {
      const family = families.get(dspid);
      if (!family) throw new LumiscopeError('format', `the manifest names no dataset ${dspid}`);
      return family;
    },
    dataType: dataTypeNames(catalogue),
    smkOf: (hit) => smks.get(key(hit)),
    menu: (smk) => menus.get(smk),
  };
}

/** The trigger menus of the datasets that hits are in, by SMK. @throws LumiscopeError `source`, `format`, `cancelled` */
export async function menusOf(
  catalogue: OpenCatalogue,
  picked: Picked,
  signal?: AbortSignal,
): Promise<Map<number, TriggerMenu>> {
  const context = pickContext(catalogue);
  const smks = new Set<number>();
  for (let index = 0; index < picked.hitEvent.length; index++) {
    const { dspid, dstypeid, columns } = picked.found[picked.hitBlock[index]!]!;
    const tid = Number(columns.get('tid')!.values[picked.hitRow[index]!]);
    const smk = context.smkOf({ dspid, dstypeid, tid });
    if (smk !== undefined) smks.add(smk);
  }
  const menus = [...smks].map(async (smk) => [smk, await menuOf(catalogue, smk, signal)] as const);
  return new Map(await Promise.all(menus));
}

/** The trigger menu of a super master key. @throws LumiscopeError `source`, `format`, `cancelled` */
export async function menuOf(catalogue: OpenCatalogue, smk: number, signal?: AbortSignal): Promise<TriggerMenu> {
  return new TriggerMenu(smk, (await catalogue.menu(smk, signal)) as MenuChain[]);
}
