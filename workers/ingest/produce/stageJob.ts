import type { RecordBatch } from '../../../core/catalogue/tables.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import type { DatasetTemplate } from '../../../core/ingest/datasetTemplate.ts';
import { gather, runsOfFlags } from '../../convert/rows.ts';
import { type Chains, eventHeaders, type HeaderBatch } from './eventHeaders.ts';
import type { OpenedEvents } from './eventSource.ts';
import { type StagedAbout, StagedWriter, type WrittenObject } from './stagedObject.ts';

/** An object of a job, and the dataset that it is of. */
export interface StagedJob extends WrittenObject {
  dataset: string;
}

/**
 * Reads the event headers of a job's files and stages them: one object, or one for each run where datasets are named by runs. The same files give the same bytes.
 * @throws LumiscopeError `document` where an event is of another run than the dataset; `format`, `source`, `cancelled`
 */
export async function stageJob(
  files: readonly OpenedEvents[],
  template: DatasetTemplate,
  { signal, onEvents }: { signal?: AbortSignal | undefined; onEvents?: ((events: number) => void) | undefined } = {},
): Promise<StagedJob[]> {
  const chains = chainsOf(files);
  const writers = new Map<string, StagedWriter>();
  const writerOf = (dataset: string) => {
    const writer = writers.get(dataset) ?? new StagedWriter(aboutOf(dataset, files, chains));
    writers.set(dataset, writer);
    return writer;
  };
  for (const opened of files) {
    const batches = new Map<string, RecordBatch[]>();
    if (template.name !== undefined) batches.set(template.name, []);
    for await (const batch of eventHeaders(opened.file, opened.names, chains, signal)) {
      for (const [dataset, records] of byDataset(batch, template, opened.facts.name)) {
        const own = batches.get(dataset) ?? [];
        batches.set(dataset, own);
        own.push(records);
      }
      onEvents?.(batch.rows);
    }
    for (const [dataset, own] of batches) await writerOf(dataset).add({ guid: opened.facts.guid, batches: own });
  }
  const jobs: StagedJob[] = [];
  for (const [dataset, writer] of [...writers].sort(([a], [b]) => (a < b ? -1 : 1)))
    jobs.push({ dataset, ...(await writer.finish()) });
  return jobs;
}

/** All chains of the files, in the order of their names: places are bits. */
function chainsOf(files: readonly OpenedEvents[]): Chains {
  const all = (level: 'l1' | 'hlt') =>
    [...new Set(files.flatMap(({ names }) => [...names.chains[level].keys()]))].sort();
  return { l1: all('l1'), hlt: all('hlt') };
}

function aboutOf(dataset: string, files: readonly OpenedEvents[], chains: Chains): StagedAbout {
  const hasBlocks = files.some(({ names }) => names.block !== undefined || names.bunch !== undefined);
  const families: StagedAbout['families'] = [
    ...(hasBlocks || chains.l1.length > 0 ? (['l1'] as const) : []),
    ...(chains.hlt.length > 0 ? (['hlt'] as const) : []),
  ];
  return {
    dataset,
    families,
    provenanceTypes: [],
    ...((chains.l1.length > 0 || chains.hlt.length > 0) && { chains }),
  };
}

function* byDataset(batch: HeaderBatch, template: DatasetTemplate, name: string): Generator<[string, RecordBatch]> {
  const { runs, rows, columns } = batch;
  if (template.name !== undefined) {
    const other = template.run === undefined ? -1 : runs.findIndex((run) => run !== template.run);
    if (other >= 0)
      throw new LumiscopeError(
        'document',
        `${name}: entry ${columns.get('oid2')!.values[other]} is of run ${runs[other]}, the dataset ${template.name} is one of run ${template.run}`,
        { hint: 'write {run} in place of its number: events go to the dataset of their run then' },
      );
    yield [template.name, { rows, columns }];
    return;
  }
  for (const run of new Set(runs)) {
    const own = runsOfFlags(
      runs.map((other) => Number(other === run)),
      rows,
    );
    const picked = new Map([...columns].map(([column, data]) => [column, gather(data, own)]));
    yield [template.nameFor(run), { rows: picked.get('eventno')!.length, columns: picked }];
  }
}
