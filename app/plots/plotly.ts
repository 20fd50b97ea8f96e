/**
 * Plotly with only the traces in use: scatter (part of its core) and heat map. Loaded once, when the
 * first plot is near, so that it delays neither the first paint nor the data.
 */
import type { PlotlyModule } from './plotlyTypes.ts';

let loading: Promise<PlotlyModule> | undefined;

/** The plotting library. A failed load is tried again at the next call. */
export function loadPlotly(): Promise<PlotlyModule> {
  loading ??= import('./plotlyBundle.ts').then(
    (module) => module.default,
    (error) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}
