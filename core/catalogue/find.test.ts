import { describe, expect, test } from 'vitest';
import {
  compareAmiTags,
  containerOf,
  countBy,
  datasetOf,
  datasetsOf,
  findCanonical,
  findContainers,
  findDatasets,
  nameOfDataset,
  type Query,
  type Searchable,
} from './find.ts';
import type { ContainerRow, DatasetRow, State } from './tables.ts';

/** Of each line: dspid, dstypeid, tid, run, stream, step, data type, tag, state, declared and counted events. */
type Line = [number, number, number, number, string, string, string, string, State, number, number?];

const LINES: Line[] = [
  [1, 1, 0, 358031, 'physics_Main', 'daq', 'RAW', '', 'validated', 1000, 1000],
  [2, 2, 1000, 358031, 'physics_Main', 'merge', 'AOD', 'f1002_m2037', 'validated', 1000, 990],
  [3, 2, 1100, 358031, 'physics_Main', 'merge', 'AOD', 'r13286', 'validated', 600, 600],
  [3, 2, 1101, 358031, 'physics_Main', 'merge', 'AOD', 'r13286', 'imported', 400, 400],
  [3, 2, 1102, 358031, 'physics_Main', 'merge', 'AOD', 'r13286', 'validated', 400, 400],
  [4, 3, 1200, 358031, 'physics_Main', 'deriv', 'DAOD_EGAM7', 'r13286_p4910', 'imported', 200],
  [5, 3, 1300, 358031, 'physics_Main', 'deriv', 'DAOD_EGAM7', 'r13286_p5000', 'failed', 200],
  [6, 4, 1400, 358032, 'express_express', 'deriv', 'DAOD_EGAM8', 'f1002_m2037_p4910', 'obsolete', 50],
];

function catalogueOf(lines: readonly Line[]): Searchable {
  const datasets = lines.map(
    ([dspid, dstypeid, tid, run_number, stream_name, prod_step, data_type, ami_tag, state, events_rucio, events]) =>
      ({
        ...{ dspid, dstypeid, tid, project: 'data18_13TeV', run_number, stream_name, prod_step, data_type, ami_tag },
        ...{ state, state_details: '', events_rucio, files_rucio: 1, bytes: 10, inserted: Date.UTC(2025, 2, 14) },
        ...{ is_open: false, has_trigger: true, ...(events !== undefined && { events }) },
      }) as DatasetRow,
  );
  const containers = new Map<string, ContainerRow>();
  for (const row of datasets) {
    const name = nameOfDataset({ ...row, tid: 0 });
    const sum = containers.get(name);
    containers.set(name, {
      ...{ dspid: row.dspid, dstypeid: row.dstypeid, name, files_rucio: 1, bytes: 10 },
      datasets: (sum?.datasets ?? 0) + 1,
      events_rucio: (sum?.events_rucio ?? 0) + row.events_rucio,
    });
  }
  return { manifest: { families: [] }, tables: { datasets, containers: [...containers.values()] } };
}

const catalogue = catalogueOf(LINES);
const tids = (rows: readonly DatasetRow[]) => rows.map(({ tid }) => tid);

test.each<[Query, number[]]>([
  ['', [0, 1000, 1100, 1101, 1102, 1200, 1300, 1400]],
  ['egam', [1200, 1300, 1400]],
  ['egam -stream:express*', [1200, 1300]],
  ['format:DAOD group:EGAM7 tag:*p4910', [1200]],
  ['tag:none', [0]],
  ['events:none', [1200, 1300, 1400]],
  ['events_rucio:>500 run:358031', [0, 1000, 1100]],
  ['state:failed,obsolete', [1300, 1400]],
  ['data18_13TeV.00358031.physics_Main.merge.AOD.r13286_tid00000011_01', [1101]],
  ['tid:1100-1102', [1100, 1101, 1102]],
  ['inserted:2025-03', [0, 1000, 1100, 1101, 1102, 1200, 1300, 1400]],
  ['is_open:yes', []],
  [{ run_number: 358032 }, [1400]],
  [{ text: 'merge AOD', ami_tag: 'r*', state: 'validated', project: undefined }, [1100, 1102]],
  [{ has_trigger: true, data_type: 'RAW' }, [0]],
])('%j finds tasks %j', (query, found) => {
  expect(tids(findDatasets(catalogue, query))).toEqual(found);
});

test('a wrong value of a form names its field', () => {
  expect(() => findDatasets(catalogue, { run_number: 'x' })).toThrow(
    expect.objectContaining({ place: expect.objectContaining({ path: 'run_number' }) }),
  );
});

test.each<[string, number[]]>([
  ['egam', [4, 5, 6]],
  // The first has 1,000 events in three tasks, which is asked of the container, not of a task.
  ['type:AOD events_rucio:>1200', [3]],
  ['datasets:3', [3]],
  ['state:imported', [3, 4]],
  ['-state:imported type:AOD', [2]],
  ['run:358032', [6]],
])('%s finds containers %j', (query, dspids) => {
  expect(findContainers(catalogue, query).map(({ dspid }) => dspid)).toEqual(dspids);
});

test('a container without datasets is found by what its name says', () => {
  const bare = { ...catalogue, tables: { ...catalogue.tables, datasets: [] } };
  expect(findContainers(bare, 'run:358031 type:DAOD_* step:deriv').map(({ dspid }) => dspid)).toEqual([4, 5]);
});

describe('the canonical datasets', () => {
  test('are the validated ones of the newest version', () => {
    expect(tids(findCanonical(catalogue, 'type:AOD'))).toEqual([1100, 1102]);
  });

  test('are imported ones where none is validated, of an older version where the newest failed', () => {
    expect(tids(findCanonical(catalogue, 'egam7'))).toEqual([1200]);
  });

  test('are none where nothing can be used', () => {
    expect(findCanonical(catalogue, 'egam8')).toEqual([]);
  });
});

test('versions are ordered step by step', () => {
  const ordered = [
    '',
    'x353_m1512',
    'f1002_m2037',
    'f1002_m2037_p4910',
    'f1003',
    'r7562_p2521',
    'r13286',
    'r13286_p4910',
    'r13286_p5000',
  ];
  expect([...ordered].reverse().sort(compareAmiTags)).toEqual(ordered);
});

test('values of a field are counted, the most frequent first', () => {
  expect(countBy(catalogue, catalogue.tables.datasets, 'data_type').slice(0, 3)).toEqual([
    { value: 'AOD', rows: 4, events: 2400 },
    { value: 'DAOD_EGAM7', rows: 2, events: 400 },
    { value: 'DAOD_EGAM8', rows: 1, events: 50 },
  ]);
});

test('a container counts for each state that its datasets are in', () => {
  expect(countBy(catalogue, findContainers(catalogue, 'tag:r13286'), 'state')).toEqual([
    { value: 'imported', rows: 1, events: 1400 },
    { value: 'validated', rows: 1, events: 1400 },
  ]);
});

test('names lead to containers and datasets', () => {
  const name = 'data18_13TeV.00358031.physics_Main.merge.AOD.r13286';
  expect(containerOf(catalogue, `data18_13TeV:${name}/`)?.dspid).toBe(3);
  expect(containerOf(catalogue, `${name}_tid00000011_01`)?.dspid).toBe(3);
  expect(datasetOf(catalogue, `${name}_tid00000011_01`)?.tid).toBe(1101);
  expect(tids(datasetsOf(catalogue, { dspid: 3, dstypeid: 2 }))).toEqual([1100, 1101, 1102]);
  expect(containerOf(catalogue, 'data18_13TeV.00358031')).toBeUndefined();
});
