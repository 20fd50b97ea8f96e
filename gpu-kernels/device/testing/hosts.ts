import { afterAll } from 'vitest';
import { nodeGpu } from '../../testing/softwareGpu.ts';
import type { GpuHost } from '../../types.ts';
import { openGpu } from '../open.ts';

/** What opens hosts, on Dawn's adapter where no other is given, which are gone after the file's tests. */
export function testHosts(): (options?: Parameters<typeof openGpu>[1], gpu?: GPU) => Promise<GpuHost> {
  const hosts: GpuHost[] = [];
  afterAll(() => {
    for (const host of hosts) host.destroy();
  });
  return async (options = {}, gpu) => {
    const host = await openGpu(gpu ?? (await nodeGpu()), options);
    hosts.push(host);
    return host;
  };
}
