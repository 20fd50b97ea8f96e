import type { ViewSpec } from '../../core/analysis/document.ts';

/** How one plot is drawn. None of it is part of the analysis: nothing is filled again when it changes. */
export interface PlotView {
  /** A logarithmic y axis; logarithmic colours of a heat map. */
  log: boolean;
  /** Underflow and overflow are drawn. */
  flow: boolean;
  /** Data sets and overlays one on top of the other. */
  stack: boolean;
  /** Every curve scaled to an integral of 1. */
  normalise: boolean;
  /** What the panel below shows: each curve divided by the first. */
  ratio: 'off' | 'ratio' | 'efficiency';
  /** Names of histograms with the same axis that are drawn over this one. */
  overlay: readonly string[];
  /** So many bins are drawn as one. */
  rebin: number;
  /** The part of the x axis that is drawn. */
  range: readonly [lo: number, hi: number] | 'all';
  /** Positions of the axes that are drawn, the data set axis not counted; `y: 'none'` draws x alone. */
  x: number;
  y: number | 'none';
  /** Bins of axes that are not drawn, by the axis's position; flow bins count. An axis that is absent is summed over. */
  slices: Readonly<Record<number, number>>;
  /** Which data set a heat map shows. */
  dataset: number;
}

/** What a person changed of a plot since the document said how it starts. The link's hash holds it. */
export type ViewChange = Partial<PlotView>;

/** A plot of which the document says nothing. */
const PLAIN: PlotView = {
  log: false,
  flow: false,
  stack: false,
  normalise: false,
  ratio: 'off',
  overlay: [],
  rebin: 1,
  range: 'all',
  x: 0,
  y: 1,
  slices: {},
  dataset: 0,
};

/** The whole view of a plot: what the document says of it, and over that what was changed. */
export function effectiveView(spec: ViewSpec | undefined, change: ViewChange | undefined): PlotView {
  return { ...PLAIN, ...spec, ...change };
}

/** A change without what the document says already, so that a switch that goes there and back leaves no trace. */
export function trueChange(spec: ViewSpec | undefined, change: ViewChange): ViewChange {
  const start: Record<string, unknown> = { ...effectiveView(spec, undefined) };
  const kept = Object.entries(change).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(start[key]));
  return Object.fromEntries(kept);
}
