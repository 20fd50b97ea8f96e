import type { RecordBatch } from '../../../core/catalogue/tables.ts';
import { STAGED_COLUMNS } from '../../../core/ingest/stagedHeader.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { anyRecords } from '../../catalogue/testing/records.ts';
import { BITS_OF_LEVEL } from '../produce/recordsDigest.ts';
import type { StagedAbout } from '../produce/stagedObject.ts';

/** `00000000-0000-0000-0000-00000000000N`. */
export function guidOf(n: number): string {
  return `00000000-0000-0000-0000-${n.toString(16).toUpperCase().padStart(12, '0')}`;
}

/** What is said of records that `anyStaged` makes. */
export const ANY_ABOUT: StagedAbout = {
  dataset: 'data18_13TeV.00348885.physics_Main.merge.AOD.r13286_p4910_tid31260001_00',
  families: ['provenance', 'l1', 'hlt'],
  provenanceTypes: ['ESD', 'RAW'],
  smk: 2649,
};

/** Records of a file with these event numbers and any values in all columns. @param seed other ones for each */
export function anyStaged(eventnos: readonly bigint[], seed = 1): RecordBatch {
  const { rows, columns } = anyRecords(eventnos, ['provenance', 'l1', 'hlt'], seed);
  const types = columns.get('prov_guid_hi')!;
  const own = new Map<string, ColumnData>([
    ...columns,
    [
      'prov_type',
      { ...types, type: 'uint8', values: Uint8Array.from({ length: types.values.length }, (_, i) => i % 2) },
    ],
  ]);
  for (const name of ['prov_guid_lo', 'prov_oid1', 'prov_oid2'])
    own.set(name, { ...types, values: (types.values as BigUint64Array).map((value) => value ^ BigInt(name.length)) });
  for (const name of Object.values(BITS_OF_LEVEL).flat()) own.set(name, ascending(columns.get(name)!));
  return {
    rows,
    columns: new Map(STAGED_COLUMNS.flatMap(({ name }) => (own.has(name) ? [[name, own.get(name)!]] : []))),
  };
}

/** The same lists with bits that ascend. */
function ascending(column: ColumnData): ColumnData {
  const [offsets] = column.offsets as [Uint32Array];
  const values = new Uint16Array(column.values.length);
  for (let row = 0; row < column.length; row++) {
    const begin = offsets[row]!;
    for (let at = begin; at < offsets[row + 1]!; at++)
      values[at] = 17 * (at - begin) + ((column.values[at] as number) % 17);
  }
  return { ...column, values };
}
