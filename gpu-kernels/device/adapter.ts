import { type GpuInfo, GpuTrouble } from '../types.ts';

/** Limits of WebGPU that a device is asked to have as high as its adapter. */
const RAISED = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
] as const;

/** What names of software renderers hold: SwiftShader, Mesa's llvmpipe and lavapipe, Windows' WARP ("Microsoft Basic Render Driver"). */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render|\bwarp\b|\bcpu\b/i;

/** Buffers are whole numbers of these: some limits are 4 GiB less a byte. */
const WHOLE_BYTES = 256;

/** Bytes that columns may take, whatever the limits say: WebGPU does not tell how much memory there is. */
const MOST = 2 ** 32;
const MOST_SOFTWARE = 2 ** 30;

/** SwiftShader's code sets each word of workgroup memory to zero by an instruction: 16 KiB take 3 s to compile, and gain a processor nothing. */
const SOFTWARE_WORKGROUP_BYTES = 1024;

/** @throws GpuTrouble `refused` with a reason for people */
export async function openAdapter(gpu: GPU | undefined): Promise<GPUAdapter> {
  if (!gpu) throw new GpuTrouble('refused', 'this browser has no WebGPU');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch((error: Error) => {
    throw new GpuTrouble('refused', `WebGPU gives no adapter: ${error.message}`, { cause: error });
  });
  if (!adapter) throw new GpuTrouble('refused', 'WebGPU has no adapter for the GPU of this machine');
  return adapter;
}

/** A device with the limits of its adapter. @throws GpuTrouble `refused` */
export async function openDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const requiredLimits = Object.fromEntries(RAISED.map((name) => [name, adapter.limits[name]]));
  return adapter.requestDevice({ requiredLimits, label: 'lumiscope' }).catch((error: Error) => {
    throw new GpuTrouble('refused', `the GPU can not be used: ${error.message}`, { cause: error });
  });
}

/** What a caller may want otherwise than the adapter has it. */
export interface GpuOptions {
  /** Bytes that columns may take. */
  budget?: number;
  /** Bytes of a buffer that a program reaches. */
  bindingBytes?: number;
}

/** What the adapter says of itself. `isFallbackAdapter` has moved from the adapter to its info. */
export function describeAdapter(adapter: GPUAdapter, options: GpuOptions = {}): GpuInfo {
  const { vendor, architecture, device, description } = adapter.info;
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
  const isFallback =
    adapter.info.isFallbackAdapter || (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter === true;
  const isSoftware = isFallback || [vendor, architecture, device, description].some((name) => SOFTWARE.test(name));
  const most = isSoftware ? MOST_SOFTWARE : MOST;
  return {
    vendor,
    architecture,
    description: description || device,
    isSoftware,
    budget: options.budget ?? Math.min(2 * maxBufferSize, most),
    limits: {
      workgroupBytes: isSoftware ? SOFTWARE_WORKGROUP_BYTES : adapter.limits.maxComputeWorkgroupStorageSize,
      workgroupThreads: Math.min(
        adapter.limits.maxComputeInvocationsPerWorkgroup,
        adapter.limits.maxComputeWorkgroupSizeX,
      ),
      bindingBytes:
        options.bindingBytes ??
        WHOLE_BYTES * Math.floor(Math.min(maxStorageBufferBindingSize, maxBufferSize) / WHOLE_BYTES),
    },
  };
}
