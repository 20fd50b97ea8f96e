import { useEffect, useMemo, useState } from 'react';
import { eventValue, suggestedValues } from '../../core/analysis/eventValue.ts';
import { contextAt } from '../../core/analysis/scope.ts';
import { LumiscopeError } from '../../core/errors.ts';
import { identityOf } from '../../workers/eventList.ts';
import { formatBytes, formatCount, formatPercent } from '../numbers.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import { ASK_ABOVE_BYTES } from '../store/runner.ts';
import { ANALYSIS, analysisColumns, expectedColumns } from './analysisTable.ts';
import type { useDatabase } from './useDatabase.ts';

/**
 * Makes the table `analysis` known while an analysis is open in this tab: the events that pass its cuts, with the values of its table of events. They are collected by
 * the first question that names it, and anew when the analysis has changed.
 * @returns whether there is one; what allows to fetch much, while a question waits for that
 */
export function useAnalysisTable(
  { loading, lookAgain }: ReturnType<typeof useDatabase>,
  onNote: (note: string | undefined) => void,
): { isOpen: boolean; asks: { bytes: number; allow(): void } | undefined } {
  const { events, eventsBytes } = useActions();
  const document = useExplorer((s) => s.document);
  const schema = useExplorer((s) => s.schema);
  const files = useExplorer((s) => s.files);
  const brushes = useExplorer((s) => s.brushes);
  const chosen = useExplorer((s) => s.pane.values);
  const [asked, setAsked] = useState<{ of: unknown; bytes: number }>();
  const [allowed, setAllowed] = useState<unknown>();
  const database = loading.state === 'ready' ? loading.database : undefined;
  const question = useMemo(() => {
    if (!document || !schema) return undefined;
    const context = contextAt(document, schema, []);
    const identity = identityOf(files.flat().map(({ summary }) => summary?.columns ?? []));
    const values = (chosen ?? suggestedValues(document, schema)).flatMap((text) => {
      try {
        return [{ text, type: eventValue(context, text).type }];
      } catch {
        // The table of events tells what is wrong with it.
        return [];
      }
    });
    const places = files.map((set, k) => ({
      name: document.datasets?.[k]?.name ?? '',
      files: set.map(({ name }) => name),
    }));
    // Brushes are cuts of the table.
    return { identity, values, places, brushes };
  }, [document, schema, files, chosen, brushes]);
  useEffect(() => {
    if (!database) return;
    const load = async (add: Parameters<Parameters<typeof database.provide>[2]>[0], signal?: AbortSignal) => {
      const { identity, values, places } = question!;
      const expressions = [...identity.map(({ column }) => column), ...values.map(({ text }) => text)];
      const bytes = allowed === question ? 0 : await eventsBytes(expressions);
      if (bytes > ASK_ABOVE_BYTES) {
        setAsked({ of: question, bytes });
        throw new LumiscopeError('limit', `the events of the analysis take ${formatBytes(bytes)} to fetch`, {
          hint: 'allow it beside, or choose fewer values in the table of events',
        });
      }
      const table = await events({
        values: expressions,
        ...(signal && { signal }),
        onProgress: ({ events: read, totalEvents }) =>
          onNote(`Collecting events: ${formatCount(read)}, ${formatPercent(read / Math.max(1, totalEvents))}`),
      });
      onNote(undefined);
      await add(analysisColumns(table, identity, places));
    };
    const done = question ? database.provide(ANALYSIS, expectedColumns(question), load) : database.remove(ANALYSIS);
    done.then(lookAgain, () => {});
  }, [database, question, allowed, events, eventsBytes, lookAgain, onNote]);
  const waits = asked && asked.of === question && allowed !== question;
  return {
    isOpen: question !== undefined,
    asks: waits ? { bytes: asked.bytes, allow: () => setAllowed(question) } : undefined,
  };
}
