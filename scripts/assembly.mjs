/** AssemblyScript to WebAssembly, as base64 in a module: one import that works in Vite, in workers and in Node. */
import { writeFile } from 'node:fs/promises';
import asc from 'assemblyscript/asc';

const root = new URL('../', import.meta.url);

/**
 * Compiles `<folder>/assembly/index.ts`, which takes its memory from the host and exports `heapBase`, the first free byte after its tables, and
 * writes `<NAME>_BASE64` and `<NAME>_HEAP_BASE` to `<folder>/<name>.generated.ts`.
 * @param {string} name
 * @param {string} folder
 * @param {string[]} options
 */
export async function buildAssembly(name, folder, options = []) {
  const files = new Map();
  const { error, stderr } = await asc.main(
    [
      `${folder}/assembly/index.ts`,
      '--baseDir',
      root.pathname,
      '--outFile',
      `${name}.wasm`,
      '--runtime',
      'stub',
      '--importMemory',
      '--noExportMemory',
      '--noAssert',
      '--use',
      'abort=',
      '-O3',
      '--converge',
      ...options,
    ],
    { writeFile: (file, contents) => void files.set(file, contents) },
  );
  if (error) {
    process.stderr.write(`${stderr.toString()}\n${error.message}\n`);
    process.exit(1);
  }

  const wasm = files.get(`${name}.wasm`);
  // Throwaway instance: the compiler knows where its tables end, and says so in an export.
  const memory = new WebAssembly.Memory({ initial: 256 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), { env: { memory } });
  const heapBase = exports.heapBase.value;

  const constant = name.toUpperCase();
  await writeFile(
    new URL(`${folder}/${name}.generated.ts`, root),
    `/** Compiled from assembly/ by scripts/generate.ts. */
export const ${constant}_BASE64 =
  '${Buffer.from(wasm).toString('base64')}';
export const ${constant}_HEAP_BASE = ${heapBase};
`,
  );
  process.stdout.write(`${name}: ${wasm.length} bytes, tables end at ${heapBase}\n`);
}
