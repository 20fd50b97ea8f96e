import { seqOf } from '../../../core/catalogue/eventKey.ts';
import type { Part } from '../../../core/catalogue/manifest.ts';
import type { FileRow, RecordBatch } from '../../../core/catalogue/tables.ts';
import { type PlainError, toPlain } from '../../../core/errors.ts';
import { type Keys, openKeys } from '../read/keyReader.ts';
import { readGroups, readIndex } from '../read/recordReader.ts';
import type { TaskContext } from '../taskContext.ts';

export interface AgreeInput {
  folder: string;
  part: Part;
  /** Declared files of its container. */
  files: readonly Pick<FileRow, 'file' | 'guid_hi' | 'guid_lo'>[];
}

/** Records of a part that can't be right. */
export interface Disagreement {
  /** How many. */
  records: number;
  /** The first ones, in words. */
  first: string[];
  /** What is wrong with an object: records behind it were not looked at. */
  error?: PlainError;
}

/** Records that are told one by one. */
const FEW = 20;
/** Row groups that are read at once. */
const GROUPS = 16;
const COLUMNS = ['eventno', 'seq', 'tid', 'file', 'guid_hi', 'guid_lo', 'oid1', 'oid2'];

/**
 * Reads all records of a part: whether they have the same keys in `records` as in `keys`, whether `seq` is the CRC of their reference, and whether their GUID is
 * that of their file.
 */
export async function run(
  context: TaskContext,
  { folder, part, files }: AgreeInput,
  signal: AbortSignal,
): Promise<Disagreement> {
  const found: Disagreement = { records: 0, first: [] };
  try {
    await compare(context, folder, part, new Map(files.map((file) => [file.file, file])), found, signal);
    return found;
  } catch (error) {
    if (signal.aborted) throw error;
    return { ...found, error: toPlain(error) };
  }
}

async function compare(
  context: TaskContext,
  folder: string,
  part: Part,
  files: ReadonlyMap<number, AgreeInput['files'][number]>,
  found: Disagreement,
  signal: AbortSignal,
): Promise<void> {
  const index = await readIndex(await context.object(folder, part.index), part, signal);
  const source = await context.object(folder, part.records);
  const reader = await openKeys(await context.object(folder, part.keys), part, signal);
  let group = 0;
  for await (const keys of reader.stream(['seq', 'tid', 'file'], {}, signal)) {
    // Row groups of keys end where one of records does.
    const groups: number[] = [];
    while (group < index.first.length && index.rows[group]! < keys.row + keys.rows) groups.push(group++);
    for (let at = 0; at < groups.length; at += GROUPS) {
      const some = groups.slice(at, at + GROUPS);
      const batches = await readGroups(source, index, some, { columns: COLUMNS, signal });
      for (const [k, batch] of batches.entries()) compareGroup(batch, keys, index.rows[some[k]!]!, files, part, found);
    }
  }
}

function compareGroup(
  { rows, columns }: RecordBatch,
  keys: Keys,
  row: number,
  files: ReadonlyMap<number, AgreeInput['files'][number]>,
  { records }: Part,
  found: Disagreement,
): void {
  const values = (name: string) => columns.get(name)!.values;
  const [eventno, seq, tid, file] = ['eventno', 'seq', 'tid', 'file'].map(values) as [
    BigUint64Array,
    Int16Array,
    BigInt64Array,
    Int32Array,
  ];
  const [hi, lo, oid1, oid2] = ['guid_hi', 'guid_lo', 'oid1', 'oid2'].map(values) as BigUint64Array[];
  for (let i = 0; i < rows; i++) {
    const k = row - keys.row + i;
    const guid = { hi: hi![i]!, lo: lo![i]! };
    const declared = files.get(file[i]!);
    const reason =
      eventno[i] !== keys.eventno[k] || seq[i] !== keys.seq[k] || tid[i] !== keys.tid[k] || file[i] !== keys.file[k]
        ? `is another one in keys: event ${keys.eventno[k]}, seq ${keys.seq[k]}, file ${keys.file[k]}`
        : seqOf({ guid, oid1: oid1![i]!, oid2: oid2![i]! }) !== seq[i]
          ? 'has a seq that is not the CRC of its reference'
          : declared && (declared.guid_hi !== guid.hi || declared.guid_lo !== guid.lo)
            ? 'has another GUID than its file'
            : undefined;
    if (reason === undefined) continue;
    found.records++;
    if (found.first.length < FEW)
      found.first.push(`${records.path}: row ${row + i}, event ${eventno[i]} of file ${file[i]} ${reason}`);
  }
}
