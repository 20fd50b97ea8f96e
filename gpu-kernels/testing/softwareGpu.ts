/**
 * WebGPU without a GPU and without a browser: Dawn for Node (the package `webgpu`) over the SwiftShader that every Chromium brings along.
 *
 * Dawn looks for a Vulkan loader when it starts: the path has to be set before the process is. `vitest.config.ts` and `bench/run.ts` do.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Variables of the environment that have Dawn use the SwiftShader in a folder of Chromium; nothing where none of them has one. */
export function softwareGpuEnvironment(chromiums: readonly (string | undefined)[]): Record<string, string> {
  const folders = ['/usr/lib/chromium', ...chromiums.flatMap((path) => (path ? [dirname(path)] : []))];
  const folder = folders.find((one) => existsSync(join(one, 'vk_swiftshader_icd.json')));
  if (!folder) return {};
  const before = process.env.LD_LIBRARY_PATH;
  return {
    LD_LIBRARY_PATH: before ? `${folder}:${before}` : folder,
    VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'),
  };
}

let gpu: Promise<GPU> | undefined;

/** Dawn's entry point, one for the process. */
export function nodeGpu(): Promise<GPU> {
  gpu ??= import('webgpu').then(({ create }) => create([]) as GPU);
  return gpu;
}

/**
 * An adapter, or undefined where this machine has none.
 * @throws Error in CI, where tests must not leave it out
 */
export async function testAdapter(): Promise<GPUAdapter | undefined> {
  const adapter = await (await nodeGpu()).requestAdapter().catch(() => null);
  if (!adapter && process.env.CI)
    throw new Error(
      'Dawn found no adapter: Chromium, whose SwiftShader it takes, has to be installed before the units run',
    );
  return adapter ?? undefined;
}
