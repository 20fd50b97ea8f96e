/** Runs documents on columns in the memory of one engine, as one worker does with warm columns. */
import { compileDocument } from '../core/analysis/compile.ts';
import type { AnalysisDocument } from '../core/analysis/document.ts';
import type { Program } from '../core/expr/typedForm.ts';
import { buildSchema } from '../core/schema/build.ts';
import type { ColumnData, ColumnInfo, Values } from '../core/schema/column.ts';
import type { PartialResult, PreparedProgram } from '../workers/engine/engine.ts';
import { EngineHeap } from '../workers/engine/heap.ts';
import { instantiateLibm, LIBM_HEAP_BASE } from '../workers/engine/libm/libm.ts';
import { createWasmEngine } from '../workers/engine/wasm/engine.ts';

/** Compiles `document`, or says why it can't be. */
export function compile(document: AnalysisDocument, columns: readonly ColumnInfo[]): Program {
  const { program, errors } = compileDocument(document, buildSchema(columns));
  if (!program) throw new Error(errors.map(({ message }) => message).join('; '));
  return program;
}

/** An engine of its own, with its columns in its memory. */
export class BenchEngine {
  readonly #heap = new EngineHeap(LIBM_HEAP_BASE);
  readonly #placed = new Map<string, () => ColumnData>();
  /** Columns of a collection share their offsets, as in a worker's memory. */
  readonly #copies = new Map<Values, () => Values>();

  /** Copies a column into the engine's memory, once. */
  place(name: string, column: ColumnData): void {
    const values = this.#copy(column.values);
    const offsets = column.offsets.map((one) => this.#copy(one));
    this.#placed.set(name, () => ({
      ...column,
      values: values(),
      offsets: offsets.map((view) => view() as Uint32Array),
    }));
  }

  async prepare(program: Program): Promise<PreparedProgram> {
    return createWasmEngine(this.#heap, await instantiateLibm(this.#heap.memory)).prepare(program);
  }

  /** One pass over all events. */
  run(program: Program, prepared: PreparedProgram): PartialResult {
    const columns = program.columns.map((name) => this.#placed.get(name)!());
    const run = prepared.start(columns);
    run.run(0, columns[0]?.length ?? 0);
    try {
      return run.result();
    } finally {
      run.release();
    }
  }

  /** A view over the copy, made anew at each call: growing the memory detaches views. */
  #copy(array: Values): () => Values {
    const known = [...this.#copies].find(([other]) => other.length === array.length && isSame(other, array));
    if (known) return known[1];
    const at = this.#heap.alloc(array.byteLength);
    const Type = array.constructor as new (buffer: ArrayBuffer, at: number, length: number) => Values;
    const view = () => new Type(this.#heap.memory.buffer as ArrayBuffer, at, array.length);
    view().set(array as never);
    this.#copies.set(array, view);
    return view;
  }
}

function isSame(a: Values, b: Values): boolean {
  if (a.constructor !== b.constructor) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
