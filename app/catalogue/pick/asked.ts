/** What a pick was asked, as its link holds it. */
import { listFromLink, listToLink } from '../../../core/catalogue/listLink.ts';
import type { PickOptions } from '../../../core/catalogue/pickChoice.ts';
import { type EventSet, eventsOf } from '../../../core/catalogue/stream.ts';
import { type KeptList, keepList } from '../lists.ts';

type Parameters = Readonly<Record<string, string>>;

/** What a person types; empty where nothing is said. */
export interface PickFields {
  type: string;
  version: string;
  stream: string;
  step: string;
}

export const FIELD_NAMES = ['type', 'version', 'stream', 'step'] as const;

export function fieldsOf(parameters: Parameters): PickFields {
  const { type = '', version = '', stream = '', step = '' } = parameters;
  return { type, version, stream, step };
}

export function optionsOf({ type, version, stream, step }: PickFields): PickOptions {
  const said = (text: string) => (text.trim() === '' ? undefined : text.trim());
  return { dataType: said(type), version: said(version), stream: said(stream), prodStep: said(step) };
}

/** The events that a link asks for, if any; how many of them can't be read; the name of a kept list that is not here. */
export function askedOf(
  { events, list }: Parameters,
  lists: readonly KeptList[],
): { events?: EventSet; wrong?: number; lost?: string } {
  if (list !== undefined) {
    const kept = lists.find(({ name }) => name === list);
    return kept ? { events: kept.events } : { lost: list };
  }
  if (events === undefined) return {};
  const { events: asked, wrong } = listFromLink(events);
  return { wrong, ...(eventsOf(asked) > 0 && { events: asked }) };
}

/** Parameters that ask for events: the numbers themselves, or, of a long list, the name under which it is kept, from now on if it was not. */
export async function parametersOf(
  events: EventSet,
  lists: readonly KeptList[],
): Promise<Record<string, string | undefined>> {
  const text = listToLink(events);
  if (text !== undefined) return { events: text, list: undefined };
  const kept = lists.find((list) => isSame(list.events, events));
  return {
    events: undefined,
    list: kept ? kept.name : await keepList('Pasted events', events, 'pasted into Pick'),
  };
}

function isSame(a: EventSet, b: EventSet): boolean {
  return (
    a.runs.length === b.runs.length &&
    a.runs.every(({ runNumber, events }, at) => {
      const other = b.runs[at]!;
      return (
        runNumber === other.runNumber &&
        events.length === other.events.length &&
        events.every((event, k) => event === other.events[k])
      );
    })
  );
}
