/**
 * What threads do for a catalogue: a module each, loaded with its first use, that exports
 * `run(context: TaskContext, input, signal: AbortSignal)` and gives plain data, or data with the buffers to hand over (`Handed`).
 */
import type { AccessRules } from '../io/access.ts';
import type { ReadCounter } from '../io/byteSource.ts';
import type { CachePlace } from '../schedule/workerApi.ts';
import type { Outcome } from '../session.ts';
import type { Handed } from './taskContext.ts';

export const TASKS = {
  open: () => import('./open/openTask.ts'),
  overlap: () => import('./overlap/overlapTask.ts'),
  triggerWindows: () => import('./triggers/windowsTask.ts'),
  triggerCounts: () => import('./triggers/recordCountTask.ts'),
  fileTriggerColumns: () => import('./triggers/fileColumnsTask.ts'),
  fileTriggerCounts: () => import('./triggers/fileCountTask.ts'),
  pick: () => import('./pick/pickTask.ts'),
  select: () => import('./pick/selectTask.ts'),
  table: () => import('./open/tableTask.ts'),
  duplicates: () => import('./check/duplicatesTask.ts'),
  verify: () => import('./check/verifyTask.ts'),
  agree: () => import('./check/agreeTask.ts'),
  records: () => import('./records/recordsTask.ts'),
  tableColumns: () => import('../sql/tableColumnsTask.ts'),
  recordRows: () => import('../sql/recordRowsTask.ts'),
  shared: () => import('./overlap/sharedTask.ts'),
};

type Module<K extends TaskKind> = Awaited<ReturnType<(typeof TASKS)[K]>>;
type Given<K extends TaskKind> = Awaited<ReturnType<Module<K>['run']>>;

export type TaskKind = keyof typeof TASKS;
export type TaskInput<K extends TaskKind> = Parameters<Module<K>['run']>[1];
export type TaskOutput<K extends TaskKind> = Given<K> extends Handed<infer T> ? T : Given<K>;

/** What a task gave, and what it read. */
export interface Done<T> {
  value: T;
  read: ReadCounter;
}

/** A thread of a catalogue, as others see it. */
export interface CatalogueThreadApi {
  configure(cache?: CachePlace): void;
  setAccess(rules: AccessRules): void;
  /** How many requests to one host it may have in flight. */
  share(lanes: number): void;
  run<K extends TaskKind>(id: number, kind: K, input: TaskInput<K>): Promise<Outcome<Done<TaskOutput<K>>>>;
  cancel(id: number): void;
  /** Settles when what was fetched is in the cache. */
  flush(): Promise<void>;
}
