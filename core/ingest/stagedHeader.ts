/** What a staged object holds: event records of one job, as Parquet, file after file of events. */
import * as z from 'zod';
import { type Column, type Family, KEY_COLUMNS, RECORD_COLUMNS } from '../catalogue/tables.ts';
import { sha256Text } from './controlMessage.ts';
import { datasetText, FILES_AT_MOST, guidText } from './declaration.ts';

/** Key of the header, as JSON, in the metadata of the object. */
export const STAGED_HEADER = 'lumiscope.staged';

/** Known from the file, or decided by the catalogue: not staged. */
const NOT_STAGED = new Set(['seq', 'tid', 'file', 'guid_hi', 'guid_lo', 'prov_dstypeid']);

/** Columns of a staged object: those of event records, but what the file and the catalogue say of them. Columns of families that are absent are left out. */
export const STAGED_COLUMNS: readonly (Column & { family: Family })[] = [
  { ...KEY_COLUMNS[0]!, family: 'location' },
  ...RECORD_COLUMNS.filter(({ name }) => name !== 'eventno' && !NOT_STAGED.has(name)),
  /** Of the data types that an event came from: index in `provenanceTypes`. Goes with the other `prov_` columns. */
  { name: 'prov_type', type: 'uint8', depth: 1, nullable: false, family: 'provenance' },
];

const chains = z.array(z.string().max(256)).max(8192);

export const stagedHeaderSchema = z.strictObject({
  version: z.literal(1),
  dataset: datasetText,
  /** Of a job: row groups follow one another file by file, `groups` of each; a file's records ascend by event number, then by `oid1`, `oid2`. */
  files: z
    .array(z.strictObject({ guid: guidText, events: z.int().min(0), digest: sha256Text, groups: z.int().min(0) }))
    .min(1)
    .max(FILES_AT_MOST),
  families: z.array(z.enum(['provenance', 'l1', 'hlt'])),
  /** Names of data types: `RAW`, `AOD`. */
  provenanceTypes: z.array(z.string().max(64)).max(255),
  /** Super master key: bits are those of its menu. */
  smk: z.int().min(0).max(0x7fff_ffff).optional(),
  /** Where there is no key, or its menu is known: the chain of each bit, by level; empty for bits that stand for none. Without a key, datasets get the menu of all chains of their objects. */
  chains: z.strictObject({ l1: chains, hlt: chains }).optional(),
});

export type StagedHeader = z.infer<typeof stagedHeaderSchema>;
