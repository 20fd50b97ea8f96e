/**
 * Header and footer: the fields and columns of an ntuple, and its groups of clusters.
 * @see https://github.com/root-project/root/blob/master/tree/ntuple/doc/BinaryFormatSpecification.md
 */
import { Corrupt } from '../../errors.ts';
import type { EnvelopeLink } from './anchor.ts';
import type { EnvelopeCursor } from './cursor.ts';
import { type Envelope, readFeatureFlags, readLocator } from './envelope.ts';

export const ROLE = { leaf: 0, collection: 1, record: 2, variant: 3, streamer: 4 } as const;

/** A node of the schema's tree; its number is its place in the list. */
export interface FieldRecord {
  version: number;
  /** Its own number at the top. */
  parent: number;
  role: number;
  name: string;
  type: string;
  /** Values in each entry of a repetitive field (a fixed array, a bitset). */
  repetition?: number;
}

/** A physical column; its number is its place in the list. */
export interface ColumnRecord {
  type: number;
  bits: number;
  field: number;
  representation: number;
  /** Of a deferred column: elements before this one are zeros; negative where another representation has them. */
  firstElement: number;
  /** Of a quantised one. */
  range?: { minimum: number; maximum: number };
}

/** Shows a physical column as one of a projected field. */
export interface AliasRecord {
  column: number;
  field: number;
}

export interface Description {
  name: string;
  description: string;
  writer: string;
  fields: FieldRecord[];
  columns: ColumnRecord[];
  aliases: AliasRecord[];
}

/** Consecutive clusters that share a page list. */
export interface ClusterGroup {
  pageList: EnvelopeLink;
  clusters: number;
}

const REPETITIVE = 1;
const DEFERRED = 1;
const RANGED = 2;

/** @throws Corrupt, UnknownFeature */
export function readHeader({ payload }: Envelope): Description {
  readFeatureFlags(payload);
  const [name, description, writer] = [payload.text(), payload.text(), payload.text()];
  const header: Description = { name, description, writer, fields: [], columns: [], aliases: [] };
  readSchema(payload, header);
  return header;
}

/** Adds the footer's fields and columns to the header's. @throws Corrupt, UnknownFeature */
export function readFooter({ payload }: Envelope, headerChecksum: bigint, header: Description): ClusterGroup[] {
  readFeatureFlags(payload);
  if (payload.bits64() !== headerChecksum) throw new Corrupt('header and footer do not belong together');
  readSchema(payload.record(), header);
  const { count, items } = payload.list(48);
  return Array.from({ length: count }, () => {
    const group = items.record();
    group.part(16);
    const clusters = group.u32();
    const length = group.u64();
    return { clusters, pageList: { length, ...readLocator(group) } };
  });
}

/** Extra information on types is of no use here, and not read. */
function readSchema(cursor: EnvelopeCursor, { fields, columns, aliases }: Description): void {
  const records = <T>(into: T[], leastBytes: number, read: (record: EnvelopeCursor) => T) => {
    const { count, items } = cursor.list(leastBytes);
    for (let i = 0; i < count; i++) into.push(read(items.record()));
  };
  records(fields, 40, readField);
  records(columns, 20, readColumn);
  records(aliases, 16, (record) => ({ column: record.u32(), field: record.u32() }));
  fields.forEach(({ parent }, id) => {
    if (parent > id) throw new Corrupt(`field ${id} comes before its parent`);
  });
  if (columns.some(({ field }) => field >= fields.length))
    throw new Corrupt('a column belongs to a field that is not there');
  if (aliases.some(({ field, column }) => field >= fields.length || column >= columns.length))
    throw new Corrupt('an alias column stands for one that is not there');
}

/** The type's version and alias, the description and the source of a projection are of no use here. */
function readField(record: EnvelopeCursor): FieldRecord {
  const version = record.u32();
  record.u32();
  const parent = record.u32();
  const [role, flags] = [record.u16(), record.u16()];
  const [name, type] = [record.text(), record.text()];
  if (!(flags & REPETITIVE)) return { version, parent, role, name, type };
  record.text();
  record.text();
  return { version, parent, role, name, type, repetition: record.u64() };
}

function readColumn(record: EnvelopeCursor): ColumnRecord {
  const [type, bits] = [record.u16(), record.u16()];
  const field = record.u32();
  const [flags, representation] = [record.u16(), record.u16()];
  const firstElement = flags & DEFERRED ? record.i64() : 0;
  const range = flags & RANGED ? { minimum: record.f64(), maximum: record.f64() } : undefined;
  return { type, bits, field, representation, firstElement, ...(range && { range }) };
}
