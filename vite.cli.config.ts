import { chmod, copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { defineConfig, type Plugin } from 'vite';
import { duckdbScripts } from './scripts/duckdbScripts.ts';

/** `npx lumiscope` runs the file itself. */
const executable: Plugin = {
  name: 'executable',
  writeBundle: ({ dir }) => chmod(`${dir}/lumiscope.js`, 0o755),
};

/** DuckDB's module lies beside its worker, which reads it when SQL is asked. */
const duckdbModule: Plugin = {
  name: 'duckdb-module',
  writeBundle: ({ dir }) =>
    copyFile(
      createRequire(import.meta.url).resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm'),
      `${dir}/duckdb-eh.wasm`,
    ),
};

/** The command line tool, the relay and their workers, with everything that they import, into `dist-cli/`. */
export default defineConfig({
  publicDir: false,
  plugins: [executable, duckdbModule, duckdbScripts],
  // Who wants the GPU installs it: native code of 130 MB.
  ssr: { noExternal: true, external: ['webgpu'] },
  build: {
    ssr: true,
    outDir: 'dist-cli',
    target: 'node20',
    reportCompressedSize: false,
    rollupOptions: {
      input: {
        lumiscope: 'cli/lumiscope.ts',
        relay: 'relay/main.ts',
        'consumer.worker': 'relay/consumer/consumer.worker.ts',
        'node.worker': 'workers/node.worker.ts',
        'catalogueNode.worker': 'workers/catalogue/catalogueNode.worker.ts',
        'generate.worker': 'workers/catalogue/generate/generate.worker.ts',
        'duckdbNode.worker': 'workers/sql/duckdbNode.worker.mjs',
      },
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
        banner: (chunk) => (chunk.name === 'lumiscope' ? '#!/usr/bin/env node' : ''),
      },
    },
  },
});
