import { type ContainerCheck, checkContainer } from '../../../core/catalogue/completeness.ts';
import { datasetsOf } from '../../../core/catalogue/find.ts';
import type { ContainerRow } from '../../../core/catalogue/tables.ts';
import type { OpenCatalogue } from '../openCatalogue.ts';
import { countRecords, type RecordsOptions } from '../records/countRecords.ts';

/**
 * Counts the records of containers, and holds them against what is declared. The same numbers for any number of threads.
 * @returns as many as `containers`, in that order
 * @throws LumiscopeError as `countRecords`
 */
export async function checkContainers(
  catalogue: OpenCatalogue,
  containers: readonly ContainerRow[],
  options: RecordsOptions = {},
): Promise<ContainerCheck[]> {
  const counts = await countRecords(catalogue, containers, options);
  const checks: ContainerCheck[] = [];
  for (const [i, container] of containers.entries()) {
    const { dspid, dstypeid } = container;
    const files = await catalogue.files(dspid, dstypeid, options.signal);
    const datasets = datasetsOf(catalogue, container);
    checks.push(checkContainer(counts[i]!, container, datasets, files));
  }
  return checks;
}
