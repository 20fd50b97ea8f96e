import type { TaskProps } from '../context.ts';
import { useParameter } from '../link.ts';
import { ByCondition } from './ByCondition.tsx';
import { ByEvent } from './ByEvent.tsx';
import styles from './Pick.module.css';

const WAYS = [
  ['', 'By number'],
  ['condition', 'By condition'],
] as const;

/** Finds events: by their numbers, or by what their records say. */
export default function Pick({ catalogue }: TaskProps) {
  const [by, setBy] = useParameter('by');
  return (
    <div className={styles.pick}>
      <div className={styles.ways} role="group" aria-label="How events are found">
        {WAYS.map(([id, name]) => (
          <button key={id} type="button" aria-pressed={by === id} onClick={() => setBy(id, 'moved')}>
            {name}
          </button>
        ))}
      </div>
      {by === 'condition' ? <ByCondition catalogue={catalogue} /> : <ByEvent catalogue={catalogue} />}
    </div>
  );
}
