import { toPlain } from '../../core/errors.ts';
import type { Intake } from '../server/parts.ts';
import type { DatasetBook } from './datasetBook.ts';
import { datasetProgress, listDatasets } from './datasets.ts';
import { declareDataset, type IntakeParts, receiveMessage, retryDataset } from './intake.ts';

/**
 * What the API's routes call.
 * @param book kept up to date by the supervisor that runs in this process, which `wake` calls, if one does
 */
export function openIntake({ book, ...intake }: IntakeParts & { book: DatasetBook }): Intake {
  return {
    message: async (message) => {
      const { again, staged } = await receiveMessage(intake, message);
      return { again, staged };
    },
    declare: async (declaration) => ({ again: !(await declareDataset(intake, declaration)).changed }),
    datasets: () => listDatasets(book, intake.wake !== undefined),
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
