/** What the API takes in for the supervisor: kept in the store under names and conditions by which doing it again changes nothing. */

import { LumiscopeError } from '../../core/errors.ts';
import { type ControlMessage, controlMessageSchema, type ReceivedMessage } from '../../core/ingest/controlMessage.ts';
import { insertionSchema, type Retry } from '../../core/ingest/datasetState.ts';
import {
  type Declaration,
  declarationSchema,
  type KeptDeclaration,
  keptDeclarationSchema,
} from '../../core/ingest/declaration.ts';
import type { Tell } from '../../core/ingest/happening.ts';
import {
  datasetFolder,
  declarationPath,
  insertionPath,
  messagePath,
  retryPath,
  stagedPath,
} from '../../core/ingest/layout.ts';
import { sha256 } from '../../workers/catalogue/sha256.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import { jsonBytes, parseJson } from '../json.ts';

/** What all of this works on. */
export interface IntakeParts {
  objects: ObjectStore;
  tell: Tell;
  /** Called when there is something for the supervisor: `Wake.call` where it runs in this process. */
  wake?: (dataset: string) => void;
  /** ms since 1970-01-01 UTC. */
  now?: () => number;
}

/** Tries of a change under a condition, while others change the same. */
const TRIES = 20;

/**
 * Keeps a message; its object may come later.
 * @returns `again`: it was known. `staged`: whether its object is there, in the size that it says
 * @throws LumiscopeError `source` where the store can't be written; ZodError for what is no message
 */
export async function receiveMessage(
  { objects, tell, wake, now = Date.now }: IntakeParts,
  received: ControlMessage,
  signal?: AbortSignal,
): Promise<{ sha256: string; again: boolean; staged: boolean }> {
  const message = canonical(controlMessageSchema.parse(received));
  const { dataset, producer, files, object } = message;
  const name = await sha256(jsonBytes(message));
  const kept: ReceivedMessage = { received: now(), message };
  const version = await objects.write(messagePath(dataset, name), jsonBytes(kept), 'absent', signal);
  const again = version === undefined;
  const events = files.reduce((sum, file) => sum + file.events, 0);
  tell({ kind: 'message', dataset, producer, events, files: files.length, bytes: object.bytes, again });
  wake?.(dataset);
  const staged = await objects.stat(stagedPath(object.sha256), signal);
  return { sha256: name, again, staged: staged?.bytes === object.bytes };
}

/** Two texts of a message with the same meaning are the same message. */
function canonical({ dataset, job, producer, object, files }: ControlMessage): ControlMessage {
  return {
    dataset,
    job: { id: job.id },
    producer,
    object: { sha256: object.sha256, bytes: object.bytes },
    files: files
      .map(({ guid, events, digest }) => ({ guid, events, digest }))
      .sort((a, b) => (a.guid < b.guid ? -1 : 1)),
  };
}

/**
 * Says what a dataset is expected to hold, in the place of what was said before.
 * @returns whether that changed anything
 * @throws LumiscopeError `source` where the store can't be written; ZodError for what is no declaration
 */
export async function declareDataset(
  { objects, tell, wake, now = Date.now }: IntakeParts,
  wanted: Declaration,
  signal?: AbortSignal,
): Promise<{ changed: boolean }> {
  const declaration = declarationSchema.parse(wanted);
  const { dataset, files } = declaration;
  const path = declarationPath(dataset);
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const found = await objects.read(path, signal);
    const there = found && parseJson(keptDeclarationSchema, found.bytes, path);
    if (there && JSON.stringify(there.declaration) === JSON.stringify(declaration)) return { changed: false };
    const kept: KeptDeclaration = { received: now(), declaration };
    const condition = found ? { version: found.version } : 'absent';
    if ((await objects.write(path, jsonBytes(kept), condition, signal)) === undefined) continue;
    const events = files.reduce((sum, file) => sum + file.events, 0);
    tell({ kind: 'declared', dataset, files: files.length, events });
    wake?.(dataset);
    return { changed: true };
  }
  throw busy(dataset);
}

/**
 * Has a dataset that failed, or that was published, validated and inserted anew, with the jobs that are the best ones now.
 * @returns the generation that another one will follow
 * @throws LumiscopeError `document` where it has no validation yet (`gone`), or a consumer is still at it; `source` where the store can't be written
 */
export async function retryDataset(
  { objects, wake, now = Date.now }: IntakeParts,
  dataset: string,
  signal?: AbortSignal,
): Promise<{ generation: number }> {
  let generation = 0;
  for await (const { path } of objects.list(`${datasetFolder(dataset)}/validations/`, signal))
    generation = Math.max(generation, Number(/(\d+)\.json$/.exec(path)?.[1] ?? 0));
  if (generation === 0)
    throw new LumiscopeError('document', `${dataset} is not complete: there is nothing to try again`, {
      hint: 'look what is missing, and stage it',
      place: { file: dataset, gone: true },
    });
  const path = insertionPath(dataset, generation);
  const found = await objects.read(path, signal);
  const state = found && parseJson(insertionSchema, found.bytes, path).state;
  if (state !== 'DONE' && state !== 'FAIL')
    throw new LumiscopeError('document', `${dataset} waits for a consumer, or one works on it: it has not failed`, {
      hint: 'wait until it is DONE or FAIL',
      place: { file: dataset },
    });
  const wish: Retry = { generation, requested: now() };
  await objects.write(retryPath(dataset), jsonBytes(wish), undefined, signal);
  wake?.(dataset);
  return { generation };
}

function busy(dataset: string): LumiscopeError {
  return new LumiscopeError('source', `${dataset} is being declared by others at the same time`, {
    hint: 'declare it again in a moment',
    place: { file: dataset },
  });
}
