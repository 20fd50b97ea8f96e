import type { Manifest, Part } from '../../../core/catalogue/manifest.ts';
import { eventsOf, type Stream } from '../../../core/catalogue/stream.ts';
import { KEYS_OF_GROUP } from '../../../core/catalogue/tables.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import { placeOf } from './placeOf.ts';

/** A part of a stream's records. */
export interface StreamPart {
  stream: number;
  part: Part;
}

/** Events of a set. */
export interface StreamEvents {
  stream: number;
  events: BigUint64Array;
}

/** Event numbers of one run, from `first` to `last`, and what has some of them. */
export interface RangeTask {
  runNumber: number;
  first: bigint;
  last: bigint;
  parts: StreamPart[];
  sets: StreamEvents[];
}

/** Records of a range, as far as the manifest tells. */
const LEAST_RECORDS = 2 ** 20;
const MOST_RECORDS = 2 ** 23;
/** Ranges for each thread: the last ones to end should not keep others waiting. */
const RANGES_OF_THREAD = 4;
/** Row groups of each stream in a range, about. */
const GROUPS_OF_RANGE = 2;

/** Points of a part that its records are taken to lie between, evenly. */
const POINTS = 8;

/** Everything of a run that streams have. */
interface RunContents {
  parts: StreamPart[];
  sets: StreamEvents[];
}

/** A place in a run, and how many records there may be since the last one. */
interface Point {
  at: bigint;
  records: number;
}

/**
 * Cuts the event numbers of each run where so many records may lie between. Ranges that no stream has anything in are left out.
 * @throws LumiscopeError `document` for a member that the catalogue has no dataset for
 */
export function planRanges(manifest: Manifest, streams: readonly Stream[], records: number): RangeTask[] {
  const runs = [...contentsOfRuns(manifest, streams)].sort(([a], [b]) => a - b);
  return runs.flatMap(([runNumber, contents]) => {
    const points = pointsOf(contents).sort(({ at: a }, { at: b }) => (a < b ? -1 : a > b ? 1 : 0));
    const tasks: RangeTask[] = [];
    let first = points[0]?.at ?? 0n;
    let sum = 0;
    points.forEach(({ at, records: more }, i) => {
      sum += more;
      const isLast = i === points.length - 1;
      if (!isLast && (sum < records || at < first)) return;
      tasks.push(withContents(contents, runNumber, first, at));
      first = at + 1n;
      sum = 0;
    });
    return tasks.filter(({ parts, sets }) => parts.length + sets.length > 0);
  });
}

/**
 * How many records a range should have. Row groups that two ranges share are read twice: where there are many streams, ranges are long.
 * @param streams that are read together
 */
export function rangeRecords(total: number, streams: number, threads: number): number {
  const even = Math.ceil(total / (threads * RANGES_OF_THREAD));
  const long = Math.min(GROUPS_OF_RANGE * KEYS_OF_GROUP * streams, Math.ceil(total / threads));
  return Math.max(LEAST_RECORDS, Math.min(even, MOST_RECORDS), long);
}

/** Records that streams have: those of overlapping members count for each stream. */
export function recordsOf(manifest: Manifest, streams: readonly Stream[]): number {
  return streams.reduce((sum, stream) => {
    if ('events' in stream) return sum + eventsOf(stream.events);
    return partsOf(manifest, stream).reduce((own, { rows }) => own + rows, sum);
  }, 0);
}

/** Parts of a stream's members; a member that is named twice counts once. */
function partsOf(manifest: Manifest, { members }: Extract<Stream, { members: unknown }>): Part[] {
  const keys = new Set(members.map(({ dspid, dstypeid }) => `${dspid}/${dstypeid}`));
  return manifest.parts.filter(({ dspid, dstypeid, rows }) => rows > 0 && keys.has(`${dspid}/${dstypeid}`));
}

function contentsOfRuns(manifest: Manifest, streams: readonly Stream[]): Map<number, RunContents> {
  const runs = new Map<number, RunContents>();
  const contentsOf = (runNumber: number) => {
    const contents = runs.get(runNumber) ?? { parts: [], sets: [] };
    runs.set(runNumber, contents);
    return contents;
  };
  const runNumbers = new Map(manifest.families.map(({ dspid, runNumber }) => [dspid, runNumber]));
  streams.forEach((stream, i) => {
    if ('events' in stream) {
      for (const { runNumber, events } of stream.events.runs) contentsOf(runNumber).sets.push({ stream: i, events });
      return;
    }
    const unknown = stream.members.find(({ dspid }) => !runNumbers.has(dspid));
    if (unknown) {
      throw new LumiscopeError(
        'document',
        `the catalogue has no dataset ${unknown.dspid}, of the stream ${stream.name}`,
        {
          hint: 'open the catalogue again, and choose the streams anew',
        },
      );
    }
    for (const part of partsOf(manifest, stream))
      contentsOf(runNumbers.get(part.dspid)!).parts.push({ stream: i, part });
  });
  return runs;
}

function pointsOf({ parts, sets }: RunContents): Point[] {
  const points: Point[] = [];
  for (const { part } of parts) {
    const first = BigInt(part.first);
    const span = BigInt(part.last) - first;
    points.push({ at: first, records: 0 });
    for (let k = 1n; k <= POINTS; k++)
      points.push({ at: first + (span * k) / BigInt(POINTS), records: part.rows / POINTS });
  }
  for (const { events } of sets) {
    if (events.length === 0) continue;
    points.push({ at: events[0]!, records: 0 });
    for (let k = 1; k <= POINTS; k++)
      points.push({ at: events[Math.ceil((events.length * k) / POINTS) - 1]!, records: events.length / POINTS });
  }
  return points;
}

function withContents({ parts, sets }: RunContents, runNumber: number, first: bigint, last: bigint): RangeTask {
  return {
    runNumber,
    first,
    last,
    parts: parts.filter(({ part }) => BigInt(part.first) <= last && BigInt(part.last) >= first),
    sets: sets.flatMap(({ stream, events }) => {
      // A copy: only what the task needs goes to its thread.
      const own = events.slice(placeOf(events, first), placeOf(events, last, true));
      return own.length > 0 ? [{ stream, events: own }] : [];
    }),
  };
}
