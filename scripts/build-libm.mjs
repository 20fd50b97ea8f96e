/** Compiles `workers/engine/libm/assembly`, with a table that is computed here. */
import { writeFile } from 'node:fs/promises';
import { buildAssembly } from './assembly.mjs';
import { sinhTable } from './sinhTable.mjs';

const root = new URL('../', import.meta.url);

await writeFile(new URL('workers/engine/libm/assembly/sinhTable.generated.ts', root), sinhTable());
await buildAssembly('libm', 'workers/engine/libm');
