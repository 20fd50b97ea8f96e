import { basename } from 'node:path';
import { type LumiscopeError, toPlain } from '../../../core/errors.ts';
import type { ControlMessage } from '../../../core/ingest/controlMessage.ts';
import type { DatasetTemplate } from '../../../core/ingest/datasetTemplate.ts';
import type { Declaration } from '../../../core/ingest/declaration.ts';
import {
  checkGuids,
  countEvents,
  type EventFacts,
  type EventInput,
  type OpenedEvents,
  openEvents,
} from './eventSource.ts';
import type { RelayClient } from './relayClient.ts';
import { stageJob } from './stageJob.ts';
import type { WorkRecords } from './workRecords.ts';

export interface ProduceOptions {
  inputs: readonly EventInput[];
  template: DatasetTemplate;
  relay: Pick<RelayClient, 'upload' | 'has' | 'message'>;
  /** The larger one of two for the same file is taken. */
  job: number;
  filesPerJob: number;
  /** Who stages it; for people. */
  producer: string;
  /** Of files that were open before. */
  known?: readonly EventFacts[] | undefined;
  work?: WorkRecords | undefined;
  signal?: AbortSignal | undefined;
  /** Events that were read so far. */
  onEvents?: ((events: number) => void) | undefined;
  /** After each job. */
  onJob?: ((report: JobReport) => void) | undefined;
}

/** What became of a job. */
export interface JobReport {
  /** From 0. */
  index: number;
  of: number;
  files: number;
  messages: readonly ControlMessage[];
  /** Objects that the relay had already. */
  again: number;
  /** Set where an earlier run had done it: nothing was read. */
  skipped?: true;
  /** Why its files could not be read. */
  failure?: LumiscopeError;
}

/**
 * Stages the event headers of files for a relay, job by job: some files each, as one object for each dataset that they have events of; then says so. A job whose files can't be read does not
 * keep the others.
 * @throws LumiscopeError of the relay; `document`, `cancelled`
 */
export async function produceFiles(options: ProduceOptions): Promise<JobReport[]> {
  const { inputs, filesPerJob, onJob } = options;
  const reports: JobReport[] = [];
  const of = Math.ceil(inputs.length / filesPerJob);
  for (let index = 0; index < of; index++) {
    const from = index * filesPerJob;
    const files = inputs.slice(from, from + filesPerJob);
    const opened = await settled(openAll(files, options.known?.slice(from), options.signal));
    const report = 'failure' in opened ? { ...opened, messages: [], again: 0 } : await oneJob(opened.value, options);
    const whole = { index, of, files: files.length, ...report };
    reports.push(whole);
    onJob?.(whole);
  }
  return reports;
}

/** @throws LumiscopeError as `openEvents`; `document` where two have the same GUID */
async function openAll(
  inputs: readonly EventInput[],
  known: readonly EventFacts[] = [],
  signal?: AbortSignal,
): Promise<OpenedEvents[]> {
  const opened: OpenedEvents[] = [];
  for (const [k, input] of inputs.entries()) opened.push(await openEvents(input, signal, known[k]));
  checkGuids(opened.map(({ facts }) => facts));
  return opened;
}

async function oneJob(
  files: readonly OpenedEvents[],
  { template, relay, job, producer, work, signal, onEvents }: ProduceOptions,
): Promise<Pick<JobReport, 'messages' | 'again' | 'skipped' | 'failure'>> {
  const subject = {
    version: 1,
    dataset: template.text,
    files: files.map(({ facts, names }) => [
      facts.name,
      facts.guid,
      facts.bytes,
      facts.pinned.etag,
      names.run,
      names.event,
      names.block,
    ]),
  };
  const before = await work?.read(subject);
  if (before?.messages && (await allThere(relay, before.messages))) {
    for (const message of before.messages) await relay.message(message);
    onEvents?.(files.reduce((sum, { facts }) => sum + facts.events, 0));
    return { messages: before.messages, again: before.messages.length, skipped: true };
  }
  const id = before?.job ?? job;
  if (!before) await work?.write(subject, { job: id });
  const staged = await settled(stageJob(files, template, { signal, onEvents }));
  if ('failure' in staged) return { ...staged, messages: [], again: 0 };
  const messages: ControlMessage[] = [];
  let again = 0;
  for (const { dataset, bytes, files: own } of staged.value) {
    const sent = await relay.upload(bytes);
    if (sent.again) again++;
    messages.push({
      dataset,
      job: { id },
      producer,
      object: { sha256: sent.sha256, bytes: bytes.length },
      files: own,
    });
  }
  await work?.write(subject, { job: id, messages });
  for (const message of messages) await relay.message(message);
  return { messages, again };
}

async function allThere(relay: ProduceOptions['relay'], messages: readonly ControlMessage[]): Promise<boolean> {
  for (const { object } of messages) if (!(await relay.has(object.sha256))) return false;
  return true;
}

/** What came of reading files: a failure of theirs is told, all else is thrown. */
async function settled<T>(reading: Promise<T>): Promise<{ value: T } | { failure: LumiscopeError }> {
  try {
    return { value: await reading };
  } catch (error) {
    const { tag } = toPlain(error);
    const isOurs = (error as LumiscopeError).name === 'LumiscopeError';
    if (!isOurs || tag === 'cancelled') throw error;
    return { failure: error as LumiscopeError };
  }
}

/**
 * What is to be declared of files: a declaration for each dataset that they have events of.
 * @returns also what was found out of the files
 * @throws LumiscopeError `format`, `source`; `document` where two have the same GUID; `cancelled`
 */
export async function declarationsOf(
  inputs: readonly EventInput[],
  template: DatasetTemplate,
  {
    open,
    signal,
    onFile,
  }: { open: boolean; signal?: AbortSignal | undefined; onFile?: ((facts: EventFacts) => void) | undefined },
): Promise<{ declarations: Declaration[]; facts: EventFacts[] }> {
  const facts: EventFacts[] = [];
  const files = new Map<string, Declaration['files']>();
  for (const input of inputs) {
    const opened = await openEvents(input, signal);
    const { guid, name, bytes } = opened.facts;
    facts.push(opened.facts);
    for (const [dataset, events] of await countEvents(opened, template, signal)) {
      const own = files.get(dataset) ?? [];
      files.set(dataset, own);
      own.push({ guid, events, bytes, name: basename(name).slice(-1024) });
    }
    onFile?.(opened.facts);
  }
  checkGuids(facts);
  const sourcePath = commonFolder(facts.map(({ name }) => name)).slice(0, 2048);
  const declarations = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return { declarations: declarations.map(([dataset, own]) => ({ dataset, files: own, open, sourcePath })), facts };
}

/** The folder that all lie in. */
function commonFolder(names: readonly string[]): string {
  const [parts = [], ...others] = names.map((name) => name.split('/').slice(0, -1));
  let shared = parts.length;
  for (const other of others)
    while (shared > 0 && parts.slice(0, shared).join('/') !== other.slice(0, shared).join('/')) shared--;
  return parts.slice(0, shared).join('/');
}
