/** Compiles `workers/formats/root/ntuple/kernels/assembly`. */
import { buildAssembly } from './assembly.mjs';

await buildAssembly('elements', 'workers/formats/root/ntuple/kernels', ['--enable', 'simd', '--zeroFilledMemory']);
