import { useCallback, useEffect, useRef, useState } from 'react';
import { type PlainError, toPlain } from '../../core/errors.ts';
import { useCatalogue } from './context.ts';

/** How far a question is. What is not known is left out. */
export interface QuestionProgress {
  done?: number;
  total?: number;
  /** What is counted: `records`, `events`, `files`. */
  unit?: string;
  /** What goes on, in a few words. */
  note?: string;
}

/** What an answer cost. */
export interface QuestionCost {
  seconds: number;
  /** Over the network, and from what this browser had stored. */
  bytes: number;
  requests: number;
  cachedBytes: number;
}

export type OnProgress<T> = (progress: QuestionProgress, partial?: T) => void;
export type Work<T> = (signal: AbortSignal, onProgress: OnProgress<T>) => Promise<T>;

export interface Question<T> {
  state: 'idle' | 'running' | 'done' | 'failed';
  progress: QuestionProgress & QuestionCost;
  /** The answer; a part of it while it is being found; the one before until there is another. */
  value: T | undefined;
  error: PlainError | undefined;
  /** Asks, in place of what was asked before. */
  ask(work: Work<T>): void;
  /** Ends the work. What was found stays. */
  cancel(): void;
}

type Known<T> = Omit<Question<T>, 'ask' | 'cancel'>;

const NOTHING = { seconds: 0, bytes: 0, requests: 0, cachedBytes: 0 };
/** Progress is shown no more often. */
const PACE = 100;

/** One question to the catalogue at a time: its progress, its answer, its end. It is cancelled when the component goes. */
export function useQuestion<T>(): Question<T> {
  const { threads } = useCatalogue();
  const [known, setKnown] = useState<Known<T>>({
    state: 'idle',
    progress: NOTHING,
    value: undefined,
    error: undefined,
  });
  const running = useRef<AbortController>(undefined);

  const ask = useCallback(
    (work: Work<T>) => {
      running.current?.abort();
      const abort = new AbortController();
      running.current = abort;
      const before = { ...threads.read };
      const begin = performance.now();
      let progress: QuestionProgress = {};
      let partial: T | undefined;
      let told = begin;
      const cost = (): QuestionProgress & QuestionCost => ({
        ...progress,
        seconds: (performance.now() - begin) / 1000,
        bytes: threads.read.bytes - before.bytes,
        requests: threads.read.requests - before.requests,
        cachedBytes: threads.read.cachedBytes - before.cachedBytes,
      });
      const tell = (change: Partial<Known<T>>) => {
        if (running.current === abort) setKnown((now) => ({ ...now, progress: cost(), ...change }));
      };
      const onProgress: OnProgress<T> = (now, part) => {
        progress = { ...progress, ...now };
        partial = part ?? partial;
        if (abort.signal.aborted || performance.now() - told < PACE) return;
        told = performance.now();
        tell(partial === undefined ? {} : { value: partial });
      };
      setKnown((now) => ({ ...now, state: 'running', progress: NOTHING, error: undefined }));
      // Work may fail before it begins.
      new Promise<T>((resolve) => resolve(work(abort.signal, onProgress))).then(
        (value) => tell({ state: 'done', value }),
        (error) => {
          const plain = toPlain(error);
          if (plain.tag === 'cancelled') tell({ state: 'idle' });
          else tell({ state: 'failed', error: plain });
        },
      );
    },
    [threads],
  );
  const cancel = useCallback(() => running.current?.abort(), []);
  useEffect(() => cancel, [cancel]);
  return { ...known, ask, cancel };
}

/** The answer to show for what is asked now: its own; while it is looked for, the one before; none where it was cancelled or failed. */
export function answerShown<T extends { of: string }>(
  { state, value }: Pick<Question<T>, 'state' | 'value'>,
  of: string,
): T | undefined {
  return state === 'running' || (state !== 'failed' && value?.of === of) ? value : undefined;
}
