import { LumiscopeError } from '../../../core/errors.ts';
import type { DatasetTemplate } from '../../../core/ingest/datasetTemplate.ts';
import type { EventFile } from '../../formats/eventFile.ts';
import { openEventFile } from '../../formats/open.ts';
import type { FileAddress, PinnedFile } from '../../io/byteSource.ts';
import { openSourceInNode } from '../../io/nodeFile.ts';
import { nameOf } from '../../schedule/files.ts';
import { fileGuid } from './fileGuid.ts';
import { type GivenColumns, type HeaderColumns, headerColumns } from './headerColumns.ts';

/** A file of events to be read, and what a person says of it. */
export interface EventInput {
  address: FileAddress;
  /** Instead of the file's own. */
  guid?: string | undefined;
  columns?: GivenColumns | undefined;
}

/** What is known of a file once it was open. */
export interface EventFacts {
  name: string;
  guid: string;
  events: number;
  bytes: number;
  pinned: PinnedFile;
}

export interface OpenedEvents {
  facts: EventFacts;
  file: EventFile;
  names: HeaderColumns;
}

/** Opens a file of events. @param known from an opening before: then it is the same version, or an error @throws LumiscopeError `format`, `source`, `cancelled` */
export async function openEvents(
  { address, guid, columns }: EventInput,
  signal?: AbortSignal,
  known?: EventFacts,
): Promise<OpenedEvents> {
  const opening = { counter: { bytes: 0, requests: 0 }, pinned: known?.pinned, ...(signal && { signal }) };
  const { source, file: pinned } = await openSourceInNode(address, opening);
  const file = await openEventFile(source, pinned, signal);
  const { events } = file.summary;
  const facts = known ?? {
    name: nameOf(address),
    guid: guid ?? (await fileGuid(source, file, signal)),
    events,
    bytes: source.size,
    pinned,
  };
  return { facts, file, names: headerColumns(file.summary, columns) };
}

/** How many events of a file belong to each dataset. Only for a name for each run the runs are read. */
export async function countEvents(
  { facts, file, names }: OpenedEvents,
  template: DatasetTemplate,
  signal?: AbortSignal,
): Promise<Map<string, number>> {
  if (template.name !== undefined) return new Map([[template.name, facts.events]]);
  const counts = new Map<string, number>();
  for (const chunk of file.summary.chunks.keys()) {
    const [column] = await file.readChunk(chunk, [names.run], signal);
    const runs = new Map<number | bigint, number>();
    for (const run of column!.values) runs.set(run, (runs.get(run) ?? 0) + 1);
    for (const [run, events] of runs) {
      const name = template.nameFor(Number(run));
      counts.set(name, (counts.get(name) ?? 0) + events);
    }
  }
  return counts;
}

/** @throws LumiscopeError `document` where two files have the same GUID */
export function checkGuids(files: readonly Pick<EventFacts, 'guid' | 'name'>[]): void {
  const known = new Map<string, string>();
  for (const { guid, name } of files) {
    const other = known.get(guid);
    if (other !== undefined)
      throw new LumiscopeError('document', `${name} and ${other} have the same GUID, ${guid}`, {
        hint: 'one is a copy of the other, and left out; or give each its own by --guid',
      });
    known.set(guid, name);
  }
}
