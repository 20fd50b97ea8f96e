/** Lists of events in links: `358031:12,99;358032:7`. Long ones have a name instead. */
import { parsePickList } from './pickList.ts';
import type { EventSet } from './stream.ts';

/** Characters that a list may take in a link. */
const MOST = 3000;

/** Undefined where the list is too long for a link. */
export function listToLink({ runs }: EventSet): string | undefined {
  let text = '';
  for (const { runNumber, events } of runs) {
    // The shortest event numbers take two characters with their comma.
    if (text.length + 2 * events.length > MOST) return undefined;
    text += `${text && ';'}${runNumber}:${events.join(',')}`;
  }
  return text.length > MOST ? undefined : text;
}

/** The events of a link, and how many of them can't be read, and are left out. */
export function listFromLink(text: string): { events: EventSet; wrong: number } {
  const lines = text.split(';').flatMap((own) => {
    const [run, events = ''] = own.split(':');
    return events.split(',').map((event) => `${run} ${event}`);
  });
  const { events, wrong } = parsePickList(lines.join('\n'));
  return { events, wrong: wrong.length };
}
