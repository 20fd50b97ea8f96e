/** The software adapter as a device that programs run on. */
import type { Program } from '../../../core/expr/typedForm.ts';
import { openGpu } from '../../../gpu-kernels/device/open.ts';
import { lowerProgram } from '../../../gpu-kernels/lower/lowerProgram.ts';
import { nodeGpu, testAdapter } from '../../../gpu-kernels/testing/softwareGpu.ts';
import type { ColumnShape, GpuHost, LoweredProgram, Refusal } from '../../../gpu-kernels/types.ts';
import { instantiateLibm } from '../libm/libm.ts';

export interface GpuUnderTest {
  host: GpuHost;
  lower(program: Program, shapes: ReadonlyMap<string, ColumnShape>): LoweredProgram | Refusal;
}

/** One device; undefined where this machine has none. */
export async function testGpu(): Promise<GpuUnderTest | undefined> {
  if (!(await testAdapter())) return undefined;
  const host = await openGpu(await nodeGpu());
  const math = await instantiateLibm(new WebAssembly.Memory({ initial: 1 }));
  return { host, lower: (program, shapes) => lowerProgram(program, shapes, { math, limits: host.info.limits }) };
}
