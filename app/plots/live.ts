import type { Histogram } from '../../core/hist/histogram.ts';
import type { PlotView } from '../store/plotView.ts';
import type { Drawing } from './figure.ts';
import type { PlotStyle } from './layout.ts';
import type { PlotArea } from './plotArea.ts';
import type { PlotlyObject } from './plotlyTypes.ts';

/** How a plot draws its histogram: as its figure does. */
export interface LivePlot {
  /** Name of the histogram. */
  name: string;
  drawing: (histogram: Histogram) => Drawing;
  view: PlotView;
  style: PlotStyle;
}

/** A plot as Plotly has drawn it last. */
export interface Drawn {
  area: PlotArea;
  data: readonly PlotlyObject[];
}

/**
 * Numbers that plots show while something is being dragged: past React and past Plotly, so that a move of the pointer is drawn within
 * its frame. By the name of the plot's histogram; what is not published any more is drawn as the result says.
 */
export class LiveNumbers {
  readonly #draws = new Map<string, Set<(histogram: Histogram | undefined) => void>>();
  #shown: ReadonlyMap<string, Histogram> = new Map();

  /** What a plot shows now in place of its result. */
  shown(name: string): Histogram | undefined {
    return this.#shown.get(name);
  }

  /** Has `draw` called with each new histogram, and with undefined when the result counts again. @returns what ends it */
  subscribe(name: string, draw: (histogram: Histogram | undefined) => void): () => void {
    const draws = this.#draws.get(name) ?? new Set();
    this.#draws.set(name, draws.add(draw));
    return () => void draws.delete(draw);
  }

  /** Draws these at once; the plots of all others show their results. */
  publish(numbers: ReadonlyMap<string, Histogram>): void {
    const before = this.#shown;
    this.#shown = numbers;
    for (const name of new Set([...before.keys(), ...numbers.keys()]))
      for (const draw of this.#draws.get(name) ?? []) draw(numbers.get(name));
  }
}
