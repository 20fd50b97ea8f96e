/**
 * Where a dataset stands, what is to be written of it next, and what may go: a function of what the store holds and of the time. In which order it came there, and how often it
 * was said, makes no difference.
 */
import { type Candidate, type Choice, type Choices, chooseObjects, type KnownMessage } from './chooseObjects.ts';
import type { Insertion, Retry } from './datasetState.ts';
import type { KeptDeclaration } from './declaration.ts';
import type { Alarm, DatasetProgress } from './happening.ts';
import type { Validation } from './validation.ts';

export interface Generation {
  validation: Validation;
  insertion?: Insertion;
}

/** What the store holds of a dataset. */
export interface DatasetFacts {
  dataset: string;
  /** `stored`: ms by the store's clock. */
  declared?: KeptDeclaration & { stored: number };
  messages: readonly KnownMessage[];
  /** Ascending. */
  generations: readonly Generation[];
  retry?: Retry;
  /** When a supervisor first saw the last generation published, by its own clock: lifetimes count from there, whatever the consumer's clock said. */
  publishedSeen?: number;
}

/** Times in ms. */
export interface SupervisorPolicy {
  /** Nothing new came of a dataset that is not complete, or no consumer took one that is: an alarm. */
  stalledMs: number;
  /** Clocks that are further apart: an alarm. */
  clockMs: number;
  /** How long objects that were not chosen stay after the dataset was published. */
  duplicatesMs: number;
  /** How long those that were chosen do. */
  stagedMs: number;
  /** How long messages do. */
  messagesMs: number;
}

export interface Supervision {
  progress: DatasetProgress;
  /** To be written, if there is none of this generation. */
  write?: Validation;
  /** SHA-256 of objects that are there and that no validation needs: never read. */
  duplicates: string[];
  /** Of objects whose lifetime is over. */
  expired: string[];
  /** Whether the lifetime of the messages is over. */
  messagesExpired: boolean;
  /** Published, and nothing else is wanted: it stays so until something is written. */
  settled: boolean;
  /** The next time at which time alone changes something of this. */
  again?: number;
}

/** GUIDs named in one text. */
const NAMED = 3;
/** Notes of one kind in a validation. */
const NOTES = 20;

/** @param staged size of a staged object; undefined where it is not there, or is damaged */
export function superviseDataset(
  facts: DatasetFacts,
  staged: (sha256: string) => number | undefined,
  policy: SupervisorPolicy,
  now: number,
): Supervision {
  const { dataset, declared, messages, generations, retry } = facts;
  const files = declared?.declaration.files ?? [];
  const choices = chooseObjects(files, messages, staged);
  const latest = generations.at(-1);
  const generation = latest?.validation.generation ?? 0;
  const state = latest?.insertion?.state ?? 'VALIDATED';
  const lost = latest && state !== 'DONE' ? lostObjects(latest.validation, staged) : [];
  const isWanted = !latest || !covers(latest.validation, facts) || lost.length > 0 || retry?.generation === generation;
  const missing = choices.files.filter(({ best }) => best?.state !== 'complete');
  const alarms = alarmsOf(facts, choices, isWanted ? undefined : latest!.validation, policy, now);
  for (const sha256 of lost)
    alarms.push({
      alarm: 'corrupt-object',
      reason: `the object ${short(sha256)}, chosen by validation ${generation}, is gone or damaged`,
    });

  const progress: DatasetProgress = {
    dataset,
    state: 'COLLECTING',
    details: '',
    since: 0,
    files: files.length,
    events: files.reduce((sum, { events }) => sum + events, 0),
    filesComplete: files.length - missing.length,
    duplicates: 0,
    generation,
    attempts: latest?.insertion?.attempts ?? 0,
    alarms,
  };
  const result: Supervision = { progress, duplicates: [], expired: [], messagesExpired: false, settled: false };
  const unneeded = ({ objects }: Validation) => {
    const needed = new Set(objects.map(({ sha256 }) => sha256));
    const others = new Set(
      messages.map(({ message }) => message.object.sha256).filter((sha256) => !needed.has(sha256)),
    );
    return [...others].filter((sha256) => staged(sha256) !== undefined).sort();
  };

  /** Alarms that a time without news brings. */
  const waits = (since: number, reason: string) => {
    const due = since + policy.stalledMs;
    if (now < due) result.again = due;
    else alarms.push({ alarm: 'stalled', reason });
  };

  if (!declared) {
    progress.state = 'UNDECLARED';
    progress.since = messages.reduce((first, { received }) => Math.min(first, received), now);
    progress.details = `${count(messages.length, 'message')} came, but nobody declared it`;
    alarms.push({ alarm: 'unknown-dataset', reason: `${progress.details}: they are kept until it is declared` });
    return result;
  }
  if (isWanted && missing.length > 0) {
    progress.since = Math.max(declared.received, retry?.generation === generation ? retry.requested : 0);
    const before = generation > 0 ? `validation ${generation} is ${state}; for another one, ` : '';
    progress.details = `${before}${describeMissing(missing, files.length)}`;
    waits(lastNews(facts), `no news for ${hours(policy.stalledMs)}, and ${describeMissing(missing, files.length)}`);
    return result;
  }
  if (isWanted) {
    const write = validationOf(facts, choices, generation + 1, now);
    result.write = write;
    result.duplicates = unneeded(write);
    return {
      ...result,
      progress: {
        ...progress,
        state: 'VALIDATED',
        details: write.notes.join('; '),
        since: now,
        generation: generation + 1,
        attempts: 0,
        duplicates: result.duplicates.length,
      },
    };
  }

  const { validation, insertion } = latest!;
  progress.state = state;
  progress.filesComplete = files.length;
  progress.since = insertion?.since ?? validation.validated;
  progress.details = [insertion?.details, ...validation.notes].filter(Boolean).join('; ');
  result.duplicates = unneeded(validation);
  progress.duplicates = result.duplicates.length;
  if (state === 'VALIDATED')
    waits(validation.validated, `no consumer took it for ${hours(policy.stalledMs)}: is one running?`);
  if (state !== 'DONE') return result;

  result.settled = true;
  const published = Math.max(insertion!.since, facts.publishedSeen ?? insertion!.since);
  const ends = lifetimes(facts, validation, published, policy);
  let last = published;
  const next = (time: number) => {
    result.again = Math.min(result.again ?? time, time);
  };
  for (const [sha256, end] of ends) {
    const isThere = staged(sha256) !== undefined;
    if (isThere || end < Infinity) last = Math.max(last, end);
    if (isThere && end <= now) result.expired.push(sha256);
    else if (isThere && end < Infinity) next(end);
  }
  result.expired.sort();
  const messagesEnd = Math.max(last, published + policy.messagesMs);
  result.messagesExpired = messages.length > 0 && messagesEnd <= now;
  if (messages.length > 0 && now < messagesEnd && messagesEnd < Infinity) next(messagesEnd);
  return result;
}

