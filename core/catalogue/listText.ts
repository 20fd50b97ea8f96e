/** Lists of events as other programs read them: `parsePickList` reads each of them back. */
import { exactNumber } from './exactNumber.ts';
import type { EventSet } from './stream.ts';

const FORMATS = { text: listText, csv: listCsv, json: listJson };
export type ListFormat = keyof typeof FORMATS;

/** A list as text, CSV or JSON. */
export function printList(format: ListFormat, events: EventSet): string {
  return FORMATS[format](events);
}

/** `run event`, a line each. */
function listText(events: EventSet): string {
  return lines(events, (run, event) => `${run} ${event}\n`).join('');
}

function listCsv(events: EventSet): string {
  return `run,event\r\n${lines(events, (run, event) => `${run},${event}\r\n`).join('')}`;
}

/** Event numbers that a double can't hold are strings. */
function listJson(events: EventSet): string {
  return `[\n${lines(events, (run, event) => JSON.stringify({ run, event: exactNumber(event) })).join(',\n')}\n]\n`;
}

function lines({ runs }: EventSet, line: (run: number, event: bigint) => string): string[] {
  return runs.flatMap(({ runNumber, events }) => Array.from(events, (event) => line(runNumber, event)));
}
