import { readFile, writeFile } from 'node:fs/promises';
import { parquetReadObjects, type SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { sharedData } from './sharedData.ts';

const LISTS = ['Muon_pt', 'Muon_eta', 'Muon_phi', 'Muon_mass'];

/** Real events that a file of many row groups can be made of, if they are at hand. */
export const REAL_EVENTS = sharedData('Run2012B_SingleMu-1000.parquet');

/**
 * Writes the 1,000 real events over and over into a file of many row groups, with a weight of both signs and many
 * magnitudes, whose sums depend on their order.
 */
export async function writeTiledEvents(
  path: string,
  { tiles, rowGroup }: { tiles: number; rowGroup: number },
): Promise<void> {
  const bytes = await readFile(REAL_EVENTS!);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const events = await parquetReadObjects({ file, compressors, columns: [...LISTS, 'MET_pt'] });
  const all = Array.from({ length: tiles }, () => events).flat();
  const weights = all.map((_, index) => (index % 2 === 0 ? -1 : 1) * 1.1 ** ((index * 7919) % 199));
  const columnData = [
    ...LISTS.map((name) => ({ name, data: all.map((event) => event[name]) })),
    { name: 'MET_pt', data: all.map((event) => event.MET_pt) },
    { name: 'genWeight', data: weights },
  ];
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columnData.length },
    ...LISTS.flatMap(listOfFloats),
    { name: 'MET_pt', type: 'FLOAT', repetition_type: 'REQUIRED' },
    { name: 'genWeight', type: 'DOUBLE', repetition_type: 'REQUIRED' },
  ];
  await writeFile(path, new Uint8Array(parquetWriteBuffer({ columnData, schema, rowGroupSize: rowGroup })));
}

function listOfFloats(name: string): SchemaElement[] {
  return [
    { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
  ];
}
