/** What a relay shows of itself to the Monitor view: a snapshot, and then the sections of it that changed. Every list is bounded. */
import * as z from 'zod';
import { INGEST_STATES } from './datasetState.ts';
import { ALARMS } from './happening.ts';

/** ms since 1970-01-01 UTC, by the relay's clock. */
const time = z.number();
const count = z.number().min(0);

const producerSchema = z.object({
  producer: z.string(),
  /** That it sent messages of, each counted once. */
  objects: count,
  /** Messages that were known already. */
  again: count,
  bytes: count,
  events: count,
  lastSeen: time,
  /** Events that it announced a second, over the last minute. */
  rate: count,
});

const datasetSchema = z.object({
  dataset: z.string(),
  state: z.enum(INGEST_STATES),
  details: z.string(),
  since: time,
  files: count,
  filesComplete: count,
  events: count,
  duplicates: count,
  generation: count,
  attempts: count,
});

const consumerSchema = z.object({
  consumer: z.string(),
  dataset: z.string(),
  generation: count,
  attempt: count,
  /** Events that it has done, of so many. Of consumers in other processes only the state is known. */
  done: count.optional(),
  events: count,
  since: time,
});

const alarmSchema = z.object({
  alarm: z.enum(ALARMS),
  dataset: z.string().optional(),
  reason: z.string(),
  since: time,
});

export const selfTestSchema = z.object({
  ok: z.boolean(),
  /** When it ended. */
  at: time,
  ms: count,
  reason: z.string().optional(),
});

export const monitorSnapshotSchema = z.object({
  version: z.literal(1),
  /** When it was made. */
  at: time,
  /** When this relay started: counters of what happened begin there. */
  started: time,
  totals: z.object({
    /** In the store now. `events`, `bytes`: published. */
    published: z.object({ datasets: count, events: count, bytes: count }),
    staged: z.object({ objects: count, bytes: count }),
    /** Objects by state: named by a validation, not chosen beside another one, none of both yet. */
    chosen: count,
    duplicates: count,
    waiting: count,
    /** Since the start. */
    duplicateEvents: count,
    takeovers: count,
    errors: z.object({ api: count, supervisor: count, consumer: count, proxy: count, store: count }),
    proxy: z.object({ requests: count, fromCache: count, bytes: count }),
  }),
  producers: z.object({ shown: z.array(producerSchema), more: count }),
  datasets: z.object({
    /** All of them, by state. */
    counts: z.object({
      UNDECLARED: count,
      COLLECTING: count,
      VALIDATED: count,
      INSERTING: count,
      DONE: count,
      FAIL: count,
    }),
    /** Those with trouble, and the newest. */
    shown: z.array(datasetSchema),
    /** Why the store could not be read the last time; what is shown is older then. */
    problem: z.string().optional(),
  }),
  consumers: z.object({ shown: z.array(consumerSchema), more: count }),
  alarms: z.object({ shown: z.array(alarmSchema), more: count }),
  /** Per step of `stepMs`, the last one ending at `end`. */
  throughput: z.object({
    stepMs: count,
    end: time,
    /** Events that producers announced, events that consumers put in order, bytes that were staged. */
    announced: z.array(count),
    inserted: z.array(count),
    staged: z.array(count),
  }),
  /** From the first staged object to the manifest, of published datasets. `counts` has one entry more than `bounds` (s, upper): for what took longer. */
  traversal: z.object({ bounds: z.array(z.number()), counts: z.array(count), median: z.number().optional() }),
  selfTest: z.object({ last: selfTestSchema.optional(), running: z.boolean() }),
  /** What the caller may do. */
  may: z.object({ retry: z.boolean(), test: z.boolean() }),
});

export type MonitorSnapshot = z.infer<typeof monitorSnapshotSchema>;
export type MonitorDataset = MonitorSnapshot['datasets']['shown'][number];
export type SelfTestResult = z.infer<typeof selfTestSchema>;

/** What the stream sends after the first snapshot: the time, and the sections that changed, whole. */
export const monitorChangeSchema = monitorSnapshotSchema.partial().required({ at: true });
export type MonitorChange = z.infer<typeof monitorChangeSchema>;

/** Upper bounds of the classes of traversal times: 1 s to 30 days, in s. */
export const TRAVERSAL_BOUNDS: readonly number[] = [
  1, 3, 10, 30, 60, 180, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 259_200, 604_800, 2_592_000,
];
