import type { Engine, EngineName } from './engine.ts';
import type { EngineHeap } from './heap.ts';
import { referenceEngine } from './reference/engine.ts';

/** An engine by its name, for one worker. */
export async function createEngine(_name: EngineName, _heap: EngineHeap): Promise<Engine> {
  return referenceEngine;
}
