/** Schemas of answers. Those of what is sent are in core/ingest. */
import * as z from 'zod';
import { INGEST_STATES } from '../../core/ingest/datasetState.ts';
import { ALARMS, type DatasetProgress } from '../../core/ingest/happening.ts';

export const errorSchema = z
  .object({
    error: z.object({
      what: z.string(),
      hint: z.string().optional(),
      where: z.string().optional(),
    }),
  })
  .describe('What is wrong, what to do, and where');

const count = z.int().min(0);

export const progressSchema = z
  .object({
    dataset: z.string(),
    state: z.enum(INGEST_STATES),
    details: z.string(),
    since: z.int().describe('ms since 1970-01-01 UTC'),
    files: count,
    events: count,
    filesComplete: count,
    duplicates: count,
    generation: count,
    attempts: count,
    alarms: z.array(z.object({ alarm: z.enum(ALARMS), reason: z.string() })),
  })
  .describe('Where a dataset stands on its way into the catalogue') satisfies z.ZodType<DatasetProgress>;

/** Whether something that was sent had been known. */
export const keptSchema = z.object({ again: z.boolean().describe('It was known: nothing changed') });

export const receivedSchema = keptSchema.extend({
  staged: z.boolean().describe('Its object is there, in the size that it says; else it is waited for'),
});
