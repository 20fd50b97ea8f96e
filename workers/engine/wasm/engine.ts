import { LumiscopeError } from '../../../core/errors.ts';
import type { Program } from '../../../core/expr/typedForm.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import type { Engine, PreparedProgram } from '../engine.ts';
import type { EngineHeap } from '../heap.ts';
import type { Libm } from '../libm/libm.ts';
import { TILE_BYTES } from '../tileLimit.ts';
import { generateEventLoop } from './eventLoop.ts';
import type { ColumnShape } from './generator.ts';
import { type Host, type LinkedLoop, type Run, type TableCode, WasmRun } from './run.ts';

/**
 * The WebAssembly engine: the program becomes one fused event loop in a module of its own, which imports the heap's memory and the
 * libm. Columns that lie in the heap are read in place.
 */
export function createWasmEngine(heap: EngineHeap, libm: Libm): Engine {
  return {
    name: 'wasm',
    prepare: async (program) =>
      new PreparedLoop(heap, libm, program, program.table ? await import('./table.ts') : undefined),
  };
}

class PreparedLoop implements PreparedProgram {
  private readonly heap: EngineHeap;
  private readonly libm: Libm;
  private readonly program: Program;
  private readonly table: TableCode | undefined;
  /** By the shapes of the columns: whether values are missing can differ from chunk to chunk. */
  private readonly linked = new Map<string, LinkedLoop>();

  constructor(heap: EngineHeap, libm: Libm, program: Program, table: TableCode | undefined) {
    this.table = table;
    this.heap = heap;
    this.libm = libm;
    this.program = program;
  }

  start(columns: ColumnData[], tileBytes = TILE_BYTES): WasmRun {
    const shapes = new Map<string, ColumnShape>();
    for (const [k, name] of this.program.columns.entries()) {
      const column = columns[k];
      if (!column || column.length !== columns[0].length)
        throw new Error(`column ${name} has the wrong number of events`);
      shapes.set(name, { type: column.type, nullable: column.valid !== undefined });
    }
    const key = JSON.stringify([...shapes.values()].map(({ type, nullable }) => [type, nullable]));
    let linked = this.linked.get(key);
    if (!linked) {
      linked = this.link(shapes);
      this.linked.set(key, linked);
    }
    return new WasmRun(linked, columns, tileBytes);
  }

  private link(shapes: ReadonlyMap<string, ColumnShape>): LinkedLoop {
    const { heap, libm, program, table } = this;
    const { bytes, generator } = generateEventLoop(program, shapes, table);
    const host: Host = { moreScratch: () => 0, moreVectors: () => 0, moreTiles: () => {}, takeItems: () => 0 };
    const imports = {
      env: { memory: heap.memory },
      libm: libm as unknown as WebAssembly.ModuleImports,
      host: {
        moreScratch: (bytes: number, top: number) => host.moreScratch(bytes, top),
        moreVectors: (table: number, item: number) => host.moreVectors(table, item),
        moreTiles: (histogram: number) => host.moreTiles(histogram),
        takeItems: (list: number) => host.takeItems(list),
      },
    };
    // Synchronous compilation is for workers and Node; the main thread runs no engine.
    const instance = new WebAssembly.Instance(compiled(bytes), imports);
    return {
      heap,
      libm,
      program,
      generator,
      loop: instance.exports.run as Run,
      host,
      ...(table && { table }),
    };
  }
}

/** @throws LumiscopeError `limit` for more code or locals than browsers take in one function */
function compiled(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    throw new LumiscopeError('limit', `the document is too large for one event loop (${(cause as Error).message})`, {
      hint: 'use fewer or shorter definitions, cuts and histograms',
      cause,
    });
  }
}
