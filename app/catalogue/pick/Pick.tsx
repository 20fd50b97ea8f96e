import type { TaskProps } from '../context.ts';
import { ByEvent } from './ByEvent.tsx';
import styles from './Pick.module.css';

/** Finds events. */
export default function Pick({ catalogue }: TaskProps) {
  return (
    <div className={styles.pick}>
      <ByEvent catalogue={catalogue} />
    </div>
  );
}
