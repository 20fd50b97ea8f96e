import { lazy, Suspense } from 'react';
import type { TaskProps } from '../context.ts';
import { useParameter } from '../link.ts';
import { Chains } from './Chains.tsx';
import styles from './Triggers.module.css';

const Decode = lazy(() => import('./Decode.tsx'));
const FileColumns = lazy(() => import('./FileColumns.tsx'));

const WAYS = [
  ['', 'Count chains'],
  ['decode', 'Decode an event or a mask'],
  ['files', 'Trigger columns of files'],
] as const;

/** Trigger chains: counted over datasets, decoded for one event, or from columns of event files. */
export default function Triggers({ catalogue }: TaskProps) {
  const [way, setWay] = useParameter('way');
  const current = WAYS.find(([id]) => id === way)?.[0] ?? '';
  return (
    <div className={styles.page}>
      <fieldset className={styles.ways} aria-label="What to do">
        {WAYS.map(([id, name]) => (
          <button key={id} type="button" aria-pressed={id === current} onClick={() => setWay(id, 'moved')}>
            {name}
          </button>
        ))}
      </fieldset>
      {current === '' && <Chains catalogue={catalogue} />}
      <Suspense fallback={<p className={styles.note}>Loading…</p>}>
        {current === 'decode' && <Decode catalogue={catalogue} />}
        {current === 'files' && <FileColumns catalogue={catalogue} />}
      </Suspense>
    </div>
  );
}
