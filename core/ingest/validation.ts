/** What consumers read of a dataset: one object for each file, chosen by the supervisor when all of it was there. Never changed once it is written. */
import * as z from 'zod';
import { sha256Text } from './controlMessage.ts';
import { datasetText, guidText } from './declaration.ts';

const reference = z.strictObject({
  guid: guidText,
  events: z.int().min(0),
  digest: sha256Text,
  /** Index of the object that holds its records, in `objects`. */
  object: z.int().min(0),
});

export const validationSchema = z.strictObject({
  dataset: datasetText,
  /** Counts up where a dataset is validated again, with more files or by hand. */
  generation: z.int().min(1),
  objects: z.array(z.strictObject({ sha256: sha256Text, bytes: z.int().min(1) })),
  /** In the order of the declaration. */
  references: z.array(reference),
  /** What is worth knowing of the choice; for people: `2 jobs disagree on …`. */
  notes: z.array(z.string()),
  open: z.boolean(),
  sourcePath: z.string(),
  /** When the first of its objects was staged, and when it was complete; ms since 1970-01-01 UTC. */
  firstStaged: z.int(),
  validated: z.int(),
});

export type Validation = z.infer<typeof validationSchema>;
