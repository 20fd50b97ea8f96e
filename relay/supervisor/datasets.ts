import { datasetText } from '../../core/ingest/declaration.ts';
import type { DatasetProgress } from '../../core/ingest/happening.ts';
import type { DatasetBook } from './datasetBook.ts';
import { inParallel } from './inParallel.ts';

const AT_ONCE = 16;

/** A dataset as the store has it now. @returns undefined where there is none. @throws LumiscopeError `source` */
export async function datasetProgress(
  book: DatasetBook,
  dataset: string,
  signal?: AbortSignal,
): Promise<DatasetProgress | undefined> {
  if (!datasetText.safeParse(dataset).success) return undefined;
  await book.refresh(dataset, signal);
  await book.look(dataset, false, signal);
  return book.progress(dataset)[0];
}

/**
 * All datasets, by name: as they were seen last where a supervisor of this process keeps the book up to date, else read now.
 * @throws LumiscopeError `source`
 */
export async function listDatasets(
  book: DatasetBook,
  isKept: boolean,
  signal?: AbortSignal,
): Promise<DatasetProgress[]> {
  if (!isKept || !book.isComplete()) {
    const changed = await book.refresh(undefined, signal);
    await inParallel(AT_ONCE, changed, async (dataset) => void (await book.look(dataset, false, signal)));
  }
  return book.progress();
}
