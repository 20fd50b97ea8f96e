/** Which object is taken for each file of a dataset: exactly one, whatever the order in which messages came, and however often. */
import type { ReceivedMessage } from './controlMessage.ts';
import type { DeclaredFile } from './declaration.ts';

/** A message of which the store says when it was written. */
export interface KnownMessage extends ReceivedMessage {
  /** Of the message: its name. */
  sha256: string;
  /** ms since 1970-01-01 UTC, by the store's clock. */
  stored: number;
}

/** What the store says of a staged object: its size, or that it is not there. */
export type StagedSize = (sha256: string) => number | undefined;

/** An object that is said to hold a file of events. */
export interface Candidate {
  known: KnownMessage;
  /** Records of the file. */
  events: number;
  digest: string;
  /** `complete`: as many records as were declared, in an object that is there whole. */
  state: 'complete' | 'counts-differ' | 'missing' | 'wrong-size';
}

export interface Choice {
  file: DeclaredFile;
  /** The best one, complete or not; undefined where no message names the file. */
  best?: Candidate;
  /** Complete ones whose records are not those of the best one. */
  disagreeing: Candidate[];
  /** Found in other numbers than declared. */
  otherCounts: Candidate[];
}

export interface Choices {
  /** In the order of the declaration. */
  files: Choice[];
  /** GUIDs that messages name and the declaration doesn't. */
  undeclared: string[];
}

/**
 * Complete first, then the highest job id, then the newest by its receipt, then by checksum, so that two supervisors choose the same.
 * @returns whether `a` is to be taken rather than `b`
 */
function isBetter(a: Candidate, b: Candidate): boolean {
  if ((a.state === 'complete') !== (b.state === 'complete')) return a.state === 'complete';
  const [{ message: one }, { message: other }] = [a.known, b.known];
  if (one.job.id !== other.job.id) return one.job.id > other.job.id;
  if (a.known.received !== b.known.received) return a.known.received > b.known.received;
  if (one.object.sha256 !== other.object.sha256) return one.object.sha256 > other.object.sha256;
  return a.known.sha256 > b.known.sha256;
}

/** Looks at each message once, and at the size of each object that names a declared file. */
export function chooseObjects(
  declared: readonly DeclaredFile[],
  messages: Iterable<KnownMessage>,
  staged: StagedSize,
): Choices {
  const files = new Map<string, { choice: Choice; complete: Candidate[] }>();
  for (const file of declared)
    files.set(file.guid, { choice: { file, disagreeing: [], otherCounts: [] }, complete: [] });
  const undeclared = new Set<string>();
  for (const known of messages) {
    const { object } = known.message;
    const size = staged(object.sha256);
    for (const { guid, events, digest } of known.message.files) {
      const entry = files.get(guid);
      if (!entry) {
        undeclared.add(guid);
        continue;
      }
      const { choice, complete } = entry;
      const state =
        events !== choice.file.events
          ? 'counts-differ'
          : size === undefined
            ? 'missing'
            : size === object.bytes
              ? 'complete'
              : 'wrong-size';
      const candidate: Candidate = { known, events, digest, state };
      if (state === 'complete') complete.push(candidate);
      if (state === 'counts-differ') choice.otherCounts.push(candidate);
      if (!choice.best || isBetter(candidate, choice.best)) choice.best = candidate;
    }
  }
  const chosen = [...files.values()].map(({ choice, complete }) => {
    choice.disagreeing = complete.filter(({ digest }) => digest !== choice.best!.digest);
    for (const list of [choice.disagreeing, choice.otherCounts]) list.sort((a, b) => (isBetter(a, b) ? -1 : 1));
    return choice;
  });
  return { files: chosen, undeclared: [...undeclared].sort() };
}
