import type { Plugin } from 'vite';

/** DuckDB's package says that none of its files does anything by being loaded: bundlers would leave its workers' scripts out, which do. */
export const duckdbScripts: Plugin = {
  name: 'duckdb-scripts',
  transform: {
    filter: { id: /duckdb-(browser|node)-eh\.worker\.c?js$/ },
    handler: (code) => ({ code, map: null, moduleSideEffects: true }),
  },
};
