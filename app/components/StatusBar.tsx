import { lazy, Suspense, useState } from 'react';
import { formatBytes, formatCount, formatRate } from '../numbers.ts';
import { useStoragePanel } from '../storage/useStoragePanel.tsx';
import { useExplorer } from '../store/context.tsx';
import { ENGINES } from '../store/engineChoice.ts';
import styles from './StatusBar.module.css';

const EngineMenu = lazy(() => import('./EngineMenu.tsx'));

/** The line at the bottom: what the machine does and what it cost. */
export function StatusBar() {
  const progress = useExplorer((s) => s.progress);
  const phase = useExplorer((s) => s.phase);
  const engine = useExplorer((s) => s.result?.engine);
  const stats = useExplorer((s) => s.stats);
  const [openStorage, storagePanel] = useStoragePanel();
  const rate = progress && progress.seconds > 0 ? progress.events / progress.seconds : undefined;
  return (
    <footer className={styles.bar}>
      <span className={styles.phase} role="status">
        {PHASES[phase]}
      </span>
      {phase === 'opening' && <Opened />}
      <dl className={styles.figures}>
        <Figure name="events/s" value={rate === undefined ? '–' : formatRate(rate)} />
        <Figure
          name="events"
          value={progress ? `${formatCount(progress.events)} of ${formatCount(progress.totalEvents)}` : '–'}
          wide
        />
        <Figure name="fetched" value={progress ? formatBytes(progress.bytes) : '–'} />
        <div title="Bytes that this browser had stored. Opens what is stored">
          <dt>from store</dt>
          <dd>
            <button
              type="button"
              className={styles.link}
              aria-label={`${progress ? formatBytes(progress.cachedBytes) : '–'} from store`}
              onClick={openStorage}
            >
              {progress ? formatBytes(progress.cachedBytes) : '–'}
            </button>
          </dd>
        </div>
        <Figure
          name={progress?.requests === 1 ? 'request' : 'requests'}
          value={progress ? formatCount(progress.requests) : '–'}
        />
        <Figure
          name="memory"
          value={stats ? formatBytes(stats.memoryBytes) : '–'}
          title={stats && `of ${formatBytes(stats.memoryBudget)} allowed`}
        />
        <div className={styles.engine} title="What computed the plots. Opens the choice">
          <dt>engine</dt>
          <dd>
            <EngineButton label={engine === undefined ? '–' : (ENGINES[engine] ?? engine)} />
          </dd>
        </div>
        <Figure name={stats?.workers === 1 ? 'worker' : 'workers'} value={stats ? formatCount(stats.workers) : '–'} />
      </dl>
      {storagePanel}
    </footer>
  );
}

/** Opens the menu of engines, which is loaded then. */
function EngineButton({ label }: { label: string }) {
  const [wanted, setWanted] = useState(false);
  const button = (
    <button
      type="button"
      className={styles.link}
      onClick={() => setWanted(true)}
      aria-label={`Engine: ${label}`}
      aria-haspopup="menu"
    >
      {label}
    </button>
  );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <EngineMenu label={label} />
    </Suspense>
  );
}

/** How many of many files are open: not part of the status, which a screen reader would read out at each step. */
function Opened() {
  const files = useExplorer((s) => s.files).flat();
  const open = files.filter((f) => f.status !== 'opening').length;
  if (files.length < 10) return null;
  return (
    <span>
      {formatCount(open)} of {formatCount(files.length)}
    </span>
  );
}

const PHASES = {
  wrong: 'Text has errors',
  waiting: 'Waiting for data',
  opening: 'Opening files',
  planning: 'Planning',
  ready: 'Ready to run',
  running: 'Running',
  done: 'Done',
  cancelled: 'Cancelled',
  failed: 'Failed',
} as const;

function Figure({ name, value, title, wide }: { name: string; value: string; title?: string; wide?: boolean }) {
  return (
    <div className={wide ? styles.wide : undefined} title={title}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