/** Whether a validation holds the files that are declared now, with their counts. */
function covers({ references }: Validation, { declared }: DatasetFacts): boolean {
  const files = declared?.declaration.files;
  if (!files) return true;
  if (files.length !== references.length) return false;
  const events = new Map(references.map((reference) => [reference.guid, reference.events]));
  return files.every((file) => events.get(file.guid) === file.events);
}

function lostObjects({ objects }: Validation, staged: (sha256: string) => number | undefined): string[] {
  return objects.filter(({ sha256, bytes }) => staged(sha256) !== bytes).map(({ sha256 }) => sha256);
}

function validationOf(facts: DatasetFacts, { files }: Choices, generation: number, now: number): Validation {
  const { declaration } = facts.declared!;
  const index = new Map<string, number>();
  const objects: Validation['objects'] = [];
  let firstStaged = now;
  const references = files.map(({ best }, k) => {
    const { known, events, digest } = best!;
    const { object } = known.message;
    let at = index.get(object.sha256);
    if (at === undefined) {
      at = objects.length;
      index.set(object.sha256, at);
      objects.push({ sha256: object.sha256, bytes: object.bytes });
    }
    firstStaged = Math.min(firstStaged, known.received);
    return { guid: declaration.files[k]!.guid, events, digest, object: at };
  });
  return {
    dataset: facts.dataset,
    generation,
    objects,
    references,
    notes: [
      ...few(files.filter(({ disagreeing }) => disagreeing.length > 0).map(describeDisagreement)),
      ...few(files.filter(({ otherCounts }) => otherCounts.length > 0).map(describeOtherCounts)),
    ],
    open: declaration.open,
    sourcePath: declaration.sourcePath,
    firstStaged,
    validated: now,
  };
}

/** When each object that messages name may go: one of an open dataset never does, as the next generation needs it. */
function lifetimes(
  { messages, declared }: DatasetFacts,
  { objects }: Validation,
  published: number,
  policy: SupervisorPolicy,
): Map<string, number> {
  const files = new Set(declared!.declaration.files.map(({ guid }) => guid));
  const needed = new Set(objects.map(({ sha256 }) => sha256));
  const ends = new Map<string, number>();
  for (const { received, stored, message } of messages) {
    const { sha256 } = message.object;
    const isNeeded = needed.has(sha256);
    if (isNeeded && declared!.declaration.open) {
      ends.set(sha256, Infinity);
      continue;
    }
    // What holds other files may be there for a declaration that comes.
    const isForLater = message.files.some(({ guid }) => !files.has(guid));
    const life = isNeeded || isForLater ? policy.stagedMs : policy.duplicatesMs;
    ends.set(sha256, Math.max(ends.get(sha256) ?? 0, Math.max(published, Math.min(received, stored)) + life));
  }
  return ends;
}

