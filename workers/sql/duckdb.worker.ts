/** The worker of DuckDB in a page: its own script, with less around it. */
import './duckdbAlone.ts';
import '@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js';
