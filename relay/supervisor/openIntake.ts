import { toPlain } from '../../core/errors.ts';
import type { Tell } from '../../core/ingest/happening.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import type { Intake } from '../server/parts.ts';
import type { DatasetBook } from './datasetBook.ts';
import { datasetProgress, listDatasets } from './datasets.ts';
import { declareDataset, receiveMessage, retryDataset } from './intake.ts';

export interface IntakeOptions {
  objects: ObjectStore;
  tell: Tell;
  book: DatasetBook;
  /** The supervisor that runs in this process, if one does: it is called, and it keeps the book up to date. */
  wake?: (dataset: string) => void;
  /** ms since 1970-01-01 UTC. */
  now?: () => number;
}

/** What the API's routes call. */
export function openIntake({ objects, tell, book, wake, now }: IntakeOptions): Intake {
  const intake = { objects, tell, wake, now };
  return {
    message: async (message) => {
      const { again, staged } = await receiveMessage(intake, message);
      return { again, staged };
    },
    declare: async (declaration) => ({ again: !(await declareDataset(intake, declaration)).changed }),
    datasets: () => listDatasets(book, wake !== undefined),
    dataset: (name) => datasetProgress(book, name),
    async retry(name) {
      try {
        await retryDataset(intake, name);
        return true;
      } catch (error) {
        if (toPlain(error).place.gone && !(await datasetProgress(book, name))) return false;
        throw error;
      }
    },
  };
}
