/** What can be asked about datasets and containers. */

export type FieldKind = 'text' | 'number' | 'flag' | 'time';

export interface QueryField {
  /** As in the tables. */
  name: string;
  kind: FieldKind;
  /** Shorter names that stand for it. */
  aliases?: readonly string[];
  about: string;
}

export const QUERY_FIELDS: readonly QueryField[] = [
  { name: 'name', kind: 'text', about: 'the whole name' },
  { name: 'project', kind: 'text', about: 'data18_13TeV, mc16_13TeV' },
  { name: 'run_number', kind: 'number', aliases: ['run', 'dsid'], about: 'run, or dataset number of simulation' },
  { name: 'stream_name', kind: 'text', aliases: ['stream'], about: 'physics_Main, or physics short name' },
  { name: 'prod_step', kind: 'text', aliases: ['step'], about: 'daq, merge, deriv' },
  { name: 'data_type', kind: 'text', aliases: ['type'], about: 'AOD, DAOD_EGAM7' },
  { name: 'format', kind: 'text', about: 'AOD, DAOD' },
  { name: 'group', kind: 'text', about: 'what derivations are made for: EGAM7' },
  { name: 'ami_tag', kind: 'text', aliases: ['tag', 'version'], about: 'versions of what made it: r13286_p4910' },
  { name: 'tid', kind: 'number', about: 'task and its part' },
  { name: 'dspid', kind: 'number', about: 'number of project, run, stream, step and tag' },
  { name: 'dstypeid', kind: 'number', about: 'number of the data type' },
  { name: 'smk', kind: 'number', about: 'super master key: its trigger menu' },
  { name: 'state', kind: 'text', about: 'registered, importing, imported, validated, failed, obsolete' },
  { name: 'state_details', kind: 'text', about: 'why it is in its state' },
  { name: 'state_time', kind: 'time', about: 'since when it is in its state' },
  { name: 'inserted', kind: 'time', about: 'when it came into the catalogue' },
  { name: 'events_rucio', kind: 'number', about: 'declared events' },
  { name: 'files_rucio', kind: 'number', about: 'declared files' },
  { name: 'bytes', kind: 'number', about: 'of the declared files' },
  { name: 'events', kind: 'number', about: 'counted records' },
  { name: 'events_uniq', kind: 'number', about: 'counted distinct events' },
  { name: 'events_dup', kind: 'number', about: 'events that occur more than once' },
  { name: 'files', kind: 'number', about: 'counted files' },
  { name: 'files_dup', kind: 'number', about: 'files with duplicates' },
  { name: 'datasets', kind: 'number', about: 'of a container: how many it holds' },
  { name: 'source_path', kind: 'text', about: 'where its records came from' },
  { name: 'is_open', kind: 'flag', about: 'files may still be added' },
  { name: 'has_raw', kind: 'flag', about: 'references to raw data' },
  { name: 'has_trigger', kind: 'flag', about: 'trigger decisions' },
  { name: 'prov_seen', kind: 'flag', about: 'provenance' },
];

const BY_NAME = new Map(
  QUERY_FIELDS.flatMap((field) => [field.name, ...(field.aliases ?? [])].map((name) => [name, field])),
);

/** A field by its name or a shorter one. */
export function fieldOf(name: string): QueryField | undefined {
  return BY_NAME.get(name.toLowerCase());
}
