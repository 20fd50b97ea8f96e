/** A GPU whose device tests reach, and that has less memory than it has. */
import { nodeGpu } from '../../testing/softwareGpu.ts';

export interface WrappedGpu {
  gpu: GPU;
  /** The last one that was opened. */
  device(): GPUDevice;
  /** Buffers past so many bytes, of all that are not destroyed, are out of memory. */
  memory: number;
  /** How many of them there were. */
  refused: number;
}

class GPUOutOfMemoryError {
  readonly message = 'no memory, says the test';
}

/** Stands before Dawn: its devices count the bytes of buffers, and answer as Dawn does where there are too many. */
export async function wrappedGpu(): Promise<WrappedGpu> {
  const real = await nodeGpu();
  let last: GPUDevice | undefined;
  const wrapped: WrappedGpu = {
    gpu: undefined as never,
    device: () => last!,
    memory: Number.POSITIVE_INFINITY,
    refused: 0,
  };
  const openDevice = (adapter: GPUAdapter) => async (descriptor?: GPUDeviceDescriptor) => {
    const device = await adapter.requestDevice(descriptor);
    last = device;
    let bytes = 0;
    const scopes: { filter: GPUErrorFilter; error?: GPUOutOfMemoryError }[] = [];
    return instead(device, {
      createBuffer: (wanted: GPUBufferDescriptor) => {
        const buffer = device.createBuffer(wanted);
        bytes += wanted.size;
        const destroy = buffer.destroy.bind(buffer);
        buffer.destroy = () => {
          bytes -= wanted.size;
          destroy();
        };
        if (bytes > wrapped.memory) {
          wrapped.refused++;
          const scope = scopes.findLast(({ filter }) => filter === 'out-of-memory');
          if (scope) scope.error = new GPUOutOfMemoryError();
        }
        return buffer;
      },
      pushErrorScope: (filter: GPUErrorFilter) => {
        scopes.push({ filter });
        device.pushErrorScope(filter);
      },
      popErrorScope: async () => {
        const { error } = scopes.pop()!;
        return (await device.popErrorScope()) ?? error ?? null;
      },
    });
  };
  wrapped.gpu = instead(real, {
    requestAdapter: async (options?: GPURequestAdapterOptions) => {
      const adapter = await real.requestAdapter(options);
      return adapter && instead(adapter, { requestDevice: openDevice(adapter) });
    },
  });
  return wrapped;
}

/** An object with some members of its own; the others are the target's. */
export function instead<T extends object>(target: T, members: object): T {
  return new Proxy(target, {
    get(_, name) {
      const value = Reflect.get(name in members ? members : target, name);
      return typeof value === 'function' && !(name in members) ? value.bind(target) : value;
    },
  });
}
