/**
 * Plotly put together from its own parts, as its `src/core.js` does, but with only those that the
 * plots use: that file also registers sliders, menus, annotations, images and more.
 */

import colorbar from 'plotly.js/src/components/colorbar';
import colorscale from 'plotly.js/src/components/colorscale';
import fx from 'plotly.js/src/components/fx';
import legend from 'plotly.js/src/components/legend';
import modebar from 'plotly.js/src/components/modebar';
import shapes from 'plotly.js/src/components/shapes';
import english from 'plotly.js/src/locale-en';
import american from 'plotly.js/src/locale-en-us';
import plotApi from 'plotly.js/src/plot_api';
import registry from 'plotly.js/src/registry';
import heatmap from 'plotly.js/src/traces/heatmap';
import scatter from 'plotly.js/src/traces/scatter';
// The style rules that Plotly's elements need.
import 'plotly.js/build/plotcss';
import type { PlotlyModule } from './plotlyTypes.ts';

for (const [name, fn] of Object.entries(plotApi)) registry.register({ moduleType: 'apiMethod', name, fn });
registry.register([scatter, heatmap]);
// The legend comes after the shapes and hovering after the legend: each takes defaults of the one before.
registry.register([shapes, colorscale, colorbar, legend, fx, modebar]);
registry.register([english, american]);

/** The part of Plotly that the app draws with. */
export default plotApi as PlotlyModule;
