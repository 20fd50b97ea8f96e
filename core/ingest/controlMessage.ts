/** What a producer says of an object that it staged. It may come late, twice, out of order, or not at all. */
import * as z from 'zod';
import { datasetText, FILES_AT_MOST, guidText } from './declaration.ts';

/** Of bytes, in hex. */
export const sha256Text = z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in hex');

/** A file of events, or what of it an object holds. */
const stagedFile = z.strictObject({
  guid: guidText,
  /** Records of it in the object. */
  events: z.int().min(0),
  /** Of its records, whatever object they lie in and however it is compressed: tells whether two jobs found the same. See `digestOf` in workers/ingest. */
  digest: sha256Text,
});

export const controlMessageSchema = z
  .strictObject({
    dataset: datasetText,
    job: z.strictObject({
      /** The larger one of two that both are complete is taken. */
      id: z.int().min(0),
    }),
    /** Who staged it: host, program; for people. */
    producer: z.string().min(1).max(256),
    object: z.strictObject({ sha256: sha256Text, bytes: z.int().min(1) }),
    files: z.array(stagedFile).min(1).max(FILES_AT_MOST),
  })
  .superRefine(({ files }, context) => {
    const known = new Set<string>();
    files.forEach(({ guid }, k) => {
      if (known.has(guid)) context.addIssue({ code: 'custom', path: ['files', k, 'guid'], message: 'is there twice' });
      known.add(guid);
    });
  });

export type ControlMessage = z.infer<typeof controlMessageSchema>;
export type StagedFile = ControlMessage['files'][number];

/** A message as it is kept. Its name is the checksum of the message: sending it again changes nothing. */
export const receivedMessageSchema = z.strictObject({
  /** ms since 1970-01-01 UTC, by the clock of the relay that took it first: producers' clocks are not asked. */
  received: z.int(),
  message: controlMessageSchema,
});

export type ReceivedMessage = z.infer<typeof receivedMessageSchema>;
