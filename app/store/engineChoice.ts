/**
 * Which engine runs the document: a matter of the machine, so the browser remembers it. A link may ask for one with `&engine=gpu` or
 * `&engine=wasm`, for as long as the document is open: nothing is remembered of that.
 */
import type { EngineChoice as Choice } from '../../workers/engine/engine.ts';

/** Those that a person can choose. */
export type EngineChoice = Exclude<Choice, 'reference'>;

/** What people call them. */
export const ENGINES: Readonly<Record<string, string>> = {
  auto: 'Automatic',
  gpu: 'WebGPU',
  wasm: 'WebAssembly',
};

/** What a link asks for; undefined where it asks for nothing. */
export function parseEngine(hash: string): EngineChoice | undefined {
  const [, value] = /&engine=(gpu|wasm)(?=&|$)/.exec(hash) ?? [];
  return value as EngineChoice | undefined;
}

/** The parameter of a link. */
export function formatEngine(choice: EngineChoice | undefined): string {
  return choice === undefined ? '' : `&engine=${choice}`;
}
