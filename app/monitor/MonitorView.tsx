import { Button, Checkbox } from '@mantine/core';
import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import type { MonitorSnapshot } from '../../core/ingest/monitorSnapshot.ts';
import { publicUrl } from '../../workers/io/publicUrl.ts';
import { appConfig } from '../access/appConfig.ts';
import { catalogueHashOf } from '../catalogue/address.ts';
import { AccessButton } from '../components/AccessButton.tsx';
import { Logo } from '../components/Logo.tsx';
import { Message } from '../components/Message.tsx';
import { SchemeToggle } from '../components/SchemeToggle.tsx';
import { SkipLink } from '../components/SkipLink.tsx';
import { useActions, useContextual, useExplorer } from '../store/context.tsx';
import { isMonitorHash, relayInHash } from './address.ts';
import { Counters } from './Counters.tsx';
import { Datasets } from './Datasets.tsx';
import { Alarms, Consumers, Producers, SelfTest } from './Lists.tsx';
import styles from './MonitorView.module.css';
import { NoRelay } from './NoRelay.tsx';
import { Throughput } from './Throughput.tsx';
import { Traversal } from './Traversal.tsx';
import { useMonitor, type Watching } from './useMonitor.ts';
import { formatMoment } from './words.ts';

const AccessDialog = lazy(() => import('../access/AccessDialog.tsx'));

/** A relay, live: what comes in, where datasets stand, what is wrong. */
export default function MonitorView() {
  const { base } = useContextual();
  const { cancel } = useActions();
  const access = useExplorer((s) => s.access);
  const accessFor = useExplorer((s) => s.accessFor);
  const relay = useRelay(base);
  const watching = useMonitor(relay.url, base, access);
  const { connection, snapshot } = watching;
  useTitle(snapshot);
  // Nobody looks at an analysis that runs behind this view.
  useEffect(() => cancel(), [cancel]);
  return (
    <div className={styles.view}>
      <SkipLink to="monitor">Skip to the numbers</SkipLink>
      <Head relay={relay.url} base={base} state={relay.problem === undefined ? connection.state : 'absent'} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <main className={styles.main} id="monitor" tabIndex={0} aria-label="Monitor">
        <div className={styles.column}>
          {relay.problem !== undefined ? (
            <NoRelay reason={relay.problem} />
          ) : (
            <Trouble watching={watching} relay={relay.url} named={relay.named} />
          )}
          {relay.url !== undefined && snapshot && (
            <Numbers snapshot={snapshot} watching={watching} catalogue={catalogueOf(relay.url, base)} />
          )}
        </div>
      </main>
      {accessFor !== undefined && (
        <Suspense>
          <AccessDialog />
        </Suspense>
      )}
    </div>
  );
}

function Numbers({
  snapshot,
  watching,
  catalogue,
}: {
  snapshot: MonitorSnapshot;
  watching: Watching;
  catalogue: string;
}) {
  const { at: now, may } = snapshot;
  const isLive = watching.connection.state === 'live';
  return (
    <div className={styles.numbers} data-stale={!isLive || undefined}>
      <Counters {...snapshot} />
      <div className={styles.grid}>
        <div className={styles.wide}>
          <Throughput throughput={snapshot.throughput} />
          <Datasets
            datasets={snapshot.datasets}
            now={now}
            catalogue={catalogue}
            onRetry={
              isLive && may.retry ? (name) => watching.post(`v1/datasets/${encodeURIComponent(name)}/retry`) : undefined
            }
          />
          <Producers producers={snapshot.producers} now={now} />
        </div>
        <div className={styles.side}>
          <Traversal traversal={snapshot.traversal} />
          <Alarms alarms={snapshot.alarms} now={now} />
          <Consumers consumers={snapshot.consumers} waiting={snapshot.datasets.counts.VALIDATED} now={now} />
          <SelfTest
            selfTest={snapshot.selfTest}
            now={now}
            onTest={isLive && may.test ? () => watching.post('v1/self-test') : undefined}
          />
        </div>
      </div>
    </div>
  );
}

