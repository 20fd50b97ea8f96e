import { type PickOptions, type Searched, searchedByRun } from '../../../core/catalogue/pickChoice.ts';
import { type FoundRecords, gatherPicked, type Picked } from '../../../core/catalogue/picked.ts';
import { MOST_PICKED } from '../../../core/catalogue/pickList.ts';
import {
  lookedInto,
  type PickCost,
  partPicks,
  pickCost,
  planRuns,
  type RunPlan,
  withoutFound,
} from '../../../core/catalogue/pickPlan.ts';
import { type EventSet, eventsOf } from '../../../core/catalogue/stream.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import type { OpenCatalogue } from '../openCatalogue.ts';
import { dataTypeNames } from './names.ts';

/** Events, and what is said of the data in which they are looked for. */
export interface PickRequest extends PickOptions {
  /** At most `MOST_PICKED`. */
  events: EventSet;
}

export interface PickSteps {
  signal?: AbortSignal | undefined;
  /** Parts that were looked into, of those that will be as far as is known. */
  onProgress?: ((progress: { done: number; total: number; unit: string }) => void) | undefined;
}

/** Parts that a thread looks into at once: it waits for two answers in a row for each, and computes little. */
const PICKS_AT_ONCE = 8;

/** Records that one pick may give. */
const MOST_HITS = 200_000;

/**
 * Finds the records of events: by the manifest, the parts that may hold them; then of each part its index, in one request, and those row groups of whole records
 * that may, neighbours in one request. Which data types and versions are looked into, and in which order, where the request leaves that open: `chooseSearched`.
 * @throws LumiscopeError `limit` for too many events or records; `source`, `format` naming the object; `cancelled`
 */
export async function pickEvents(
  catalogue: OpenCatalogue,
  request: PickRequest,
  { signal, onProgress }: PickSteps = {},
): Promise<Picked> {
  const { events } = request;
  checkCount(events);
  const plans = plansOf(catalogue, request);
  const left = new Map(events.runs.map((run) => [run.runNumber, run.events]));
  const done = new Map(plans.map(({ runNumber }) => [runNumber, 0]));
  const found: FoundRecords[] = [];
  let looked = 0;
  let hits = 0;
  for (let round = 0; ; round++) {
    const going = plans.filter(({ runNumber, rounds }) => round < rounds.length && left.get(runNumber)!.length > 0);
    if (going.length === 0) break;
    const picks = going.flatMap(({ runNumber, rounds }) => partPicks(runNumber, left.get(runNumber)!, rounds[round]!));
    const total = looked + picks.length;
    const seen = new Map<number, bigint[]>();
    await catalogue.threads.all(
      'pick',
      picks.map(({ part, events: own }) => ({ folder: catalogue.folder, part, events: own.slice() })),
      {
        signal,
        atOnce: PICKS_AT_ONCE,
        onResult: ({ rows, columns }, index) => {
          onProgress?.({ done: ++looked, total, unit: 'parts' });
          if (rows === 0) return;
          hits += rows;
          if (hits > MOST_HITS) throw tooMany(hits);
          const { part, runNumber } = picks[index]!;
          found.push({ dspid: part.dspid, dstypeid: part.dstypeid, rows, columns });
          const own = seen.get(runNumber) ?? [];
          seen.set(runNumber, own);
          for (const event of columns.get('eventno')!.values as BigUint64Array) own.push(event);
        },
      },
    );
    for (const { runNumber } of going) {
      done.set(runNumber, round + 1);
      left.set(runNumber, withoutFound(left.get(runNumber)!, seen.get(runNumber) ?? []));
    }
  }
  return gatherPicked(
    events,
    plans.map((plan) => lookedInto(plan, done.get(plan.runNumber)!)),
    found,
  );
}

/** What `pickEvents` will ask for, before it does. */
export function pickEventsCost(catalogue: OpenCatalogue, request: PickRequest): PickCost {
  return pickCost(request.events, plansOf(catalogue, request));
}

function plansOf(catalogue: OpenCatalogue, request: PickRequest): RunPlan[] {
  return planRuns(request.events, request, membersOf(catalogue));
}

const members = new WeakMap<OpenCatalogue, Map<number, Searched[]>>();

/** What a catalogue holds, by run number; worked out once. */
export function membersOf(catalogue: OpenCatalogue): Map<number, Searched[]> {
  let known = members.get(catalogue);
  if (!known) {
    known = searchedByRun(catalogue.manifest, dataTypeNames(catalogue));
    members.set(catalogue, known);
  }
  return known;
}

function checkCount(events: EventSet): void {
  const count = eventsOf(events);
  if (count > MOST_PICKED)
    throw new LumiscopeError('limit', `${count} events are too many for one pick, which takes ${MOST_PICKED}`, {
      hint: 'pick parts of the list one after the other',
    });
}

function tooMany(hits: number): LumiscopeError {
  return new LumiscopeError('limit', `more than ${hits} records were found, and one pick gives ${MOST_HITS}`, {
    hint: 'choose one data type or version, or fewer events',
  });
}
