/** Compiles `workers/catalogue/kernels/assembly`. */
import { buildAssembly } from './assembly.mjs';

await buildAssembly('counting', 'workers/catalogue/kernels', ['--enable', 'simd', '--zeroFilledMemory']);
