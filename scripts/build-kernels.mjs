/** Compiles `workers/formats/kernels/assembly`. */
import { buildAssembly } from './assembly.mjs';

await buildAssembly('kernels', 'workers/formats/kernels', ['--enable', 'simd', '--zeroFilledMemory']);
