import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type Rolldown } from 'vite';
import { PAGE_POLICY } from './core/pagePolicy.ts';
import { duckdbScripts } from './scripts/duckdbScripts.ts';
import { offlineShell } from './scripts/offlineShell.ts';

/** As a meta tag, because a static host sends no headers of ours; in the build only, as the dev server inlines scripts. */
const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: PAGE_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  },
};

const STRING = String.raw`'(?:[^'\\\n]|\\.)*'`;
const DESCRIPTION = new RegExp(
  String.raw`\bdescription:\s*(?:${STRING}|\[(?:[^\]'"]|${STRING}|"[^"\n]*")*\]\s*\.join\('\s*'\))\s*(?:,|(?=\}))`,
  'g',
);

/** Plotly's sources describe every attribute for its documentation; its own build drops the descriptions as well. */
const plotlyWithoutDescriptions: Plugin = {
  name: 'plotly-without-descriptions',
  apply: 'build',
  transform: {
    filter: { id: /plotly\.js\/src\/.*\.js$/ },
    handler: (code) => ({ code: code.replace(DESCRIPTION, ''), map: null }),
  },
};

/**
 * Parts that libraries bring along for what the app never does, by what is left of them: Plotly's bar of buttons (the menus of a plot are our
 * own) and the bins of its two-dimensional histogram trace (`core/hist` fills ours).
 */
const LEFT_OUT: [RegExp, string][] = [
  [/plotly\.js\/src\/components\/modebar\/manage\.js$/, 'module.exports = function () {};'],
  [/plotly\.js\/src\/components\/modebar\/buttons\.js$/, 'module.exports = {};'],
  [/plotly\.js\/src\/traces\/histogram2d\/calc\.js$/, 'module.exports = undefined;'],
];

const withoutUnusedParts: Plugin = {
  name: 'without-unused-parts',
  apply: 'build',
  transform: {
    filter: { id: LEFT_OUT.map(([part]) => part) },
    handler: (_, id) => ({ code: LEFT_OUT.find(([part]) => part.test(id))![1], map: null }),
  },
};

const plots = (file: string) => fileURLToPath(new URL(`app/plots/${file}`, import.meta.url));

/** JSROOT's decompressors: it is handed bytes that are unpacked. */
const JSROOT_UNUSED = /^\.\/base\/(lzma|zstd)\.mjs$/;

/** jsPDF looks for the first three when it turns HTML into PDF, Plotly for the last one to select points with a lasso: the app does neither. */
const UNUSED = ['canvg', 'dompurify', 'html2canvas', 'polybooljs'];

const MAIN = fileURLToPath(new URL('app/main.tsx', import.meta.url));
let needed: Set<string> | undefined;

/** What every page needs is one chunk: split by which of the parts that load later share it, it would be larger. */
function startChunk(id: string, modules: Rolldown.ChunkingContext): string | null {
  needed ??= withImports(MAIN, modules);
  return needed.has(id) ? 'start' : null;
}

/** Modules that import a whole library, for those who want a part of it. */
const BARREL = /(@mantine\/core|@tabler\/icons-react)\/.*\/(index|tabler-icons-react)\.mjs$/;

/** A module and all that it imports. */
function withImports(main: string, modules: Rolldown.ChunkingContext): Set<string> {
  const found = new Set([main]);
  for (const id of found) {
    if (BARREL.test(id)) continue;
    for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  }
  return found;
}

export default defineConfig({
  // Relative addresses, so that `dist` runs from any sub-path of any static host.
  base: './',
  plugins: [react(), contentSecurityPolicy, plotlyWithoutDescriptions, withoutUnusedParts, offlineShell],
  // Plotly's sources are written for bundlers that know Node's `global`, and its registry asks for the style sheet of maps.
  define: { global: 'globalThis' },
  resolve: {
    alias: [
      { find: 'maplibre-gl/dist/maplibre-gl.css', replacement: plots('noMapStyle.css') },
      { find: /^gl-mat4$/, replacement: plots('matrices.ts') },
      { find: JSROOT_UNUSED, replacement: plots('absent.ts') },
      ...UNUSED.map((find) => ({ find, replacement: plots('absent.ts') })),
    ],
  },
  // The workers split code (codecs load when a file needs them), which classic workers can't.
  worker: { format: 'es', plugins: () => [duckdbScripts] },
  build: {
    target: 'es2022',
    // Small assets as files: `data:` scripts and fetches would need holes in the policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups: [{ debugName: 'start', name: startChunk }] } } },
  },
  server: { host: '127.0.0.1' },
});
