import { toPlain } from '../core/errors.ts';

/** What went wrong with a store. */
export interface Trouble {
  alarm: 'store' | 'disk';
  reason: string;
}

/** @param error of a store, or of a folder of this machine */
export function troubleOf(error: unknown): Trouble {
  const { message } = toPlain(error);
  let isFull = false;
  for (let cause = error as { code?: string; cause?: unknown } | undefined; cause && !isFull; )
    [isFull, cause] = [
      cause.code === 'ENOSPC' || cause.code === 'EDQUOT',
      cause.cause as { code?: string; cause?: unknown } | undefined,
    ];
  return { alarm: isFull ? 'disk' : 'store', reason: message };
}
