import type { ContainerRow } from '../../../core/catalogue/tables.ts';
import type { OpenCatalogue } from '../openCatalogue.ts';
import type { AgreeInput, Disagreement } from './agreeTask.ts';

/** What is wrong with the records of a part. */
export interface PartDisagreement extends Disagreement {
  dspid: number;
  dstypeid: number;
}

/**
 * Reads all records of containers: their keys have to be those in `keys`, their `seq` the CRC of their reference, their GUID that of their file. One that is wrong does not
 * end it.
 * @returns parts with records that are wrong, or with an object that can't be read
 * @throws LumiscopeError `cancelled`
 */
export async function compareRecords(
  catalogue: OpenCatalogue,
  containers: readonly Pick<ContainerRow, 'dspid' | 'dstypeid'>[],
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (records: number, total: number) => void } = {},
): Promise<PartDisagreement[]> {
  const { folder, manifest, threads } = catalogue;
  const inputs: AgreeInput[] = [];
  for (const { dspid, dstypeid } of containers) {
    const declared = await catalogue.files(dspid, dstypeid, signal);
    const files = declared.map(({ file, guid_hi, guid_lo }) => ({ file, guid_hi, guid_lo }));
    for (const part of manifest.parts)
      if (part.dspid === dspid && part.dstypeid === dstypeid) inputs.push({ folder, part, files });
  }
  const total = inputs.reduce((sum, { part }) => sum + part.rows, 0);
  const wrong: PartDisagreement[] = [];
  let read = 0;
  await threads.all('agree', inputs, {
    signal,
    onResult: (found, index) => {
      const { part } = inputs[index]!;
      if (found.records > 0 || found.error) wrong.push({ dspid: part.dspid, dstypeid: part.dstypeid, ...found });
      read += part.rows;
      onProgress?.(read, total);
    },
  });
  return wrong;
}
