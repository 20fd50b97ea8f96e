import type { FileAddress } from '../../workers/io/byteSource.ts';
import type { ExplorerState } from './state.ts';

/**
 * Addresses of the document's files, by data set, for a question to the session. Undefined while any of them is not open: one that waits for
 * consent has an address as well, and the session asks whatever host it is given.
 * @param only the data set that is asked about: the others need not be open, and are left empty
 */
export function openFiles({ files }: Pick<ExplorerState, 'files'>, only?: number): FileAddress[][] | undefined {
  const asked = files.map((set, i) => (only === undefined || i === only ? set : []));
  if (asked.some((set) => set.some(({ status }) => status !== 'open'))) return undefined;
  return asked.map((set) => set.map(({ address }) => address as FileAddress));
}
