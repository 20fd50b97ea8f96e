/** The thread of the page's session that has the GPU. */
import { expose } from 'comlink';
import { gpuParts } from './gpuParts.ts';
import { createGpuWorker } from './gpuWorker.ts';

expose(createGpuWorker(gpuParts(async () => navigator.gpu)));
