import { parseDataType, printDataType } from '../../../core/catalogue/datasetName.ts';
import { dstypeidOf, partsOfDstypeid } from '../../../core/catalogue/eventKey.ts';
import type { DstypeRow } from '../../../core/catalogue/tables.ts';
import type { CatalogueStore } from '../../catalogue/write/catalogueStore.ts';
import { type ChangeOptions, changeCatalogue } from '../../catalogue/write/changeCatalogue.ts';
import { InsertionError } from './insertionError.ts';

const FORMATS = 32;
const GROUPS = 2048;

/**
 * Enters data types in the table `dstypes`, those that it does not have yet: formats and groups get the next free number, and a group has the same number with each format.
 * @returns the number of each
 * @throws InsertionError for texts that are none, or where the numbers are used up; else as `changeCatalogue`
 */
export async function registerDataTypes(
  catalogue: CatalogueStore,
  names: readonly string[],
  options: ChangeOptions,
): Promise<Map<string, number>> {
  let numbers = new Map<string, number>();
  if (names.length === 0) return numbers;
  await changeCatalogue(catalogue, options, async (version) => {
    const known = await version.rows('dstypes');
    const { rows, numbers: found } = withDataTypes(known, names);
    numbers = found;
    return rows.length > known.length ? { dstypes: rows } : undefined;
  });
  return numbers;
}

/** The table with these data types, ascending, and the number of each. */
export function withDataTypes(
  known: readonly DstypeRow[],
  names: readonly string[],
): { rows: DstypeRow[]; numbers: Map<string, number> } {
  const rows = [...known];
  const numbers = new Map<string, number>();
  for (const name of names) {
    const type = parseDataType(name);
    if (!type) throw new InsertionError(undefined, `${name} is no data type`, { hint: 'AOD and DAOD_PHYS are some' });
    const { format, group = '' } = type;
    const own = rows.find((row) => row.format === format && row.group === group);
    const dstypeid = own?.dstypeid ?? nextNumber(rows, format, group);
    if (!own) rows.push({ dstypeid, format, group });
    numbers.set(printDataType(type), dstypeid);
  }
  return { rows: rows.sort((a, b) => a.dstypeid - b.dstypeid), numbers };
}

function nextNumber(rows: readonly DstypeRow[], format: string, group: string): number {
  const parts = rows.map((row) => ({ ...row, number: partsOfDstypeid(row.dstypeid) }));
  const formatNumber =
    parts.find((row) => row.format === format)?.number.format ??
    1 + parts.reduce((most, { number }) => Math.max(most, number.format), -1);
  const groupNumber =
    group === ''
      ? 0
      : (parts.find((row) => row.group === group)?.number.group ??
        1 + parts.reduce((most, { number }) => Math.max(most, number.group), 0));
  if (formatNumber >= FORMATS || groupNumber >= GROUPS)
    throw new InsertionError(undefined, `${format} ${group} gets no number`, {
      hint: `a catalogue holds ${FORMATS} formats and ${GROUPS - 1} groups`,
    });
  return dstypeidOf(formatNumber, groupNumber);
}
