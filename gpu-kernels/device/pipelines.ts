import { BINDINGS, GpuTrouble, type LoweredProgram } from '../types.ts';
import { COMPUTE } from './flags.ts';
import type { Guard } from './guard.ts';

/** Pipelines that are kept: as many documents between which a person goes back and forth. */
const KEPT = 48;

/** A program as the device runs it, and what earlier runs told of it. */
export interface Pipeline {
  compute: GPUComputePipeline;
  /** Events that may be run at once; undefined before the first run. */
  batchEvents?: number;
  /** Events in doubt that a chunk gets room for. */
  doubtRoom: number;
}

/** Pipelines by the text of their module, the least recently used first to go. */
export class Pipelines {
  readonly layout: GPUBindGroupLayout;
  readonly #guard: Guard;
  readonly #pipelines = new Map<string, Promise<Pipeline>>();

  constructor(guard: Guard) {
    this.#guard = guard;
    const entry = (binding: number, type: GPUBufferBindingType) => ({
      binding,
      visibility: COMPUTE,
      buffer: { type, hasDynamicOffset: binding === BINDINGS.PARAMS },
    });
    this.layout = guard.device.createBindGroupLayout({
      entries: [
        entry(BINDINGS.PARAMS, 'uniform'),
        entry(BINDINGS.COLUMNS, 'read-only-storage'),
        entry(BINDINGS.CONSTANTS, 'read-only-storage'),
        entry(BINDINGS.RESULTS, 'storage'),
        entry(BINDINGS.DOUBTS, 'storage'),
      ],
    });
  }

  /** @throws GpuTrouble `code` with what the compiler says */
  get({ code }: LoweredProgram): Promise<Pipeline> {
    const known = this.#pipelines.get(code);
    const pipeline = known ?? this.#compile(code);
    this.#pipelines.delete(code);
    this.#pipelines.set(code, pipeline);
    if (known) return known;
    pipeline.catch(() => this.#pipelines.delete(code));
    if (this.#pipelines.size > KEPT) this.#pipelines.delete(this.#pipelines.keys().next().value!);
    return pipeline;
  }

  async #compile(code: string): Promise<Pipeline> {
    const { device } = this.#guard;
    const { value: module, done } = this.#guard.scoped(() => device.createShaderModule({ code }));
    const { messages } = await this.#guard.wait(module.getCompilationInfo());
    const errors = messages.filter(({ type }) => type === 'error');
    if (errors.length > 0) {
      const lines = code.split('\n');
      const told = errors
        .slice(0, 5)
        .map((one) => `${one.message} (line ${one.lineNum}: ${lines[one.lineNum - 1]?.trim()})`);
      throw new GpuTrouble('code', `the GPU's compiler refused the program: ${told.join('; ')}`);
    }
    await done;
    const layout = device.createPipelineLayout({ bindGroupLayouts: [this.layout] });
    const made = device.createComputePipelineAsync({ layout, compute: { module, entryPoint: 'main' } });
    const compute = await this.#guard.wait(
      made.catch((error: Error) => {
        throw new GpuTrouble('code', `the GPU's compiler refused the program: ${error.message}`, { cause: error });
      }),
    );
    return { compute, doubtRoom: 255 };
  }
}
