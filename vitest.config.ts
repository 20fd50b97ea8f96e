import { defineConfig } from 'vitest/config';
import { softwareGpuEnvironment } from './gpu-kernels/testing/softwareGpu.ts';
import { findChromium } from './scripts/chromium.ts';

// The processes that run tests start with it: the loader of Vulkan is looked for then.
Object.assign(process.env, softwareGpuEnvironment([findChromium()]));

/** Units live beside the code. Tests in `e2e/` drive a browser and belong to Playwright. */
export default defineConfig({
  test: {
    include: ['{core,gpu-kernels,workers,cli,relay,app,scripts,bench}/**/*.test.{ts,tsx}'],
    environment: 'node',
    setupFiles: ['scripts/fixSeed.ts'],
    // The default leaves one core idle, half of what a small machine has.
    maxWorkers: '100%',
    // Properties and worker threads are slow on a busy two-core machine.
    testTimeout: 30_000,
    reporters: process.env.LUMISCOPE_VITEST_JSON
      ? ['default', ['json', { outputFile: process.env.LUMISCOPE_VITEST_JSON }]]
      : ['default'],
  },
});
