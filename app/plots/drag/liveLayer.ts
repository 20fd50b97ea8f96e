import type { Histogram } from '../../../core/hist/histogram.ts';
import type { Drawn, LivePlot } from '../live.ts';
import type { PlotlyObject } from '../plotlyTypes.ts';
import { liveFigure } from './liveFigure.ts';
import styles from './liveLayer.module.css';
import { colourRange, paintMap } from './paintMap.ts';
import { paintTraces } from './paintTraces.ts';

/** Milliseconds that the last numbers of a drag stay for the new figure to come. */
const PATIENCE = 400;

/** A canvas over a plot that draws numbers of a drag on the axes of the figure below, whose curves are hidden meanwhile. */
export class LiveLayer {
  readonly #frame: HTMLElement;
  readonly #seen: () => { plot: LivePlot; drawn: Drawn } | undefined;
  readonly #canvas = document.createElement('canvas');
  #shown: Histogram | undefined;
  #leaving: ReturnType<typeof setTimeout> | undefined;
  #colours: { of: readonly PlotlyObject[]; range: [number, number] } | undefined;

  /** @param seen what is drawn, and how; asked at every move */
  constructor(frame: HTMLElement, seen: () => { plot: LivePlot; drawn: Drawn } | undefined) {
    this.#frame = frame;
    this.#seen = seen;
    this.#canvas.className = styles.layer!;
  }

  /** Draws these numbers at once. Undefined: the drag is over, and they go when the next figure is drawn. */
  show(histogram: Histogram | undefined): void {
    clearTimeout(this.#leaving);
    this.#leaving = histogram ? undefined : setTimeout(() => this.remove(), PATIENCE);
    if (!histogram) return;
    this.#shown = histogram;
    this.#draw();
  }

  /** The figure below was drawn anew. */
  redrawn(): void {
    if (this.#leaving !== undefined) this.remove();
    else if (this.#shown) this.#draw();
  }

  /** Takes the layer away, until there are numbers again. */
  remove(): void {
    clearTimeout(this.#leaving);
    this.#leaving = undefined;
    this.#shown = undefined;
    this.#canvas.remove();
    this.#frame.classList.remove(styles.covered!);
  }

  #draw(): void {
    const seen = this.#seen();
    if (!seen || !this.#shown) return;
    const { plot, drawn } = seen;
    const figure = liveFigure(plot.drawing(this.#shown), plot.view, plot.style, drawn.area);
    const context = figure && this.#blank();
    if (!context) return;
    if (figure.kind === 'traces') paintTraces(context, figure.data, drawn.area);
    else paintMap(context, figure.cells, drawn.area, this.#coloursOf(drawn, figure.cells.z), devicePixelRatio);
  }

  /** The canvas over the plot, as large as it, empty. */
  #blank(): CanvasRenderingContext2D | null {
    if (!this.#canvas.isConnected) {
      this.#frame.append(this.#canvas);
      this.#frame.classList.add(styles.covered!);
    }
    const width = Math.round(this.#frame.clientWidth * devicePixelRatio);
    const height = Math.round(this.#frame.clientHeight * devicePixelRatio);
    const context = this.#canvas.getContext('2d');
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
      context?.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    } else context?.clearRect(0, 0, width, height);
    return context;
  }

  /** What the colours of the figure below stand for. */
  #coloursOf({ data }: Drawn, z: (number | null)[][]): [number, number] {
    if (this.#colours?.of === data) return this.#colours.range;
    const range = colourRange((data[0]?.z as (number | null)[][] | undefined) ?? z) ?? [0, 1];
    this.#colours = { of: data, range };
    return range;
  }
}
