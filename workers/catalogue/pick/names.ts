import { printDataType } from '../../../core/catalogue/datasetName.ts';
import type { PickContext } from '../../../core/catalogue/pickText.ts';
import type { PickHit } from '../../../core/catalogue/picked.ts';
import type { TriggerMenu } from '../../../core/catalogue/menu.ts';
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
export function pickContext(catalogue: OpenCatalogue, menus: ReadonlyMap<number, TriggerMenu> = new Map()): PickContext {
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
