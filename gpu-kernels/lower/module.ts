import { library } from '../numbers/library.ts';
import { declareBuffers, declareParams } from '../params.ts';

export interface ModuleParts {
  arrays: number;
  weights: number;
  /** Functions of the number library. */
  functions: ReadonlySet<string>;
  /** Declarations of `fill/`. */
  fills: string;
  scratch: readonly string[];
  readers: readonly string[];
  prelude: readonly string[];
  /** Body of `event`. */
  event: string;
  main: string;
}

/** The text of one module: what is fixed first, the document's own part last. */
export function moduleText(parts: ModuleParts): string {
  return `${[
    declareParams(parts.arrays, parts.weights),
    declareBuffers(),
    library(parts.functions),
    parts.fills,
    ...parts.scratch,
    ...parts.readers,
    ...parts.prelude,
    eventText(parts),
    parts.main,
  ].join('\n\n')}\n`;
}

/** The document's own part, for people who want to see what becomes of it. */
function eventText({ event }: Pick<ModuleParts, 'event'>): string {
  return `fn event(e: u32) {\n${event}\n}`;
}
