import { openGpu } from '../gpu-kernels/device/open.ts';
import { lowerProgram } from '../gpu-kernels/lower/lowerProgram.ts';
import { instantiateLibm, LIBM_HEAP_BASE } from './engine/libm/libm.ts';
import type { GpuWorkerParts } from './gpuWorker.ts';

const PAGE = 65_536;

/** What the GPU's thread is made of, wherever it runs. @param findGpu WebGPU's entry point; throws GpuTrouble `refused` */
export function gpuParts(findGpu: () => Promise<GPU | undefined>): GpuWorkerParts {
  const math = instantiateLibm(new WebAssembly.Memory({ initial: Math.ceil(LIBM_HEAP_BASE / PAGE) }));
  return {
    openGpu: async () => openGpu(await findGpu()),
    lowerProgram: async (program, shapes, { limits }) => lowerProgram(program, shapes, { math: await math, limits }),
  };
}
