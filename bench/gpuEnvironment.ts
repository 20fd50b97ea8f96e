/**
 * The environment in which a benchmark of the GPU has an adapter: this machine's own where it has one, else Chromium's software adapter.
 * `LUMISCOPE_SOFTWARE_GPU=1` takes the software adapter in any case.
 */
import { spawnSync } from 'node:child_process';
import { softwareGpuEnvironment } from '../gpu-kernels/testing/softwareGpu.ts';
import { findChromium } from '../scripts/chromium.ts';

const PROBE = `
import { create } from 'webgpu';
const adapter = await create([]).requestAdapter().catch(() => null);
process.exit(adapter ? 0 : 1);
`;

/** Variables to start a process with: Dawn looks for a Vulkan loader when it starts. */
export function gpuEnvironment(): Record<string, string> {
  const software = process.env.LUMISCOPE_SOFTWARE_GPU === '1';
  const probe = () => spawnSync(process.execPath, ['--input-type=module', '--eval', PROBE], { stdio: 'ignore' });
  return !software && probe().status === 0 ? {} : softwareGpuEnvironment([findChromium()]);
}