/** @param chosen the validation that stands; undefined where another one is wanted */
function alarmsOf(
  facts: DatasetFacts,
  { files, undeclared }: Choices,
  chosen: Validation | undefined,
  policy: SupervisorPolicy,
  now: number,
): DatasetProgress['alarms'] {
  const alarms: DatasetProgress['alarms'] = [];
  const tell = (alarm: Alarm, reasons: string[]) => {
    if (reasons.length > 0) alarms.push({ alarm, reason: few(reasons, NAMED).join('; ') });
  };
  const missing = chosen ? [] : files.filter(({ best }) => best?.state !== 'complete');
  tell('counts-differ', missing.filter(({ otherCounts }) => otherCounts.length > 0).map(describeOtherCounts));
  if (chosen) tell('contents-differ', otherContents(chosen, files));
  else tell('contents-differ', files.filter(({ disagreeing }) => disagreeing.length > 0).map(describeDisagreement));
  tell(
    'corrupt-object',
    missing
      .filter(({ best }) => best?.state === 'wrong-size')
      .map(({ file, best }) => {
        const { object } = best!.known.message;
        return `the object ${short(object.sha256)} of file ${file.guid} has not the ${object.bytes} B that its message says`;
      }),
  );
  if (facts.declared && undeclared.length > 0) {
    const names = undeclared.slice(0, NAMED).join(', ');
    const rest = undeclared.length > NAMED ? ', …' : '';
    tell('unknown-file', [
      `${count(undeclared.length, 'file')} came that the declaration does not name: ${names}${rest}`,
    ]);
  }
  let apart = 0;
  for (const { received, stored } of [...facts.messages, ...(facts.declared ? [facts.declared] : [])]) {
    if (Math.abs(received - stored) > policy.clockMs || received > now + policy.clockMs) apart++;
  }
  if (apart > 0)
    tell('clock', [
      `${count(apart, 'receipt')} ${apart === 1 ? 'has a time' : 'have times'} more than ${hours(policy.clockMs)} off the store's: set the clocks of the relay and the store`,
    ]);
  return alarms;
}

/** Files of which complete objects hold other records than those that a validation took; they may have come later. */
function otherContents({ references }: Validation, files: readonly Choice[]): string[] {
  const digests = new Map(references.map(({ guid, digest }) => [guid, digest]));
  return files.flatMap(({ file, best, disagreeing }) => {
    const others = [best, ...disagreeing].filter(
      (candidate) => candidate?.state === 'complete' && candidate.digest !== digests.get(file.guid),
    );
    return others.length > 0
      ? `file ${file.guid}: other records than those that were taken were found by job ${jobs(others as Candidate[])}`
      : [];
  });
}

function describeMissing(missing: readonly Choice[], files: number): string {
  const named = missing.map(({ file, best }) => {
    if (!best) return `${file.guid} (no message)`;
    const job = `job ${best.known.message.job.id}`;
    if (best.state === 'counts-differ') return `${file.guid} (declared ${file.events}, found ${best.events} by ${job})`;
    return `${file.guid} (${best.state === 'missing' ? 'the object is not there' : 'the object is damaged'}, ${job})`;
  });
  return `${missing.length} of ${count(files, 'file')} ${missing.length === 1 ? 'is' : 'are'} not there: ${few(named, NAMED).join(', ')}`;
}

function describeDisagreement({ file, best, disagreeing }: Choice): string {
  return `jobs ${jobs([best!, ...disagreeing])} found different records in file ${file.guid}: those of job ${best!.known.message.job.id} are taken`;
}

function describeOtherCounts({ file, otherCounts }: Choice): string {
  const found = otherCounts.slice(0, NAMED).map(({ events, known }) => `${events} by job ${known.message.job.id}`);
  return `file ${file.guid} was declared with ${count(file.events, 'event')}, found ${found.join(', ')}`;
}

function jobs(candidates: readonly Candidate[]): string {
  const ids = [...new Set(candidates.map(({ known }) => known.message.job.id))].sort((a, b) => a - b);
  return few(ids.map(String), NAMED).join(' and ');
}

/** When something came last. A clock that is ahead postpones nothing: the earlier one of two counts. */
function lastNews({ declared, messages, retry }: DatasetFacts): number {
  let last = retry?.requested ?? 0;
  for (const { received, stored } of [...messages, declared!]) last = Math.max(last, Math.min(received, stored));
  return last;
}

function few(texts: string[], most = NOTES): string[] {
  return texts.length <= most ? texts : [...texts.slice(0, most), `and ${texts.length - most} more`];
}

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
const short = (sha256: string) => sha256.slice(0, 16);

function hours(ms: number): string {
  if (ms < 120_000) return `${ms / 1000} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
