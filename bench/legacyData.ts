/** Records like those of ATLAS, of the generator of catalogues, as the EventIndex kept them in Hadoop. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { type DatasetName, printDatasetName, printDataType } from '../core/catalogue/datasetName.ts';
import type { RecordBatch } from '../core/catalogue/tables.ts';
import { type LegacyEvent, type LegacyToken, printLegacyLine } from '../core/ingest/testing/legacyLine.ts';
import { buildMenu } from '../workers/catalogue/generate/menu.ts';
import { type DatasetPlan, DEFAULTS, planCatalogue } from '../workers/catalogue/generate/plan.ts';
import { RecordStream } from '../workers/catalogue/generate/recordStream.ts';

export interface LegacyFile {
  dataset: string;
  lines: number;
  bytes: number;
}

/** Writes the records of an AOD dataset of Run 2. @param events of its run */
export function writeLegacyFile(path: string, events: number): LegacyFile {
  const plan = planCatalogue({ ...DEFAULTS, events });
  const dataset = plan.datasets.find(
    ({ dataType, smk, indexed, parents }) =>
      dataType.format === 'AOD' && smk !== undefined && indexed && parents.length > 0,
  )!;
  const menu = plan.menus.find(({ smk }) => smk === dataset.smk)!;
  const stream = new RecordStream(DEFAULTS.seed, dataset, buildMenu(DEFAULTS.seed, menu.smk, menu.kind, menu.chains));
  const streams = new Map(
    plan.datasets.map(({ dstypeid, dataType }) => [dstypeid, `Stream${printDataType(dataType)}`]),
  );
  const file = openSync(path, 'w');
  let lines = 0;
  let bytes = 0;
  for (const batch of stream.batches()) {
    const text: string[] = [];
    for (let row = 0; row < batch.rows; row++) text.push(printLegacyLine(eventAt(batch, row, dataset, streams)), '\n');
    lines += batch.rows;
    bytes += writeSync(file, text.join(''));
  }
  closeSync(file);
  const { project, runNumber, streamName, prodStep, amiTag } = dataset.family;
  const name: DatasetName = { project, runNumber, streamName, prodStep, amiTag, dataType: dataset.dataType };
  return { dataset: printDatasetName(name), lines, bytes };
}

function eventAt(
  { columns }: RecordBatch,
  row: number,
  { family, dataType, smk }: DatasetPlan,
  streams: ReadonlyMap<number, string>,
): LegacyEvent {
  const at = (name: string) => columns.get(name)!.values[row]!;
  const list = (name: string): (number | bigint)[] => {
    const { offsets, values } = columns.get(name)!;
    return [...values.subarray(offsets[0]![row]!, offsets[0]![row + 1]!)];
  };
  const bits = (name: string) => list(name) as number[];
  const [types, his, los, oid1s, oid2s] = ['dstypeid', 'guid_hi', 'guid_lo', 'oid1', 'oid2'].map((name) =>
    list(`prov_${name}`),
  );
  const own: LegacyToken = {
    stream: `Stream${printDataType(dataType)}`,
    guid: { hi: at('guid_hi') as bigint, lo: at('guid_lo') as bigint },
    oid1: at('oid1') as bigint,
    oid2: at('oid2') as bigint,
  };
  const origins = (types as number[]).slice(0, 3).map((type, k) => ({
    stream: streams.get(type)!,
    guid: { hi: his![k] as bigint, lo: los![k] as bigint },
    oid1: oid1s![k] as bigint,
    oid2: oid2s![k] as bigint,
  }));
  const passed = { ph: bits('ph'), pt: bits('pt'), rs: bits('rs') };
  return {
    run: family.runNumber,
    event: at('eventno') as bigint,
    lb: at('lb') as number,
    bcid: at('bcid') as number,
    time: at('time') as bigint,
    weight: '1.0',
    channel: 0,
    l1id: at('l1id') as number,
    simulated: false,
    l1: { tbp: bits('tbp'), tap: bits('tap'), tav: bits('tav') },
    // Run 2 has no level 2: what passed for physics stands in both.
    l2: { ph: passed.ph, pt: [], rs: [] },
    ef: passed,
    smk: smk!,
    // Keys are counted from 1; the generator's may be below.
    hpsk: Math.abs(at('hpsk') as number) + 1,
    l1psk: at('l1psk') as number,
    tokens: [own, ...origins],
  };
}
