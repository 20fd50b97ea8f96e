import { useEffect, useState } from 'react';
import { type PlainError, toPlain } from '../../core/errors.ts';
import type { FileAddress } from '../../workers/io/byteSource.ts';
import type { RequestPlan } from '../../workers/session.ts';
import { useContextual, useExplorer } from '../store/context.tsx';

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
  const settled = phase === 'ready' || phase === 'done' || phase === 'cancelled' || phase === 'failed';
  useEffect(() => {
    if (!settled || !document) return;
    const abort = new AbortController();
    const tell = (result: Planned) => {
      if (!abort.signal.aborted) setPlanned({ of: document, result });
    };
    const addresses = store.getState().files.map((set) => set.map((file) => file.address as FileAddress));
    session
      .planRequests(document, addresses, abort.signal)
      .then((plan) => tell({ state: 'planned', plan }))
      .catch((error) => tell({ state: 'failed', error: toPlain(error) }));
    return () => abort.abort();
  }, [store, session, document, settled]);
  if (phase === 'wrong' || phase === 'waiting' || !document) return { state: 'waiting' };
  return planned?.of === document ? planned.result : { state: 'planning' };
}
