import { expect, it } from 'vitest';
import { nodeGpu, testAdapter } from '../testing/softwareGpu.ts';
import { openGpu } from './open.ts';
import { instead } from './testing/wrapped.ts';

it.skipIf(!(await testAdapter()))(
  'a GPU whose compiler gets sums wrong is refused, and the next one of its kind is tried again',
  async () => {
    const gpu = await nodeGpu();
    let isWrong = true;
    const wrong = instead(gpu, {
      requestAdapter: async () => {
        const adapter = (await gpu.requestAdapter())!;
        return instead(adapter, {
          requestDevice: async (wanted: GPUDeviceDescriptor) => {
            const device = await adapter.requestDevice(wanted);
            return instead(device, {
              createShaderModule: ({ code }: GPUShaderModuleDescriptor) =>
                device.createShaderModule({
                  code: isWrong ? code.replace('opaque(rest_a + opaque(b - t))', '0.0') : code,
                }),
            });
          },
        });
      },
    });
    await expect(openGpu(wrong)).rejects.toMatchObject({
      kind: 'refused',
      message: /exactly as it must: its sums of singles/,
    });
    isWrong = false;
    const host = await openGpu(wrong);
    host.destroy();
  },
);
