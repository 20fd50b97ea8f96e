/**
 * Where things lie in the relay's store. There is no other state: whoever starts again reads it from here. Objects are named by what they hold, or written under a condition, so
 * that doing a thing twice is doing it once.
 */

/** A staged object, by its SHA-256. */
export const stagedPath = (sha256: string) => `staged/${sha256.slice(0, 2)}/${sha256}.parquet`;

/** All of a dataset lies below. */
export const datasetFolder = (dataset: string) => `datasets/${dataset}`;
export const declarationPath = (dataset: string) => `${datasetFolder(dataset)}/declaration.json`;
/** @param sha256 of the canonical text of the message, without the time of its receipt */
export const messagePath = (dataset: string, sha256: string) => `${datasetFolder(dataset)}/messages/${sha256}.json`;
/** Many messages in one object. Lies behind `messages/`, so that who lists the dataset while they move sees each of them at least once. @param sha256 of its bytes */
export const packPath = (dataset: string, sha256: string) => `${datasetFolder(dataset)}/packs/${sha256}.json`;
/** What a supervisor found when nothing was left to do: spares reading the rest. */
export const settledPath = (dataset: string) => `${datasetFolder(dataset)}/settled.json`;
export const validationPath = (dataset: string, generation: number) =>
  `${datasetFolder(dataset)}/validations/${String(generation).padStart(6, '0')}.json`;
/** What became of a validation: `Insertion`. */
export const insertionPath = (dataset: string, generation: number) =>
  `${datasetFolder(dataset)}/insertions/${String(generation).padStart(6, '0')}.json`;
/** A person's wish for another generation: `Retry`. */
export const retryPath = (dataset: string) => `${datasetFolder(dataset)}/retry.json`;
/** Held by the consumer that works on the dataset. */
export const leasePath = (dataset: string) => `${datasetFolder(dataset)}/lease.json`;

/** The catalogue that is published. */
export const CATALOGUE_FOLDER = 'catalogue';
/** The same layout once more, for the functional self-test. */
export const SELF_TEST_FOLDER = 'self-test';
