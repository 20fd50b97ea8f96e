/** Where a dataset stands on its way into the catalogue. */
import * as z from 'zod';
import { datasetText } from './declaration.ts';

/**
 * `UNDECLARED`: messages came, nobody declared it. `COLLECTING`: files are missing. `VALIDATED`: complete, waits for a consumer. `INSERTING`: a consumer is at work.
 * `DONE`: published. `FAIL`: it can't be published without a person; the details say why. In the table `datasets` of the catalogue these are `importing` (`INSERTING`),
 * `imported` (`DONE`) and `failed` (`FAIL`).
 */
export const INGEST_STATES = ['UNDECLARED', 'COLLECTING', 'VALIDATED', 'INSERTING', 'DONE', 'FAIL'] as const;
export type IngestState = (typeof INGEST_STATES)[number];

/** What a consumer did with a validation, or is doing; kept beside it, changed under a condition. */
export const insertionSchema = z.strictObject({
  dataset: datasetText,
  generation: z.int().min(1),
  state: z.enum(['INSERTING', 'DONE', 'FAIL']),
  details: z.string(),
  /** Who works or worked on it. */
  consumer: z.string(),
  /** How often it was begun: by a consumer that took over from a dead one, or after a store's trouble. */
  attempts: z.int().min(1),
  /** Of those, how many ended without an outcome, but properly: trouble of the store, a relay that was stopped. */
  interrupted: z.int().min(0).optional(),
  began: z.int(),
  /** When it came into this state. */
  since: z.int(),
  /** Of what was published. */
  events: z.int().min(0).optional(),
  bytes: z.int().min(0).optional(),
});

export type Insertion = z.infer<typeof insertionSchema>;

/** That a person wants a dataset to be validated and inserted anew. */
export const retrySchema = z.strictObject({
  /** The generation that another one has to follow. */
  generation: z.int().min(1),
  requested: z.int(),
});

export type Retry = z.infer<typeof retrySchema>;
