import { useEffect, useMemo, useState } from 'react';
import { eventValue, suggestedValues } from '../../core/analysis/eventValue.ts';
import { contextAt } from '../../core/analysis/scope.ts';
import { type PlainError, toPlain } from '../../core/errors.ts';
import { type Identity, identityOf } from '../../workers/eventList.ts';
import type { EventTable, TableProgress } from '../../workers/eventTable.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import { ASK_ABOVE_BYTES } from '../store/runner.ts';

/** The table for the present document and what there is to say of it. */
export interface TableState {
  /** The last one that was complete; of an older document while a new one is on its way. */
  table?: EventTable;
  /** What `table` was asked for: columns that identify events come first. */
  identity: Identity;
  loading: boolean;
  /** Whether `table` is of an older document, be a new one on its way or not. */
  stale: boolean;
  /** Where the table fetches so much that it waits for a click: bytes, and what begins. */
  asks?: { bytes: number; collect: () => void };
  progress?: TableProgress;
  error?: PlainError;
  /** Expressions of the table, chosen or suggested. */
  values: readonly string[];
  /** Chosen expressions that are wrong: they are left out. */
  wrong: { text: string; error: PlainError }[];
}

/** Follows the document: the table is made anew when a run of it is done and what it depends on has changed. */
export function useEventTable(): TableState {
  const { events, eventsBytes } = useActions();
  const document = useExplorer((s) => s.document);
  const schema = useExplorer((s) => s.schema);
  const files = useExplorer((s) => s.files);
  const done = useExplorer((s) => s.phase === 'done' && s.resultVersion === s.version);
  const chosen = useExplorer((s) => s.pane.values);
  const asked = useMemo(() => {
    if (!document || !schema) return undefined;
    const context = contextAt(document, schema, []);
    const values = chosen ?? suggestedValues(document, schema);
    const wrong = values.flatMap((text) => {
      const error = errorOf(() => eventValue(context, text));
      return error ? [{ text, error }] : [];
    });
    const identity = identityOf(files.flat().map(({ summary }) => summary?.columns ?? []));
    const good = values.filter((text) => !wrong.some((one) => one.text === text));
    return { values, wrong, identity, good };
  }, [document, schema, files, chosen]);
  const key = useMemo(
    () =>
      asked &&
      document &&
      JSON.stringify([
        asked.good,
        asked.identity,
        files.flat().map((file) => file.key),
        document.define,
        document.select,
        document.lumis,
        document.defaults,
        document.datasets,
      ]),
    [asked, document, files],
  );
  const [state, setState] = useState<Pick<TableState, 'table' | 'progress' | 'error' | 'identity'> & { key?: string }>({
    identity: [],
  });
  const [question, setQuestion] = useState<{ key: string; bytes: number }>();
  const [agreed, setAgreed] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for all that the table depends on
  useEffect(() => {
    // After an error the next run tries again.
    if (!done || !asked || key === undefined || (state.key === key && !state.error)) return;
    const abort = new AbortController();
    const { good, identity } = asked;
    const values = [...identity.map(({ column }) => column), ...good];
    const { signal } = abort;
    const onProgress = (progress: TableProgress) => !signal.aborted && setState((before) => ({ ...before, progress }));
    setState((before) => ({ ...before, error: undefined, progress: undefined }));
    const collect = async () => {
      const bytes = agreed === key ? 0 : await eventsBytes(values);
      if (signal.aborted) return;
      if (bytes > ASK_ABOVE_BYTES) return setQuestion({ key, bytes });
      const table = await events({ values, signal, onProgress });
      if (!signal.aborted) setState({ table, identity, key });
    };
    collect().catch((error) => !signal.aborted && setState({ identity, key, error: toPlain(error) }));
    return () => abort.abort();
  }, [key, done, agreed]);
  const isAsking = question !== undefined && question.key === key && agreed !== key && state.key !== key;
  return {
    table: state.table,
    identity: state.identity,
    progress: state.progress,
    error: state.error,
    loading: done && key !== undefined && state.key !== key && !isAsking,
    stale: key !== state.key,
    ...(isAsking && { asks: { bytes: question.bytes, collect: () => setAgreed(key) } }),
    values: asked?.values ?? [],
    wrong: asked?.wrong ?? [],
  };
}

function errorOf(work: () => unknown): PlainError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return toPlain(error);
  }
}
