/** How many events are run at once: as many as a cancel can wait for, and a watchdog does not take for a hang. */

/** Seconds that a dispatch, and all that is submitted at once, should take. */
const DISPATCH_SECONDS = 0.02;
const BATCH_SECONDS = 0.05;
/** Events of the first batch of a program, and of the smallest one, on a GPU and on a processor. */
const FIRST = { gpu: 2 ** 20, software: 2 ** 12 };
const LEAST = { gpu: 2 ** 16, software: 2 ** 10 };
/** How much larger, and smaller, than the last one a batch may be: a busy machine is no slow program. */
const GROWTH = 8;
const SHRINKING = 2;
/** Seconds of a batch after which the next one may be as small as it has to be. */
const ALARM_SECONDS = 0.5;

/** Events of a batch of a program that has never run. */
export const firstBatch = (isSoftware: boolean) => (isSoftware ? FIRST.software : FIRST.gpu);

/** Events of a dispatch, where a batch has `most`. */
export const dispatchEvents = (most: number) => Math.ceil((most * DISPATCH_SECONDS) / BATCH_SECONDS);

export interface MeasuredBatch {
  /** Events that it might have had, and that it had: the last one of a run has fewer. */
  most: number;
  events: number;
  seconds: number;
  isSoftware: boolean;
}

/** Events of the batch after one that took so long. */
export function nextBatch({ most, events, seconds, isSoftware }: MeasuredBatch): number {
  const fitting = (events * BATCH_SECONDS) / seconds;
  // One that is smaller than it might be tells only that it took too long.
  if (events < most && seconds <= BATCH_SECONDS) return most;
  const smallest = seconds > ALARM_SECONDS ? 0 : most / SHRINKING;
  const least = Math.max(smallest, isSoftware ? LEAST.software : LEAST.gpu);
  return Math.ceil(Math.max(least, Math.min(fitting, most * GROWTH)));
}
