/**
 * Compiles `workers/engine/libm/assembly` to WebAssembly and writes it, as base64, into
 * `workers/engine/libm/libm.generated.ts`: one import that works in Vite, in workers and in Node.
 */
import { writeFile } from 'node:fs/promises';
import asc from 'assemblyscript/asc';
import { sinhTable } from './sinhTable.mjs';

const root = new URL('../', import.meta.url);
const out = new URL('workers/engine/libm/libm.generated.ts', root);
const files = new Map();

await writeFile(new URL('workers/engine/libm/assembly/sinhTable.generated.ts', root), sinhTable());

const { error, stderr } = await asc.main(
  [
    'workers/engine/libm/assembly/index.ts',
    '--baseDir',
    root.pathname,
    '--outFile',
    'libm.wasm',
    '--runtime',
    'stub',
    '--importMemory',
    '--noExportMemory',
    '--noAssert',
    '--use',
    'abort=',
    '-O3',
    '--converge',
  ],
  { writeFile: (name, contents) => void files.set(name, contents) },
);
if (error) {
  process.stderr.write(`${stderr.toString()}\n${error.message}\n`);
  process.exit(1);
}

const wasm = files.get('libm.wasm');
// Throwaway instance: the compiler knows where its tables end, and says so in an export.
const memory = new WebAssembly.Memory({ initial: 16 });
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), { env: { memory } });

await writeFile(
  out,
  `/** Written by scripts/build-libm.mjs. */
export const LIBM_BASE64 =
  '${Buffer.from(wasm).toString('base64')}';
export const LIBM_HEAP_BASE = ${exports.heapBase.value};
`,
);
process.stdout.write(`libm: ${wasm.length} bytes, tables end at ${exports.heapBase.value}\n`);
