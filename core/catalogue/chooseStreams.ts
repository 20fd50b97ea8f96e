/** Which containers become streams whose overlaps are counted. */
import { containerName, parseDatasetName } from './datasetName.ts';
import type { StreamMember } from './stream.ts';

/** What has to be known of a container. */
export interface StreamContainer {
  dspid: number;
  dstypeid: number;
  name: string;
  /** Declared. */
  bytes: number;
  events_rucio: number;
}

/** Containers under one name. */
export interface ContainerStream {
  name: string;
  members: StreamMember[];
  /** Mean bytes of an event: declared bytes ÷ declared events; absent without declared events. */
  size?: number;
}

/** The derivations of a dataset, by name: its data types of format DAOD, or where it has less than two of them all of its data types. */
export function derivationsOf<T extends StreamContainer>(containers: readonly T[], dspid: number): T[] {
  const own = containers.filter((container) => container.dspid === dspid).sort(byName);
  const derived = own.filter(isDerivation);
  return derived.length < 2 ? own : derived;
}

/** The dataset to begin with: the one with most derivations (of those without any, most data types), the first one by name of several. */
export function firstDataset(containers: readonly StreamContainer[]): number | undefined {
  let first: { dspid: number; derivations: number; types: number } | undefined;
  for (const dspid of new Set([...containers].sort(byName).map((container) => container.dspid))) {
    const own = containers.filter((container) => container.dspid === dspid);
    const derivations = own.filter(isDerivation).length;
    const isMore = !first || derivations > first.derivations;
    if (isMore || (derivations === first!.derivations && own.length > first!.types))
      first = { dspid, derivations, types: own.length };
  }
  return first?.dspid;
}

/**
 * A stream for each container; or one for those that differ in the run number only, which stands as `*` in its name. Events of different runs are
 * different events, so that containers of different runs share none.
 */
export function streamsOf(containers: readonly StreamContainer[], { runsTogether = false } = {}): ContainerStream[] {
  const groups = new Map<string, StreamContainer[]>();
  for (const container of containers) {
    const name = runsTogether ? withoutRun(container.name) : container.name;
    groups.set(name, [...(groups.get(name) ?? []), container]);
  }
  return [...groups].map(([name, members]) => ({ ...streamOf(members), ...(members.length > 1 && { name }) }));
}

/** One stream of containers, under the name of the first. */
export function streamOf(containers: readonly StreamContainer[]): ContainerStream {
  const events = containers.reduce((sum, { events_rucio }) => sum + events_rucio, 0);
  const bytes = containers.reduce((sum, container) => sum + container.bytes, 0);
  return {
    name: containers[0]!.name,
    members: containers.map(({ dspid, dstypeid }) => ({ dspid, dstypeid })),
    ...(events > 0 && { size: bytes / events }),
  };
}

function withoutRun(name: string): string {
  const [project, , ...others] = containerName(parseDatasetName(name)).split('.');
  return [project, '*', ...others].join('.');
}

function isDerivation({ name }: StreamContainer): boolean {
  return parseDatasetName(name).dataType.format === 'DAOD';
}

function byName(a: StreamContainer, b: StreamContainer): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
