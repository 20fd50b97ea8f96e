/** What a supervisor itself keeps of a dataset, so that little has to be read again. */
import * as z from 'zod';
import { receivedMessageSchema, sha256Text } from '../../core/ingest/controlMessage.ts';
import { progressSchema } from '../server/schemas.ts';

/** Messages that were put together: one object to list and to read in place of many. */
export const packSchema = z.strictObject({
  messages: z.array(
    receivedMessageSchema.extend({
      sha256: sha256Text,
      /** By the store's clock. */
      stored: z.number(),
    }),
  ),
});

/** A dataset at which nothing is left to do, as long as its files are those of `state`. */
export const settledSchema = z.strictObject({
  /** As in `DatasetFiles`. */
  state: z.string(),
  progress: progressSchema,
  /** When a supervisor first saw it published; ms since 1970-01-01 UTC. */
  publishedSeen: z.number(),
  /** When a lifetime ends next. */
  again: z.number().optional(),
});

export type Settled = z.infer<typeof settledSchema>;
