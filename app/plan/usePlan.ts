import { useEffect, useState } from 'react';
import { type PlainError, toPlain } from '../../core/errors.ts';
import type { RequestPlan } from '../../workers/session.ts';
import { useContextual, useExplorer } from '../store/context.tsx';
import { openFiles } from '../store/openFiles.ts';

export type Planned =
  /** The text is wrong, or files are missing. */
  | { state: 'waiting' }
  | { state: 'planning' }
  | { state: 'planned'; plan: RequestPlan }
  | { state: 'failed'; error: PlainError };

/** What a run of the open document asks for, be its results known or not; while one goes on, what was planned before it. */
export function usePlan(): Planned {
  const { store, session } = useContextual();
  const document = useExplorer((s) => s.document);
  const phase = useExplorer((s) => s.phase);
  const [planned, setPlanned] = useState<{ of: typeof document; result: Planned }>();
  const isOpen = useExplorer((s) => openFiles(s) !== undefined);
  const settled = isOpen && (phase === 'ready' || phase === 'done' || phase === 'cancelled' || phase === 'failed');
  useEffect(() => {
    const addresses = openFiles(store.getState());
    if (!settled || !document || !addresses) return;
    const abort = new AbortController();
    const tell = (result: Planned) => {
      if (!abort.signal.aborted) setPlanned({ of: document, result });
    };
    session
      .planRequests(document, addresses, abort.signal)
      .then((plan) => tell({ state: 'planned', plan }))
      .catch((error) => tell({ state: 'failed', error: toPlain(error) }));
    return () => abort.abort();
  }, [store, session, document, settled]);
  if (phase === 'wrong' || phase === 'waiting' || (!isOpen && phase !== 'opening') || !document)
    return { state: 'waiting' };
  return planned?.of === document ? planned.result : { state: 'planning' };
}
