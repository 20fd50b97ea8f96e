/**
 * Lists of events as people have them: `run event` a line, separated by blanks, commas, colons, semicolons or `/`; `run:lumi:event`, as our own event lists
 * print; CSV whose columns have names; JSON. Numbers stay exact up to 2^64 − 1.
 */
import { type EventSet, eventSet, eventsOf } from './stream.ts';

/** Events that one pick takes. */
export const MOST_PICKED = 10_000;

/** A line (of JSON: an item) that is no event. */
export interface WrongLine {
  /** From 1. */
  line: number;
  text: string;
  reason: string;
}

export interface PickList {
  /** Each event once. */
  events: EventSet;
  /** Events in it. */
  count: number;
  /** Lines that name an event which an earlier line names. */
  repeated: number;
  wrong: WrongLine[];
}

const RUN = ['run', 'runnumber', 'runno'];
const EVENT = ['event', 'eventnumber', 'eventno', 'evt'];
/** What separates numbers; any number of blanks, or one mark with blanks around it. */
const SEPARATOR = /\s*[,:;/]\s*|\s+/;
const UINT64_MAX = 2n ** 64n - 1n;
const RUN_MAX = 2n ** 32n - 1n;
/** Of a wrong line, as it is shown. */
const SHOWN = 80;

/** Reads a list; what can't be read is listed, never dropped. */
export function parsePickList(text: string): PickList {
  const list = new ListBuilder();
  const body = text.replace(/^\uFEFF/, '');
  if (/^\s*[[{]/.test(body)) readJson(body, list);
  else readLines(body, list);
  return list.finish();
}

class ListBuilder {
  readonly #runs: number[] = [];
  readonly #events: bigint[] = [];
  readonly #wrong: WrongLine[] = [];

  add(run: string, event: string, line: number, text: string): void {
    const trouble = troubleOf('run number', run, RUN_MAX) ?? troubleOf('event number', event, UINT64_MAX);
    if (trouble !== undefined) return this.refuse(line, text, trouble);
    this.#runs.push(Number(run));
    this.#events.push(BigInt(event));
  }

  refuse(line: number, text: string, reason: string): void {
    this.#wrong.push({ line, text: text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text, reason });
  }

  finish(): PickList {
    const events = eventSet(this.#runs, BigUint64Array.from(this.#events));
    const count = eventsOf(events);
    return { events, count, repeated: this.#runs.length - count, wrong: this.#wrong };
  }
}

function troubleOf(what: string, text: string, most: bigint): string | undefined {
  if (text === '') return `there is no ${what}`;
  if (!/^\d+$/.test(text)) return `${text.slice(0, 24)} is no ${what}`;
  // Twenty digits and leading zeros: longer ones need not be made a number to be refused.
  return text.replace(/^0+/, '').length > 20 || BigInt(text) > most ? `the ${what} is past ${most}` : undefined;
}

function readLines(text: string, list: ListBuilder): void {
  let header: Header | undefined;
  let isFirst = true;
  text.split(/\r\n|\n|\r/).forEach((whole, index) => {
    const content = whole.replace(/#.*$/, '').trim();
    if (content === '') return;
    if (isFirst) {
      isFirst = false;
      header = headerOf(content);
      if (header) return;
    }
    const cells = cellsOf(content, header?.separator ?? SEPARATOR);
    const { run, event } = header ?? placesOf(content, cells);
    if (run === undefined || event === undefined) {
      const reason =
        cells.length < 2
          ? 'a run number and an event number are needed'
          : `${cells.length} values: a line is run and event, run:lumi:event, or has columns that a first line names`;
      list.refuse(index + 1, content, reason);
    } else {
      list.add(cells[run] ?? '', cells[event] ?? '', index + 1, content);
    }
  });
}

/** The values of a line; of one in quotes, what is between them. */
function cellsOf(line: string, separator: RegExp): string[] {
  const quoted: string[] = [];
  const bare = line.replace(/"((?:[^"]|"")*)"/g, (_, inside: string) => `"${quoted.push(inside) - 1}`);
  return bare.split(separator).map((cell) => (cell.startsWith('"') ? quoted[Number(cell.slice(1))]! : cell.trim()));
}

/** Where run and event stand on a line without names of columns. */
function placesOf(line: string, cells: readonly string[]): { run?: number; event?: number } {
  if (cells.length === 2) return { run: 0, event: 1 };
  return cells.length === 3 && /^[^\s,;/]+$/.test(line.replace(/\s*:\s*/g, ':')) ? { run: 0, event: 2 } : {};
}

interface Header {
  run: number;
  event: number;
  /** Of the table's lines: other marks may stand in its values. */
  separator: RegExp;
}

/** The columns that a first line names; undefined where it is no such line. */
function headerOf(line: string): Header | undefined {
  const separator = [/,/, /;/, /\t/].find((mark) => mark.test(line)) ?? SEPARATOR;
  const names = cellsOf(line, separator).map(plainName);
  const run = names.findIndex((name) => RUN.includes(name));
  const event = names.findIndex((name) => EVENT.includes(name));
  return run < 0 || event < 0 ? undefined : { run, event, separator };
}

const plainName = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');

/** A list of pairs or of objects with `run` and `event`, or an object with a list of events for each run. */
function readJson(text: string, list: ListBuilder): void {
  let value: unknown;
  try {
    // Numbers become text first: a double would round them.
    const exact = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
      token.startsWith('"') ? token : `"${token}"`,
    );
    value = JSON.parse(exact);
  } catch (error) {
    list.refuse(1, text.slice(0, SHOWN), `it begins as JSON, and can't be read as such: ${(error as Error).message}`);
    return;
  }
  if (Array.isArray(value)) addItems(value, list);
  else addObject(value as object, list);
}

function addItems(items: readonly unknown[], list: ListBuilder): void {
  for (const [index, item] of items.entries()) addItem(item, index + 1, list);
}

function addItem(item: unknown, line: number, list: ListBuilder): void {
  const text = JSON.stringify(item);
  if (Array.isArray(item) && item.length === 2) list.add(String(item[0]), String(item[1]), line, text);
  else if (item !== null && typeof item === 'object' && !Array.isArray(item)) {
    const entries = Object.entries(item).map(([name, value]) => [plainName(name), String(value)] as const);
    const of = (names: string[]) => entries.find(([name]) => names.includes(name))?.[1] ?? '';
    list.add(of(RUN), of(EVENT), line, text);
  } else list.refuse(line, text, 'an item is [run, event], or has a run and an event');
}

function addObject(value: object, list: ListBuilder): void {
  const named = Object.entries(value).find(([name]) => name === 'events')?.[1];
  if (Array.isArray(named)) {
    addItems(named, list);
    return;
  }
  let line = 0;
  for (const [run, events] of Object.entries(value)) {
    if (Array.isArray(events)) for (const event of events) list.add(run, String(event), ++line, `${run}: ${event}`);
    else list.refuse(++line, run, 'a run has a list of event numbers');
  }
}
