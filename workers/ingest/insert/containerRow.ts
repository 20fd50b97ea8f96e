import type { ContainerRow, Counts, DatasetRow } from '../../../core/catalogue/tables.ts';

/**
 * The row of a container, from those of its datasets. Records and files add up once all of its datasets are counted; distinct events are known only where it is one
 * dataset, as an event may be in several.
 */
export function containerOf(name: string, datasets: readonly DatasetRow[]): ContainerRow {
  const sum = (of: (row: DatasetRow) => number) => datasets.reduce((total, row) => total + of(row), 0);
  const [first] = datasets as [DatasetRow];
  return {
    dspid: first.dspid,
    dstypeid: first.dstypeid,
    name,
    datasets: datasets.length,
    events_rucio: sum((row) => row.events_rucio),
    files_rucio: sum((row) => row.files_rucio),
    bytes: sum((row) => row.bytes),
    ...counts(datasets),
  };
}

function counts(datasets: readonly DatasetRow[]): Counts {
  if (datasets.some(({ events }) => events === undefined)) return {};
  const [first] = datasets as [DatasetRow];
  const { events_uniq, events_dup, files_dup } = first;
  return {
    files: datasets.reduce((sum, row) => sum + row.files!, 0),
    events: datasets.reduce((sum, row) => sum + row.events!, 0),
    ...(datasets.length === 1 && events_uniq !== undefined && { events_uniq, events_dup, files_dup }),
  };
}
