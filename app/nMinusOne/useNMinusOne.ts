import { useEffect, useState } from 'react';
import type { AxisSpec } from '../../core/analysis/document.ts';
import { type Condition, conditionsOf, nMinusOneDocument } from '../../core/analysis/nMinusOne.ts';
import { suitedAxis, wideAxis } from '../../core/analysis/nMinusOneAxes.ts';
import { type PlainError, toPlain } from '../../core/errors.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import { useContextual, useExplorer } from '../store/context.tsx';
import { openFiles } from '../store/openFiles.ts';
import { ASK_ABOVE_BYTES } from '../store/runner.ts';

/** One plot: a condition, its axis, and the histogram once it is filled. */
export interface NMinusOnePlot {
  condition: Condition;
  axis: AxisSpec;
  histogram: Histogram;
}

/** What there is to show. */
export type NMinusOne =
  /** The document's own run comes first. */
  | { state: 'waiting' }
  | { state: 'filling' }
  /** So much has to be fetched from other hosts that it waits for a click. */
  | { state: 'asks'; bytes: number; fill: () => void }
  | { state: 'failed'; error: PlainError; retry: () => void }
  | { state: 'filled'; conditions: Condition[]; plots: NMinusOnePlot[] };

/**
 * Fills the N−1 plots of the open document after its own run: once over wide axes, to see where the values lie, and once more
 * over axes that suit them. Columns are in memory by then, so that both read little.
 */
export function useNMinusOne(): NMinusOne {
  const { store, session } = useContextual();
  const ready = useExplorer((s) => s.phase === 'done' && s.resultVersion === s.version);
  const document = useExplorer((s) => s.document);
  const [filled, setFilled] = useState<{ of: typeof document; result: NMinusOne }>();
  const [attempt, setAttempt] = useState(0);
  const [agreed, setAgreed] = useState<typeof document>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is the same question again
  useEffect(() => {
    const { schema, files } = store.getState();
    const addresses = openFiles({ files });
    if (!ready || !document || !schema || !addresses) return;
    const abort = new AbortController();
    const { signal } = abort;
    const tell = (result: NMinusOne) => {
      if (!signal.aborted) setFilled({ of: document, result });
    };
    const fill = async (conditions: readonly Condition[], axes: readonly AxisSpec[], storage?: 'count') => {
      const { histograms } = await session.run(nMinusOneDocument(document, conditions, axes, storage), addresses, {
        signal,
      });
      return histograms.map(({ histogram }) => histogram);
    };
    const work = async () => {
      const conditions = conditionsOf(document, schema);
      if (conditions.length === 0) return tell({ state: 'filled', conditions, plots: [] });
      const wideAxes = conditions.map(wideAxis);
      if (agreed !== document && files.flat().some(({ hosts }) => hosts)) {
        // Where a cut left out parts of the files, the plot of that cut needs them.
        const asked = nMinusOneDocument(document, conditions, wideAxes, 'count');
        const { bytes } = await session.plan(asked, addresses, signal);
        if (bytes > ASK_ABOVE_BYTES) return tell({ state: 'asks', bytes, fill: () => setAgreed(document) });
      }
      const wide = await fill(conditions, wideAxes, 'count');
      const axes = conditions.map((condition, k) => suitedAxis(condition, wide[k] as Histogram));
      const histograms = await fill(conditions, axes);
      const plots = conditions.map((condition, k) => ({
        condition,
        axis: axes[k] as AxisSpec,
        histogram: histograms[k] as Histogram,
      }));
      tell({ state: 'filled', conditions, plots });
    };
    work().catch((error) => tell({ state: 'failed', error: toPlain(error), retry: () => setAttempt((n) => n + 1) }));
    return () => abort.abort();
  }, [store, session, ready, document, attempt, agreed]);
  const isAgreed = filled?.result.state === 'asks' && agreed === document;
  if (filled && filled.of === document && !isAgreed) return filled.result;
  return { state: ready ? 'filling' : 'waiting' };
}
