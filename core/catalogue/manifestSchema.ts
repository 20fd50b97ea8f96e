import * as z from 'zod';
import { LumiscopeError } from '../errors.ts';
import type { Manifest } from './manifest.ts';

/** Relative to the catalogue's folder, and inside it: what a manifest names must not lead to another host or folder. */
const path = z
  .string()
  .regex(/^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9_.=-]+(?:\/[A-Za-z0-9_.=-]+)*$/, 'is no path inside the catalogue');
const count = z.int().min(0);
const int32 = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 31 - 1);
const int16 = z
  .int()
  .min(-(2 ** 15))
  .max(2 ** 15 - 1);
const eventNumber = z
  .string()
  .regex(/^(0|[1-9]\d{0,19})$/, 'is no event number')
  .refine((text) => BigInt(text) < 2n ** 64n, 'is more than 2^64 − 1');

const object = z.strictObject({
  path,
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in hex'),
});

const family = z.strictObject({
  dspid: int32,
  project: z.string().min(1),
  runNumber: z
    .int()
    .min(0)
    .max(2 ** 32 - 1),
  streamName: z.string().min(1),
  prodStep: z.string().min(1),
  /** Empty for raw data that nothing has processed. */
  amiTag: z.string(),
});

const part = z
  .strictObject({
    dspid: int32,
    dstypeid: int16,
    tid: count.optional(),
    rows: z.int().min(1),
    first: eventNumber,
    last: eventNumber,
    keys: object,
    records: object,
    index: object,
  })
  .refine(({ first, last }) => BigInt(first) <= BigInt(last), 'has a first event number that is more than the last');

const schema = z
  .strictObject({
    format: z.literal('lumiscope-catalogue'),
    version: z.literal(1),
    serial: count,
    title: z.string(),
    changed: z.iso.datetime(),
    changedBy: z.string().optional(),
    simulated: z.string().optional(),
    families: z.array(family),
    parts: z.array(part),
    ingested: z
      .array(
        z.strictObject({
          dspid: int32,
          dstypeid: int16,
          tid: count,
          generation: count.min(1),
          isPublished: z.boolean(),
        }),
      )
      .optional(),
    tables: z.strictObject({
      datasets: object,
      containers: object,
      dstypes: object,
      dsguids: object,
      menus: object,
    }),
    overlaps: object.optional(),
  })
  .superRefine(({ families, parts }, context) => {
    const known = new Set<number>();
    families.forEach(({ dspid }, k) => {
      if (known.has(dspid))
        context.addIssue({ code: 'custom', path: ['families', k, 'dspid'], message: 'is there twice' });
      known.add(dspid);
    });
    parts.forEach(({ dspid }, k) => {
      if (!known.has(dspid))
        context.addIssue({ code: 'custom', path: ['parts', k, 'dspid'], message: 'is in no family' });
    });
  });

/**
 * The manifest that a text holds, every field of it checked.
 * @param url what error messages call it
 * @throws LumiscopeError `format`, with the field at fault
 */
export function parseManifest(text: string, url: string): Manifest {
  const wrong = (what: string, hint: string, cause?: unknown) =>
    new LumiscopeError('format', `${url}: ${what}`, { hint, place: { file: url }, cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw wrong(
      'is no manifest of a catalogue: it is no JSON',
      'check the address; a catalogue is a folder with a manifest.json',
      cause,
    );
  }
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown };
  if (format !== 'lumiscope-catalogue')
    throw wrong('is no manifest of a catalogue', 'check the address; a catalogue is a folder with a manifest.json');
  if (version !== 1)
    throw wrong(
      `is a manifest of version ${String(version)}, this program reads version 1`,
      'use a newer version of this program',
    );
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data as Manifest;
  const [issue] = checked.error.issues;
  const where = issue!.path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
  throw wrong(
    `${where || 'the manifest'} ${messageOf(issue!)}`,
    'copy the manifest again, or write the catalogue anew',
  );
}

/** `is …`, behind the name of a field. */
function messageOf({ message }: { message: string }): string {
  return /^(is|has) /.test(message) ? message : `is wrong: ${message[0]!.toLowerCase()}${message.slice(1)}`;
}
