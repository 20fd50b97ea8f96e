import { expect, it } from 'vitest';
import { testAdapter } from './softwareGpu.ts';

it('there is a software adapter wherever there is a Chromium', async ({ skip }) => {
  const adapter = await testAdapter();
  if (!adapter) return skip('no Vulkan loader with an adapter on this machine');
  const device = await adapter.requestDevice();
  expect(device.limits.maxStorageBuffersPerShaderStage).toBeGreaterThanOrEqual(8);
  device.destroy();
});
