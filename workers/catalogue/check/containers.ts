import type { ContainerRow } from '../../../core/catalogue/tables.ts';
import type { OpenCatalogue } from '../openCatalogue.ts';

/** All containers of a catalogue, and what has records without being in the table of containers: of these nothing is declared. */
export function allContainers({ tables, manifest }: Pick<OpenCatalogue, 'tables' | 'manifest'>): ContainerRow[] {
  const key = ({ dspid, dstypeid }: { dspid: number; dstypeid: number }) => `dspid=${dspid}/dstypeid=${dstypeid}`;
  const listed = new Set(tables.containers.map(key));
  const others = new Map(manifest.parts.filter((part) => !listed.has(key(part))).map((part) => [key(part), part]));
  return [
    ...tables.containers,
    ...Array.from(others, ([name, { dspid, dstypeid }]) => {
      return { dspid, dstypeid, name, datasets: 0, events_rucio: 0, files_rucio: 0, bytes: 0 };
    }),
  ];
}
