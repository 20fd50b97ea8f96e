/** Plotly's sources, which have no types: `plotlyBundle.ts` puts them together and gives the whole a type. */
declare module 'plotly.js/src/*';
declare module 'gl-mat4/*';
