import type { Engine, EngineName } from './engine.ts';
import type { EngineHeap } from './heap.ts';
import { instantiateLibm } from './libm/libm.ts';
import { referenceEngine } from './reference/engine.ts';
import { createWasmEngine } from './wasm/engine.ts';

/** An engine by its name, for one worker; `heap` is the memory that the worker's columns lie in. */
export async function createEngine(name: EngineName, heap: EngineHeap): Promise<Engine> {
  return name === 'wasm' ? createWasmEngine(heap, await instantiateLibm(heap.memory)) : referenceEngine;
}
