/**
 * Plotly put together from its own parts, as its `src/core.js` does, but with only those that the
 * plots use: that file also registers sliders, menus, annotations, images and more.
 */
// @ts-expect-error plotly.js ships no types
import registry from 'plotly.js/src/registry';
// @ts-expect-error plotly.js ships no types
import plotApi from 'plotly.js/src/plot_api';
// @ts-expect-error plotly.js ships no types
import colorbar from 'plotly.js/src/components/colorbar';
// @ts-expect-error plotly.js ships no types
import colorscale from 'plotly.js/src/components/colorscale';
// @ts-expect-error plotly.js ships no types
import errorbars from 'plotly.js/src/components/errorbars';
// @ts-expect-error plotly.js ships no types
import fx from 'plotly.js/src/components/fx';
// @ts-expect-error plotly.js ships no types
import legend from 'plotly.js/src/components/legend';
// @ts-expect-error plotly.js ships no types
import modebar from 'plotly.js/src/components/modebar';
// @ts-expect-error plotly.js ships no types
import shapes from 'plotly.js/src/components/shapes';
// @ts-expect-error plotly.js ships no types
import english from 'plotly.js/src/locale-en';
// @ts-expect-error plotly.js ships no types
import american from 'plotly.js/src/locale-en-us';
// @ts-expect-error plotly.js ships no types
import heatmap from 'plotly.js/src/traces/heatmap';
// @ts-expect-error plotly.js ships no types
import scatter from 'plotly.js/src/traces/scatter';
// The style rules that Plotly's elements need.
import 'plotly.js/build/plotcss';
import type { PlotlyModule } from './plotlyTypes.ts';

for (const [name, fn] of Object.entries(plotApi)) registry.register({ moduleType: 'apiMethod', name, fn });
registry.register([scatter, heatmap]);
// The legend comes after the shapes and hovering after the legend: each takes defaults of the one before.
registry.register([shapes, errorbars, colorscale, colorbar, legend, fx, modebar]);
registry.register([english, american]);

/** The part of Plotly that the app draws with. */
export default plotApi as PlotlyModule;
