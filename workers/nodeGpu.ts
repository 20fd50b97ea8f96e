import { GpuTrouble } from '../gpu-kernels/types.ts';
import { gpuParts } from './gpuParts.ts';
import { createGpuWorker } from './gpuWorker.ts';
import type { GpuHandle } from './schedule/gpuApi.ts';

const NO_PACKAGE =
  'WebGPU outside of a browser takes the package webgpu, which is not installed here (npm install webgpu)';

/** Dawn's entry point: one for the process, which must not be collected while devices live. */
let gpu: Promise<GPU> | undefined;

/** WebGPU of the package `webgpu`. @throws GpuTrouble `refused` where it is not installed */
export async function nodeGpu(): Promise<GPU> {
  gpu ??= import('webgpu').then(({ create }) => create([]) as GPU);
  try {
    return await gpu;
  } catch (cause) {
    gpu = undefined;
    throw new GpuTrouble('refused', NO_PACKAGE, { cause });
  }
}

/** The GPU in Node, in this thread: Dawn has threads of its own. */
export async function openNodeGpu(): Promise<GpuHandle> {
  const api = createGpuWorker(gpuParts(nodeGpu));
  return { api, crashed: new Promise(() => {}), terminate: () => void api.lose() };
}
