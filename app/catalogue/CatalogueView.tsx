import { type ComponentType, lazy, Suspense, useEffect } from 'react';
import type { Manifest } from '../../core/catalogue/manifest.ts';
import { publicUrl } from '../../workers/io/publicUrl.ts';
import { useAppConfig } from '../access/useAppConfig.ts';
import { LoadBoundary } from '../components/LoadBoundary.tsx';
import { Logo } from '../components/Logo.tsx';
import { SchemeToggle } from '../components/SchemeToggle.tsx';
import { SkipLink } from '../components/SkipLink.tsx';
import { monitorHashOf } from '../monitor/address.ts';
import { useActions, useContextual, useExplorer } from '../store/context.tsx';
import { CatalogueMenu } from './CatalogueMenu.tsx';
import styles from './CatalogueView.module.css';
import { Consent } from './Consent.tsx';
import { CatalogueContext, type TaskProps } from './context.ts';
import { usePlace } from './link.ts';
import { ErrorMessage } from './parts/ErrorMessage.tsx';
import { TaskLink } from './TaskLink.tsx';
import { type CatalogueTask, TASKS } from './tasks.ts';
import { useNewerVersion } from './useNewerVersion.ts';
import { useOpenCatalogue } from './useOpenCatalogue.ts';

const AccessDialog = lazy(() => import('../access/AccessDialog.tsx'));

/** Each task is loaded with its first use. */
const COMPONENTS: Readonly<Record<string, ComponentType<TaskProps>>> = Object.fromEntries(
  TASKS.map(({ id, load }) => [id, lazy(load)]),
);

/** A catalogue of events: what it is, and one task with it at a time. */
export default function CatalogueView() {
  const { base } = useContextual();
  const { cancel } = useActions();
  const { address, task: wanted } = usePlace();
  const access = useExplorer((s) => s.access);
  const accessFor = useExplorer((s) => s.accessFor);
  const { opening, retry, agree } = useOpenCatalogue(address, base, access);
  const task = TASKS.find(({ id }) => id === wanted) ?? TASKS[0]!;
  const catalogue = opening.state === 'open' ? opening.catalogue : undefined;
  const newer = useNewerVersion(catalogue, access);
  const Task = COMPONENTS[task.id]!;
  useTitle(catalogue?.manifest.title, task);
  useEffect(() => {
    if (!catalogue) return;
    // The task comes first.
    const timer = setTimeout(
      () => import('../offline/register.ts').then(({ keepShell }) => keepShell()).catch(() => undefined),
      2000,
    );
    return () => clearTimeout(timer);
  }, [catalogue]);
  // Nobody looks at an analysis that runs behind this view.
  useEffect(() => cancel(), [cancel]);
  return (
    <div className={styles.view}>
      <SkipLink to="task">Skip to the task</SkipLink>
      <Head address={address} manifest={catalogue?.manifest} newer={newer} onReload={retry} />
      <Tabs current={task} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <main className={styles.task} id="task" tabIndex={0} aria-label={task.name}>
        {opening.state === 'asks' && <Consent host={opening.host} url={opening.url} onAgree={agree} />}
        {opening.state === 'opening' && <p className={styles.note}>Opening {publicUrl(address)}…</p>}
        {opening.state === 'failed' && <ErrorMessage error={opening.error} retry={retry} />}
        {catalogue && (
          <CatalogueContext.Provider value={catalogue}>
            <LoadBoundary key={task.id}>
              <Suspense fallback={<p className={styles.note}>Loading…</p>}>
                <Task catalogue={catalogue} />
              </Suspense>
            </LoadBoundary>
          </CatalogueContext.Provider>
        )}
      </main>
      {accessFor !== undefined && (
        <Suspense>
          <AccessDialog />
        </Suspense>
      )}
    </div>
  );
}

function Head({
  address,
  manifest,
  newer,
  onReload,
}: {
  address: string;
  manifest: Manifest | undefined;
  /** The serial of a version that came since. */
  newer: number | undefined;
  onReload(): void;
}) {
  const { relay } = useAppConfig();
  const title = manifest?.title ?? 'Event catalogue';
  const changed = manifest && new Date(manifest.changed);
  return (
    <header className={styles.head}>
      <button
        type="button"
        className={styles.home}
        onClick={leaveCatalogue}
        aria-label="Lumiscope: start page"
        title="Start page"
      >
        <Logo />
        <span className={styles.brand}>Lumiscope</span>
      </button>
      <h1 className={styles.title} title={title}>
        {title}
      </h1>
      {manifest?.simulated && (
        <span className={styles.simulated} title={`Simulated, not recorded by a detector: ${manifest.simulated}`}>
          <span className={styles.long}>Simulated data</span>
          <span className={styles.short}>Simulated</span>
        </span>
      )}
      <p className={styles.about}>
        <span className={`mono ${styles.address}`} title={publicUrl(address)}>
          {publicUrl(address)}
        </span>
        {manifest && changed && (
          <span title={`This version of the catalogue was written ${changed.toISOString()}`}>
            version {manifest.serial}, {changed.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}
          </span>
        )}
      </p>
      <span role="status" className={styles.newer}>
        {newer !== undefined && (
          <button type="button" onClick={onReload} title="The catalogue has changed since you opened it">
            Open version {newer}
          </button>
        )}
      </span>
      {relay && (
        <a href={monitorHashOf()} title="What the relay that fills this catalogue is doing">
          Monitor
        </a>
      )}
      <CatalogueMenu onReload={onReload} />
      <SchemeToggle />
    </header>
  );
}

/** Links, so that a task opens in a tab of its own as well. */
function Tabs({ current }: { current: CatalogueTask }) {
  return (
    <nav className={styles.tabs} aria-label="Tasks">
      {TASKS.map(({ id, name, about }) => (
        <TaskLink key={id} task={id} title={about} aria-current={id === current.id ? 'page' : undefined}>
          {name}
        </TaskLink>
      ))}
    </nav>
  );
}

function leaveCatalogue(): void {
  history.pushState(null, '', location.pathname);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

function useTitle(title: string | undefined, { name }: CatalogueTask): void {
  useEffect(() => {
    const before = document.title;
    return () => {
      document.title = before;
    };
  }, []);
  useEffect(() => {
    document.title = `${name}: ${title ?? 'Event catalogue'} – Lumiscope`;
  }, [title, name]);
}
