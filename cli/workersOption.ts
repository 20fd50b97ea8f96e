import { wrongOption } from './failure.ts';

/** What `--workers` says; undefined without it. @throws Failure where it is no number from 1 to 99 */
export function workersOf(workers: string | undefined): number | undefined {
  if (workers !== undefined && !/^[1-9][0-9]?$/.test(workers))
    throw wrongOption(`--workers is a number from 1 to 99, not ${workers}`);
  return workers === undefined ? undefined : Number(workers);
}
