/** Compiles `workers/formats/root/kernels/assembly`. */
import { buildAssembly } from './assembly.mjs';

await buildAssembly('kernels', 'workers/formats/root/kernels', ['--enable', 'simd', '--zeroFilledMemory']);
