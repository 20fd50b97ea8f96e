const MAX_WORKERS = 8;

/** Threads where the user says nothing. */
export function defaultWorkers(cores: number): number {
  return Math.min(MAX_WORKERS, Math.max(1, cores - 1));
}
