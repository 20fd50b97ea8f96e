/** Which streams the link asks for. */
import { type ContainerStream, derivationsOf, firstDataset, streamsOf } from '../../../core/catalogue/chooseStreams.ts';
import { keyOf } from '../../../core/catalogue/find.ts';
import type { Manifest } from '../../../core/catalogue/manifest.ts';
import type { Stream } from '../../../core/catalogue/stream.ts';
import { shortStreamNames } from '../../../core/catalogue/streamNames.ts';
import type { ContainerRow } from '../../../core/catalogue/tables.ts';
import type { KeptList } from '../lists.ts';

/** Streams with what is shown of them. */
export interface ChosenStreams {
  streams: Stream[];
  /** Short, and different. */
  labels: string[];
  /** Of the streams that come from the catalogue. */
  containers: ContainerRow[];
  /** Mean bytes of an event in each, where known. */
  sizes: (number | undefined)[];
  /** What the link names and is not here: kept lists, and containers. */
  lost: { lists: string[]; containers: string[] };
}

export interface StreamChoice {
  /** A dataset, all of whose derivations are streams. */
  dataset: number | undefined;
  /** Instead of it: containers, by `keyOf`; absent where a dataset is chosen. */
  containers: readonly string[] | undefined;
  /** Containers that differ in the run only are one stream. */
  runsTogether: boolean;
  lists: readonly string[];
}

/** Parameters of the link: `of`, `streams`, `together`, `lists`; names of lists are encoded, so that blanks separate them. */
export function choiceOf(parameters: Readonly<Record<string, string>>): StreamChoice {
  const { of, streams, together, lists = '' } = parameters;
  return {
    dataset: of === undefined || !/^-?\d+$/.test(of) ? undefined : Number(of),
    containers: streams?.split(',').filter((key) => key !== ''),
    runsTogether: together !== undefined,
    lists: lists.split(' ').filter(Boolean).map(decoded),
  };
}

export function parametersOf(change: Partial<StreamChoice>): Record<string, string | undefined> {
  const { dataset, containers, runsTogether, lists } = change;
  return {
    ...('dataset' in change && { of: dataset === undefined ? undefined : String(dataset) }),
    // None at all is still a choice of containers.
    ...('containers' in change && { streams: containers && (containers.join(',') || ',') }),
    ...(runsTogether !== undefined && { together: runsTogether ? 'runs' : undefined }),
    ...(lists && { lists: lists.map(encodeURIComponent).join(' ') || undefined }),
  };
}

export function chosenStreams(
  { dataset, containers: keys, runsTogether, lists }: StreamChoice,
  containers: readonly ContainerRow[],
  kept: readonly KeptList[],
): ChosenStreams {
  const first = dataset ?? firstDataset(containers);
  const own = keys
    ? containers.filter((row) => keys.includes(keyOf(row)))
    : first === undefined
      ? []
      : derivationsOf(containers, first);
  const data: ContainerStream[] = streamsOf(own, { runsTogether });
  const events = lists.flatMap((name) => kept.filter((list) => list.name === name));
  const streams: Stream[] = [...data, ...events.map(({ name, events }) => ({ name, events }))];
  return {
    streams,
    containers: own,
    labels: shortStreamNames(streams.map(({ name }) => name)),
    sizes: [...data.map(({ size }) => size), ...events.map(() => undefined)],
    lost: {
      lists: lists.filter((name) => !kept.some((list) => list.name === name)),
      containers: (keys ?? []).filter((key) => !own.some((row) => keyOf(row) === key)),
    },
  };
}

/** Bytes of the keys that a count of streams reads. */
export function bytesOfKeys(manifest: Manifest, streams: readonly Stream[]): number {
  const members = new Set(
    streams.flatMap((stream) => ('members' in stream ? stream.members.map((m) => `${m.dspid}/${m.dstypeid}`) : [])),
  );
  return manifest.parts.reduce(
    (sum, { dspid, dstypeid, keys }) => sum + (members.has(`${dspid}/${dstypeid}`) ? keys.bytes : 0),
    0,
  );
}

/** A hostile link may hold what is no encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
