import { Button } from '@mantine/core';
import styles from './Cancelled.module.css';

/** What was asked, and ended before there was an answer. */
export function Cancelled({ onRetry }: { onRetry: (() => void) | undefined }) {
  return (
    <p className={styles.cancelled}>
      Cancelled.{' '}
      <Button variant="subtle" size="compact-xs" onClick={onRetry}>
        Ask again
      </Button>
    </p>
  );
}
