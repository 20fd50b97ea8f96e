import type { Engine, LoopName } from './engine.ts';
import type { EngineHeap } from './heap.ts';
import { instantiateLibm } from './libm/libm.ts';
import { createWasmEngine } from './wasm/engine.ts';

/** An engine by its name, for one worker; `heap` is the memory that the worker's columns lie in. */
export async function createEngine(name: LoopName, heap: EngineHeap): Promise<Engine> {
  if (name === 'wasm') return createWasmEngine(heap, await instantiateLibm(heap.memory));
  // Loaded where it is asked for: the first plot needs none of it.
  return (await import('./reference/engine.ts')).referenceEngine;
}
