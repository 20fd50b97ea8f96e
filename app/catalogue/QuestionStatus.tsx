import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatBytes, formatCount, formatDuration, formatPercent, formatRate } from '../numbers.ts';
import { ErrorMessage } from './parts/ErrorMessage.tsx';
import styles from './QuestionStatus.module.css';
import type { Question } from './useQuestion.ts';

/**
 * The line of a question: how far it is, what it cost, the way to end it, and what went wrong.
 * @param retry asks again after a failure
 */
export function QuestionStatus({
  question,
  retry,
  children,
}: {
  question: Pick<Question<unknown>, 'state' | 'progress' | 'error' | 'cancel'>;
  retry?: () => void;
  /** What the answer says, once it is there. */
  children?: ReactNode;
}) {
  const { state, progress, error, cancel } = question;
  if (state === 'failed' && error) return <ErrorMessage error={error} retry={retry} />;
  if (state === 'idle') return null;
  const { done, total, unit = 'records', note, seconds, bytes, requests, cachedBytes } = progress;
  const running = state === 'running';
  const share = done !== undefined && total ? Math.min(1, done / total) : undefined;
  const rate = done !== undefined && seconds > 0.05 ? done / seconds : undefined;
  const left = running && share && share < 1 && seconds > 1 ? (seconds / share) * (1 - share) : undefined;
  const figures = [
    done !== undefined &&
      `${formatCount(done)}${running && total !== undefined ? ` of ${formatCount(total)}` : ''} ${unit}`,
    rate !== undefined && `${formatRate(rate)} ${unit}/s`,
    `${formatBytes(bytes)} fetched`,
    cachedBytes > 0 && `${formatBytes(cachedBytes)} from store`,
    `${formatCount(requests)} ${requests === 1 ? 'request' : 'requests'}`,
    seconds > 0 && formatDuration(seconds),
    left !== undefined && `${formatDuration(left)} left`,
  ].filter(Boolean);
  return (
    <div className={styles.status}>
      {running && (
        <div
          className={styles.track}
          role="progressbar"
          aria-label={note ?? 'Progress'}
          {...(share !== undefined && {
            'aria-valuenow': Math.floor(share * 100),
            'aria-valuemin': 0,
            'aria-valuemax': 100,
          })}
        >
          <div
            className={share === undefined ? styles.busy : styles.fill}
            style={{ width: share === undefined ? undefined : formatPercent(share).replace(' ', '') }}
          />
        </div>
      )}
      <div className={styles.line}>
        <span role="status">{running ? (note ?? 'Running') : (children ?? 'Done')}</span>
        <span className={styles.figures}>{figures.join(' · ')}</span>
        {running && (
          <Button variant="default" size="compact-xs" onClick={cancel}>
            Cancel
          </Button>
        )}
      </div>
    </div>
  );
}
