import { datasetNameOf } from '../../../core/catalogue/datasetName.ts';
import { printGuid } from '../../../core/catalogue/eventKey.ts';
import type { RecordBatch } from '../../../core/catalogue/tables.ts';
import { STAGED_COLUMNS } from '../../../core/ingest/stagedHeader.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { buildMenu } from '../../catalogue/generate/menu.ts';
import { DEFAULTS, planCatalogue } from '../../catalogue/generate/plan.ts';
import { RecordStream } from '../../catalogue/generate/recordStream.ts';
import { concatenate, gather, runsOf } from '../../convert/rows.ts';
import type { StagedAbout } from '../produce/stagedObject.ts';

/** Whole records as an ATLAS AOD has them, made by the catalogue's generator: provenance, both trigger levels; file by file. */
export function atlasFiles(events: number): { about: StagedAbout; files: { guid: string; records: RecordBatch }[] } {
  const { datasets, menus } = planCatalogue({ ...DEFAULTS, events, derivations: 1, runNumbers: [348885] });
  const plan = datasets.find(
    ({ dataType, smk, duplicates, parents }) =>
      dataType.format === 'AOD' && smk !== undefined && duplicates === 0 && parents.length > 0,
  )!;
  const { smk, kind, chains } = menus.find((menu) => menu.smk === plan.smk)!;
  const stream = new RecordStream(1, plan, buildMenu(DEFAULTS.seed, smk, kind, chains));
  const batches = [...stream.batches()];
  const whole = new Map([...batches[0]!.columns.keys()].map((name) => [name, joined(batches, name)]));
  const provenance = whole.get('prov_dstypeid');
  const types = [...new Set(provenance?.values as Int16Array)];
  if (provenance)
    whole.set('prov_type', {
      ...provenance,
      type: 'uint8',
      values: Uint8Array.from(provenance.values as Int16Array, (type) => types.indexOf(type)),
    });
  const file = whole.get('file')!.values as Int32Array;
  const columns = STAGED_COLUMNS.flatMap(({ name }) => (whole.has(name) ? [[name, whole.get(name)!] as const] : []));
  const rowsOf = new Map<number, number[]>();
  file.forEach((number, row) => {
    const rows = rowsOf.get(number) ?? [];
    rowsOf.set(number, rows);
    rows.push(row);
  });
  const { family, dataType } = plan;
  return {
    about: {
      dataset: datasetNameOf(family, dataType.format, 0),
      families: ['provenance', 'l1', 'hlt'],
      provenanceTypes: types.map((_, k) => ['ESD', 'RAW', 'AOD'][k]!),
      smk,
    },
    files: stream.files().flatMap(({ guid }, number) => {
      const rows = rowsOf.get(number);
      if (!rows) return [];
      const runs = runsOf(Uint32Array.from(rows));
      const own = new Map(columns.map(([name, column]) => [name, gather(column, runs)]));
      return [{ guid: printGuid(guid), records: { rows: rows.length, columns: own } }];
    }),
  };
}

function joined(batches: readonly RecordBatch[], name: string): ColumnData {
  return concatenate(batches.map(({ columns }) => columns.get(name)!));
}
