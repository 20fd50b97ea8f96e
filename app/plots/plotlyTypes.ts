/** The few members of Plotly in use; plotly.js itself ships no types. */

/** Options by name, as Plotly takes them. */
export type PlotlyObject = Record<string, unknown>;

/** What is drawn: traces and layout. */
export interface Figure {
  data: PlotlyObject[];
  layout: PlotlyObject;
}

/** An element with a plot in it. */
export interface DrawnElement extends HTMLElement {
  layout: PlotlyObject;
  /** The layout with all that was worked out for drawing: `plotArea.ts` alone reads it. */
  _fullLayout?: PlotlyObject;
  on(event: 'plotly_relayout' | 'plotly_doubleclick', listener: (change: PlotlyObject) => void): void;
  removeAllListeners(event: string): void;
}

export interface PlotlyModule {
  react(element: HTMLElement, data: PlotlyObject[], layout: PlotlyObject, config: PlotlyObject): Promise<HTMLElement>;
  update(element: HTMLElement, data: PlotlyObject, layout: PlotlyObject): Promise<HTMLElement>;
  purge(element: HTMLElement): void;
  toImage(
    figure: Figure & { config?: PlotlyObject },
    options: { format: 'png' | 'svg'; width: number; height: number; scale?: number },
  ): Promise<string>;
}
