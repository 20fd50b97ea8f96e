/** The plots of an explorer as figures to print: with the views, overlays and fits that the page shows. */
import type { HistogramSpec } from '../../../core/analysis/document.ts';
import { fitHistogram } from '../../../core/fit/fit.ts';
import type { Histogram } from '../../../core/hist/histogram.ts';
import { brushNames } from '../../brush/brushWords.ts';
import { effectiveView } from '../../store/plotView.ts';
import type { ExplorerState } from '../../store/state.ts';
import { drawingOf, figureOf, hasPanel, whatIsCounted } from '../figure.ts';
import { fitLines, fitTargets } from '../fits.ts';
import type { PlotStyle } from '../layout.ts';
import type { Figure } from '../plotlyTypes.ts';
import { plotsWithSaved } from '../savedPlots.ts';

export interface Printable {
  name: string;
  title: string;
  /** With a panel below the plot. */
  tall: boolean;
  /** Which events it shows, where other plots have brushes. */
  brushed?: string;
  figure(style: PlotStyle): Figure;
}

/** Those plots that are filled: of the document's histograms, and of saved results. */
export function printables(state: ExplorerState): Printable[] {
  const { document, result, views, program, saved, savedUse } = state;
  const plots = plotsWithSaved(document?.histograms ?? [], result?.histograms ?? [], saved, savedUse);
  const filled = plots.flatMap(({ spec, histogram, over }) =>
    histogram ? [{ spec, histogram, over, title: titleOf(spec) }] : [],
  );
  return filled.map(({ spec, histogram, over, title }) => {
    const view = effectiveView(spec.view, views[spec.name]);
    const wanted = view.overlay.flatMap((name) => filled.filter((f) => f.spec.name === name && name !== spec.name));
    const drawing = drawingOf({ title, histogram }, [...over, ...wanted], view);
    const perItem = program?.histograms.find((h) => h.name === spec.name)?.per !== undefined;
    return {
      name: spec.name,
      title,
      tall: hasPanel(drawing, view),
      brushed: brushedBy(spec, state),
      figure: (style) => {
        const lines = fitsOf(spec, histogram, view.stack).flatMap((fit) => fitLines(fit, view));
        return figureOf(drawing, view, style, whatIsCounted(spec, histogram, perItem), lines);
      },
    };
  });
}

/** The brushes that count in a plot, in words; plots of saved results know of none. */
function brushedBy(spec: HistogramSpec, { document, brushes }: ExplorerState): string | undefined {
  const specs = document?.histograms ?? [];
  const others = specs.includes(spec) ? brushes.filter(({ histogram }) => histogram !== spec.name) : [];
  const names = brushNames(others, specs);
  return names.length > 0 ? `Only events with ${names.join(' and ')}` : undefined;
}

function fitsOf(spec: HistogramSpec, histogram: Histogram, stack: boolean) {
  return (spec.fits ?? []).flatMap((fit, index) =>
    fitTargets(histogram, stack).map((target) => ({ index, target, result: fitHistogram(target.histogram, fit) })),
  );
}

const titleOf = (spec: HistogramSpec): string => spec.title ?? spec.name;
