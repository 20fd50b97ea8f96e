/** What changes of a plot while something is dragged: the same traces and cells as in its figure, without what only hovering shows. */
import type { PlotView } from '../../store/plotView.ts';
import { edgesOf, filledBins } from '../bins.ts';
import { drawnSeries, isStacked } from '../curves.ts';
import type { Drawing } from '../figure.ts';
import { outlines, outlineTrace, visibleTraces } from '../figure1d.ts';
import { cellsOf } from '../figure2d.ts';
import type { PlotStyle } from '../layout.ts';
import type { PlotArea } from '../plotArea.ts';
import type { PlotlyObject } from '../plotlyTypes.ts';
import { ratioPanel } from '../ratioPanel.ts';
import { ruler } from '../series.ts';

/** Contents of the cells of a map, or their logarithms, rows from the bottom; null where nothing is drawn. */
export interface Cells {
  x: number[];
  y: number[];
  z: (number | null)[][];
}

export type LiveFigure = { kind: 'traces'; data: PlotlyObject[] } | { kind: 'map'; cells: Cells };

/** @param area of the plot as it is drawn: its axes stay as they are */
export function liveFigure(drawing: Drawing, view: PlotView, style: PlotStyle, area: PlotArea): LiveFigure | undefined {
  if (drawing.kind === 'map') {
    if (drawing.histogram.tiles) return undefined;
    const { columns, rows, shown } = cellsOf(drawing.histogram, view);
    return { kind: 'map', cells: { x: edgesOf(columns), y: edgesOf(rows), z: shown } };
  }
  const { curves, behind = [] } = drawing;
  const r = ruler(curves[0]!.histogram.axes[0]!);
  const bins = drawnSeries(curves, view).map((one) => filledBins(one, r, view.flow));
  const floor = view.log ? area.y.lo : Number.NEGATIVE_INFINITY;
  const options = { style, floor, many: curves.length > 1 };
  const ghosts = outlines(behind, view, r).map((ghost) => outlineTrace(ghost, options));
  const traces = visibleTraces(curves, bins, isStacked(curves, view), options);
  const below = area.panel ? ratioPanel(curves, view, style, [area.x.lo, area.x.hi]).data : [];
  return { kind: 'traces', data: [...ghosts, ...traces, ...below] };
}
