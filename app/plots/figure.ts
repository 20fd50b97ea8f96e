import type { Histogram } from '../../core/hist/histogram.ts';
import type { PlotView } from '../store/plotView.ts';
import { figure1d } from './figure1d.ts';
import { figure2d } from './figure2d.ts';
import type { PlotStyle } from './layout.ts';
import type { Figure } from './plotlyTypes.ts';
import { byDataset, ruler, series } from './series.ts';
import { isMap, shown } from './shown.ts';

/** The figure of a histogram: steps for one axis, a heat map for two. */
export function figureOf(histogram: Histogram, view: PlotView, style: PlotStyle, what: string): Figure {
  if (isMap(histogram, view)) return figure2d(shown(histogram, view), view, style, what);
  const sets = byDataset(shown(histogram, view));
  return figure1d(
    sets.map((set) => series(set.name, set.histogram)),
    ruler(sets[0]!.histogram.axes[0]!),
    view,
    style,
    what,
  );
}