/** What keeps numbers from being shown, or from being of now. */
function Trouble({ watching, relay, named }: { watching: Watching; relay: string | undefined; named: boolean }) {
  const { connection, snapshot, retry, agree } = watching;
  const [remember, setRemember] = useState(false);
  switch (connection.state) {
    case 'live':
      return null;
    case 'connecting':
      return (
        <p className={styles.quiet}>{relay === undefined ? 'Looking for a relay…' : `Asking ${publicUrl(relay)}…`}</p>
      );
    case 'asks':
      return (
        <Message
          kind="warning"
          title={`This relay is on ${connection.host}`}
          hint="Nothing has been sent to it yet. A host sees your network address, and that you watch it."
          actions={
            <>
              <Checkbox
                label="Remember this host"
                checked={remember}
                onChange={(event) => setRemember(event.currentTarget.checked)}
              />
              <Button onClick={() => agree(connection.host, remember)}>Watch the relay</Button>
            </>
          }
        >
          <p className="mono">{relay && publicUrl(relay)}</p>
        </Message>
      );
    case 'refused':
      return (
        <Message
          kind="error"
          title={connection.status === 401 ? 'The relay wants a token' : 'The relay refuses this token, or this page'}
          hint="a token with the scope read is enough to watch"
          actions={
            <>
              <AccessButton host={relay && new URL(relay).host} />
              <Button variant="default" onClick={retry}>
                Try again
              </Button>
            </>
          }
        />
      );
    case 'absent':
      return <NoRelay reason={named && relay ? `${publicUrl(relay)}: ${connection.reason}.` : undefined} />;
    case 'lost':
      return (
        <Message
          kind={snapshot ? 'warning' : 'error'}
          title={
            snapshot ? `Not connected: ${connection.reason}` : `${relay && publicUrl(relay)}: ${connection.reason}`
          }
          hint={
            <>
              {snapshot
                ? `What is shown is as of ${formatMoment(snapshot.at)}. `
                : 'It may be stopped, or not be set up to answer to this page. '}
              <Countdown to={connection.retryAt} />
            </>
          }
          actions={
            <Button variant="default" onClick={retry}>
              Try now
            </Button>
          }
        />
      );
  }
}

/** Not announced: only what changes for good is. */
function Countdown({ to }: { to: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.ceil((to - now) / 1000);
  return <span aria-hidden="true">{seconds > 0 ? `Tried again in ${seconds} s.` : 'Trying…'}</span>;
}

const STATUS: Record<Watching['connection']['state'], string> = {
  asks: 'Not asked yet',
  connecting: 'Connecting…',
  live: 'Live',
  lost: 'Disconnected',
  refused: 'Refused',
  absent: 'No relay',
};

function Head({
  relay,
  base,
  state,
}: {
  relay: string | undefined;
  base: string;
  state: Watching['connection']['state'];
}) {
  return (
    <header className={styles.head}>
      <button
        type="button"
        className={styles.home}
        onClick={leave}
        aria-label="Lumiscope: start page"
        title="Start page"
      >
        <Logo />
        <span className={styles.brand}>Lumiscope</span>
      </button>
      <h1 className={styles.title}>Monitor</h1>
      <span className={styles.status} data-state={state} role="status">
        {STATUS[state]}
      </span>
      <span className={`mono ${styles.address}`} title={relay && publicUrl(relay)}>
        {relay && publicUrl(relay)}
      </span>
      {relay !== undefined && state === 'live' && <a href={catalogueHashOf(catalogueOf(relay, base))}>Catalogue</a>}
      <SchemeToggle />
    </header>
  );
}

/** Address of the catalogue that a relay publishes; short where it is beside the app. */
function catalogueOf(relay: string, base: string): string {
  return relay === base.replace(/[^/]*$/, '') ? 'catalogue/' : `${relay}catalogue/`;
}

interface Relay {
  /** Undefined until it is known. */
  url?: string;
  /** Whether a link or the configuration names it; else the app's own place is tried. */
  named: boolean;
  problem?: string;
}

/** The relay of the link, that of the configuration, or what may run where the app was loaded from. */
function useRelay(base: string): Relay {
  const hash = useSyncExternalStore(onPlace, hashHere);
  const [relay, setRelay] = useState<Relay>({ named: false });
  useEffect(() => {
    const named = relayInHash(hash);
    if (named === undefined) {
      let left = false;
      void appConfig(base).then((config) => {
        if (!left) setRelay({ url: config.relay ?? new URL('./', base).href, named: config.relay !== undefined });
      });
      return () => {
        left = true;
      };
    }
    const address = URL.canParse(named, base) ? new URL(named, base) : undefined;
    if (address?.protocol !== 'https:' && address?.protocol !== 'http:')
      return setRelay({
        named: true,
        problem: `${publicUrl(named)} is no address of a relay: it begins with https: or http:.`,
      });
    address.search = '';
    address.hash = '';
    setRelay({ url: address.href.replace(/\/*$/, '/'), named: true });
  }, [hash, base]);
  return relay;
}

/** The hash of this view: while it is left, it stays as it was. */
let shownHash = '#monitor';
function hashHere(): string {
  if (isMonitorHash(location.hash)) shownHash = location.hash;
  return shownHash;
}

function onPlace(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener('hashchange', listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener('hashchange', listener);
  };
}

function leave(): void {
  history.pushState(null, '', location.pathname);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

/** What needs somebody is seen on the tab. */
function useTitle(snapshot: MonitorSnapshot | undefined): void {
  useEffect(() => {
    const before = document.title;
    return () => {
      document.title = before;
    };
  }, []);
  const troubles = snapshot ? snapshot.alarms.shown.length + snapshot.alarms.more + snapshot.datasets.counts.FAIL : 0;
  useEffect(() => {
    document.title = `${troubles > 0 ? `(${troubles}) ` : ''}Monitor – Lumiscope`;
  }, [troubles]);
}
