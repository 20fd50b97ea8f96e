import { Button, useComputedColorScheme } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import { type Condition, nMinusOneSpec } from '../../core/analysis/nMinusOne.ts';
import { binValues } from '../../core/hist/contents.ts';
import { Swatch } from '../components/Swatch.tsx';
import { formatCount, formatNumber, formatPercent } from '../numbers.ts';
import type { Curve } from '../plots/curves.ts';
import { drawingOf, figureOf } from '../plots/figure.ts';
import { PlotCanvas } from '../plots/PlotCanvas.tsx';
import { INK } from '../plots/palette.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import { effectiveView } from '../store/plotView.ts';
import { withLimits } from './limits.ts';
import styles from './NMinusOne.module.css';
import type { NMinusOnePlot } from './useNMinusOne.ts';

/** The plot of one condition: what it is about, for events that pass all the others. */
export function NMinusOneCard({
  plot: { condition, axis, histogram },
  conditions,
  at,
}: {
  plot: NMinusOnePlot;
  conditions: readonly Condition[];
  at: number;
}) {
  const { edit, showPlot } = useActions();
  const scheme = useComputedColorScheme('light');
  const log = useExplorer((s) => s.pane.logarithmic === true);
  const taken = useExplorer((s) => s.document?.histograms);
  const view = useMemo(() => effectiveView(undefined, { log }), [log]);
  const drawing = useMemo(
    () => drawingOf({ title: condition.text, histogram }, [], view),
    [condition, histogram, view],
  );
  const what = histogram.storage === 'weighted' ? 'Weighted events' : 'Events';
  const figure = useCallback(() => {
    const plain = figureOf(drawing, view, { ink: INK[scheme], fontSize: 11, legend: false }, what);
    return axis.range ? withLimits(plain, condition, axis.range, INK[scheme]) : plain;
  }, [drawing, view, scheme, what, axis, condition]);
  const add = () => {
    const name = freeName(`N−1 of ${condition.cut}`, taken?.map((h) => h.name) ?? []);
    const spec = { name, title: `${condition.text}: all other cuts`, ...nMinusOneSpec(conditions, at, axis) };
    if (!edit([{ kind: 'addHistogram', spec }])) showPlot(name);
  };
  const curves = drawing.kind === 'curves' ? drawing.curves : [];
  return (
    <article className={styles.card} aria-label={`N−1 of ${condition.text}`}>
      <div className={styles.head}>
        <h3 className={styles.title} title={condition.text}>
          <span className="mono">{condition.text}</span>
          {condition.cut !== condition.text && <span className={styles.cut}>{condition.cut}</span>}
        </h3>
        <Button variant="default" size="compact-xs" onClick={add}>
          Add to the analysis
        </Button>
      </div>
      <dl className={styles.figures}>
        {curves.map((curve, k) => (
          <Passing key={curve.dataset} curve={curve} at={k} many={curves.length > 1} />
        ))}
      </dl>
      <PlotCanvas
        figure={figure}
        label={`Histogram of ${condition.value} for events that pass all cuts but ${condition.text}`}
        zoomKey={JSON.stringify([axis, log])}
      />
    </article>
  );
}

/** How much the condition takes from what the others leave. */
function Passing({ curve, at, many }: { curve: Curve; at: number; many: boolean }) {
  const last = useExplorer((s) => s.result?.cutflow[at]?.rows.at(-1));
  const counted = curve.histogram.storage === 'count';
  const without = binValues(curve.histogram).reduce((sum, n) => sum + n, 0) + (counted ? curve.histogram.missing : 0);
  const kept = counted ? last?.events : last?.sumw;
  const show = (n: number) => (counted ? formatCount(n) : formatNumber(n, 6));
  return (
    <div>
      {many && (
        <dt className={styles.set}>
          <Swatch look={curve.look} filled={false} />
          {curve.name}
        </dt>
      )}
      <dd>
        <span data-figure="without">{show(without)}</span> without it
        {kept !== undefined && (
          <>
            , <span data-figure="with">{show(kept)}</span> with it ({formatPercent(kept / without)})
          </>
        )}
      </dd>
    </div>
  );
}

function freeName(wanted: string, taken: readonly string[]): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted} (${n})`;
    if (!taken.includes(name)) return name;
  }
}
