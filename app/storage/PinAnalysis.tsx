import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { toPlain } from '../../core/errors.ts';
import type { CachedFile } from '../../workers/io/cache/report.ts';
import { Message } from '../components/Message.tsx';
import { formatBytes, formatCount } from '../numbers.ts';
import { useContextual, useExplorer } from '../store/context.tsx';
import { openFiles } from '../store/openFiles.ts';
import styles from './StoragePanel.module.css';

/** Milliseconds between two looks at how far it has come. */
const STEP = 1000;

/** Has the open analysis ready for a time without a network. */
export function PinAnalysis({
  files: stored,
  onChange,
}: {
  files: readonly CachedFile[];
  onChange: () => Promise<void>;
}) {
  const { session, store } = useContextual();
  const plan = useExplorer((s) => s.plan);
  const files = useExplorer((s) => s.files).flat();
  const [state, setState] = useState<'idle' | 'busy' | 'done'>('idle');
  const [failed, setFailed] = useState<{ message: string; hint?: string | undefined }>();
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  useEffect(() => {
    if (state !== 'busy') return;
    const timer = setInterval(() => void onChange(), STEP);
    return () => clearInterval(timer);
  }, [state, onChange]);
  const remote = files.filter(({ address }) => address?.kind === 'url');
  if (!plan || remote.length === 0 || files.some(({ status }) => status !== 'open')) return null;

  const pin = async () => {
    const { document } = store.getState();
    const addresses = openFiles(store.getState());
    if (!document || !addresses) return;
    abort.current = new AbortController();
    setState('busy');
    setFailed(undefined);
    try {
      await session.pin(document, addresses, abort.current.signal);
      setState('done');
    } catch (error) {
      const { tag, message, hint } = toPlain(error);
      if (tag !== 'cancelled') setFailed({ message, hint });
      setState('idle');
    }
    await onChange();
  };

  const pinned = stored.filter((file) => file.pinned).length;
  const what = `${formatCount(remote.length)} ${remote.length === 1 ? 'file' : 'files'}`;
  return (
    <div className={styles.pin}>
      <div>
        <b>This analysis without a network</b>
        <p className={styles.hint} role="status">
          {state === 'busy' && `Fetching what is missing of ${formatBytes(plan.totalBytes)}…`}
          {state === 'done' &&
            pinned > 0 &&
            `Ready: ${what} pinned. This address opens and runs offline, in this browser.`}
          {(state === 'idle' || (state === 'done' && pinned === 0)) &&
            `Fetches what is missing of the ${formatBytes(plan.totalBytes)} that it reads of ${what}, and keeps it.`}
        </p>
        {failed && <Message kind="error" title={failed.message} hint={failed.hint} />}
      </div>
      {state === 'busy' ? (
        <Button variant="default" onClick={() => abort.current?.abort()}>
          Cancel
        </Button>
      ) : (
        <Button variant={state === 'done' ? 'default' : 'filled'} onClick={() => void pin()}>
          {state === 'done' ? 'Pin again' : 'Pin for offline'}
        </Button>
      )}
    </div>
  );
}
