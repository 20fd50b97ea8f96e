import { selfCheck } from '../numbers/selfCheck.ts';
import { GpuTrouble } from '../types.ts';

/** Adapters with a device that this thread has tried: another one of the same compiles and computes as that did. */
const trusted = new Set<string>();

/** Tries the numbers of an adapter's first device; it is destroyed where they are wrong. @throws GpuTrouble `refused` */
export async function trustNumbers(device: GPUDevice, { info }: GPUAdapter): Promise<void> {
  const adapter = [info.vendor, info.architecture, info.device, info.description].join();
  if (trusted.has(adapter)) return;
  const trouble = await selfCheck(device).catch((error: Error) => `the check stopped: ${error.message}`);
  if (trouble !== undefined) {
    device.destroy();
    throw new GpuTrouble('refused', `the GPU does not compute as exactly as it must: ${trouble}`);
  }
  trusted.add(adapter);
}
