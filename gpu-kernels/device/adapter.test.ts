import { expect, it } from 'vitest';
import { describeAdapter, openAdapter, openDevice } from './adapter.ts';
import { openGpu } from './open.ts';

const LIMITS = {
  maxBufferSize: 2 ** 28,
  maxStorageBufferBindingSize: 2 ** 27 + 100,
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 128,
};

const adapter = (info: Partial<GPUAdapterInfo>, more: object = {}) =>
  ({
    info: { vendor: '', architecture: '', device: '', description: '', isFallbackAdapter: false, ...info },
    limits: LIMITS,
    ...more,
  }) as unknown as GPUAdapter;

it.each([
  { vendor: 'google', architecture: 'swiftshader' },
  { vendor: 'google', description: 'SwiftShader Device (Subzero)' },
  { vendor: 'mesa', architecture: 'llvmpipe' },
  { vendor: 'mesa', device: 'llvmpipe (LLVM 17.0.6, 256 bits)' },
  { vendor: 'microsoft', description: 'Microsoft Basic Render Driver' },
  { vendor: 'x', description: 'Software adapter' },
  { vendor: 'nvidia', isFallbackAdapter: true },
])('%o is a software adapter', (info) => {
  expect(describeAdapter(adapter(info)).isSoftware).toBe(true);
});

it.each([
  { vendor: 'nvidia', architecture: 'hopper', description: 'NVIDIA H200' },
  { vendor: 'apple', architecture: 'metal-3' },
  { vendor: 'intel', architecture: 'gen-12lp', description: 'Intel(R) Iris(R) Xe Graphics' },
  { vendor: 'amd', architecture: 'rdna-3' },
  { vendor: '', architecture: '' },
])('%o is a GPU', (info) => {
  expect(describeAdapter(adapter(info)).isSoftware).toBe(false);
});

it('an adapter of older browsers says itself that it is a fallback', () => {
  expect(describeAdapter(adapter({ vendor: 'x' }, { isFallbackAdapter: true })).isSoftware).toBe(true);
});

it('limits and budget are those of the adapter, or those that were asked for', () => {
  const info = describeAdapter(adapter({}));
  expect(info.limits).toEqual({ workgroupBytes: 16_384, workgroupThreads: 128, bindingBytes: 2 ** 27 });
  expect(info.budget).toBe(2 ** 29);
  expect(describeAdapter(adapter({ architecture: 'swiftshader' })).limits.workgroupBytes).toBe(1024);
  const own = describeAdapter(adapter({}), { budget: 1000, bindingBytes: 500 });
  expect([own.budget, own.limits.bindingBytes]).toEqual([1000, 500]);
});

it('says why there is no GPU', async () => {
  await expect(openGpu(undefined)).rejects.toMatchObject({ kind: 'refused', message: 'this browser has no WebGPU' });
  const none = { requestAdapter: async () => null } as unknown as GPU;
  await expect(openGpu(none)).rejects.toMatchObject({ kind: 'refused', message: /no adapter/ });
  const broken = { requestAdapter: async () => Promise.reject(new Error('blocklisted')) } as unknown as GPU;
  await expect(openAdapter(broken)).rejects.toMatchObject({ kind: 'refused', message: /blocklisted/ });
  const busy = adapter({}, { requestDevice: async () => Promise.reject(new Error('too many devices')) });
  await expect(openDevice(busy)).rejects.toMatchObject({ kind: 'refused', message: /too many devices/ });
});
