import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { type IdentityPart, identityColumn } from '../../core/schema/eventIdentity.ts';
import type { EventAddress, EventNumber, EventTable, FoundEvents } from '../eventTable.ts';
import type { SessionFile } from './files.ts';

const NAMES: Record<IdentityPart, string> = { run: 'run', block: 'luminosityBlock', event: 'event' };

/** Places of one event at most: a number that is no number, such as 0 everywhere, fits all. */
const MOST_PLACES = 1000;

/**
 * Looks for an event by its numbers; chunks whose statistics rule it out are not read.
 * @param collect the events of some files that pass the cuts of a document
 */
export async function findEvent(
  number: EventNumber,
  files: readonly (readonly SessionFile[])[],
  collect: (
    document: AnalysisDocument,
    files: readonly (readonly SessionFile[])[],
    limit: number,
  ) => Promise<EventTable>,
): Promise<FoundEvents> {
  const parts = (['run', 'block', 'event'] as const).filter((part) => number[part] !== undefined);
  const found: FoundEvents = { addresses: [], files: 0, events: 0, without: [] };
  /** Files with the same names of columns are looked into together. */
  const groups = new Map<string, { names: string[]; places: { dataset: number; file: number }[] }>();
  for (const [dataset, list] of files.entries()) {
    for (const [file, one] of list.entries()) {
      const names = parts.map((part) => identityColumn(one.schema, part));
      const lacking = parts[names.indexOf(undefined)];
      if (lacking) {
        found.without.push({ file: one.name, column: NAMES[lacking] });
        continue;
      }
      found.files++;
      found.events += one.summary.events;
      const group = groups.get(names.join()) ?? { names: names as string[], places: [] };
      group.places.push({ dataset, file });
      groups.set(names.join(), group);
    }
  }
  for (const { names, places } of groups.values()) {
    const document: AnalysisDocument = {
      lumiscope: 1,
      datasets: places.map((_, k) => ({ name: String(k), files: [] })),
      define: [],
      select: names.map((name, k) => ({ name, expression: `${name} == ${number[parts[k]!]}`, enabled: true })),
      histograms: [],
      defaults: {},
    };
    const table = await collect(
      document,
      places.map(({ dataset, file }) => [files[dataset]![file]!]),
      MOST_PLACES,
    );
    for (let row = 0; row < table.rows; row++)
      found.addresses.push({ ...places[table.dataset[row]!]!, event: table.event[row]! });
  }
  found.addresses.sort(byPlace);
  return found;
}

function byPlace(a: EventAddress, b: EventAddress): number {
  return a.dataset - b.dataset || a.file - b.file || a.event - b.event;
}
