import { useCallback, useEffect, useState } from 'react';
import type { MonitorSnapshot } from '../../core/ingest/monitorSnapshot.ts';
import type { AccessRules } from '../../workers/io/access.ts';
import { sendWithAccess } from '../../workers/io/sendWithAccess.ts';
import { agreeTo, isAgreed } from '../access/agreedHosts.ts';
import { foreignHost } from '../store/addresses.ts';
import { type Connection, reasonOf, watchRelay } from './watchRelay.ts';

export interface Watching {
  /** `asks`: nothing is sent before the person agrees to the host. */
  connection: Connection | { state: 'asks'; host: string };
  /** What the relay said last; older than that where the connection is not live. */
  snapshot: MonitorSnapshot | undefined;
  /** Tries at once. */
  retry(): void;
  agree(host: string, remember: boolean): void;
  /** Has the relay do something: `v1/self-test`. @returns what it answers to that where it refuses */
  post(path: string): Promise<string | undefined>;
}

/** Follows the relay at an address. @param relay absolute, with a slash at its end; undefined while that is not known */
export function useMonitor(relay: string | undefined, base: string, access: AccessRules): Watching {
  const [connection, setConnection] = useState<Watching['connection']>({ state: 'connecting' });
  const [snapshot, setSnapshot] = useState<MonitorSnapshot>();
  const [attempt, setAttempt] = useState(0);
  const retry = useCallback(() => setAttempt((n) => n + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another relay has another snapshot
  useEffect(() => setSnapshot(undefined), [relay]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt follows it anew
  useEffect(() => {
    if (relay === undefined) return;
    const host = foreignHost(relay, base);
    if (host && !isAgreed(host)) {
      setConnection({ state: 'asks', host });
      return;
    }
    const abort = new AbortController();
    void watchRelay({
      relay,
      send: (url, init) => sendWithAccess(url, init, access, new Map()),
      onConnection: setConnection,
      onSnapshot: setSnapshot,
      signal: abort.signal,
    });
    return () => abort.abort();
  }, [relay, base, access, attempt]);

  return {
    connection,
    snapshot,
    retry,
    agree(host, remember) {
      agreeTo(host, remember);
      retry();
    },
    async post(path) {
      if (relay === undefined) return undefined;
      try {
        const answer = await sendWithAccess(new URL(path, relay).href, { method: 'POST' }, access, new Map());
        return answer.ok ? undefined : await reasonOf(answer);
      } catch {
        return 'the relay does not answer';
      }
    },
  };
}
