/** The engines that tests hold against one another. */
import { createEngine } from '../createEngine.ts';
import type { Engine, LoopName } from '../engine.ts';
import { EngineHeap } from '../heap.ts';
import { LIBM_HEAP_BASE } from '../libm/libm.ts';

export const ENGINE_NAMES: readonly LoopName[] = ['reference', 'wasm'];

/** An engine with a heap of its own. @throws Error where another engine stands in for it */
export async function testedEngine(name: LoopName): Promise<Engine> {
  const engine = await createEngine(name, new EngineHeap(LIBM_HEAP_BASE));
  if (engine.name !== name) throw new Error(`asked for engine ${name}, got ${engine.name}`);
  return engine;
}
