/** A program on the GPU over one chunk or more, for tests: with the doubtful events redone, as a session does it. */
import type { Program } from '../../../core/expr/typedForm.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import type { DoubtfulEvents, GpuHost, LoweredProgram } from '../../../gpu-kernels/types.ts';
import { OrderedMerge } from '../../schedule/merge.ts';
import type { PartialResult, PreparedProgram } from '../engine.ts';
import { gatherEvents } from '../gpu/gatherEvents.ts';

/** What the GPU made of chunks, and what it left to the other engine. */
export interface GpuAnswer {
  result: PartialResult;
  doubtful: DoubtfulEvents[];
}

/** Numbers of the chunks that tests put on a device: none is used twice. */
let files = 0;

/**
 * @param exact the same program, made ready by the engine that redoes what is in doubt
 * @param chunks the columns of each chunk, by name; all that `program.columns` lists
 */
export async function runOnGpu(
  host: GpuHost,
  lowered: LoweredProgram,
  program: Program,
  exact: PreparedProgram,
  chunks: readonly ReadonlyMap<string, ColumnData>[],
): Promise<GpuAnswer> {
  const file = files++;
  const columnsOf = (chunk: number) => program.columns.map((name) => chunks[chunk]!.get(name)!);
  for (const chunk of chunks.keys()) {
    await host.upload({ file, chunk }, new Map(program.columns.map((name) => [name, chunks[chunk]!.get(name)!])));
  }
  const all = chunks.map((_, chunk) => ({ file, chunk, events: columnsOf(chunk)[0]!.length }));
  const { partial, doubtful } = await host.run(lowered, all);
  const sum = new OrderedMerge(partial);
  for (const [k, { chunk, rows }] of doubtful.entries()) {
    const loop = exact.start(gatherEvents(columnsOf(chunk), rows));
    loop.run(0, rows.length);
    sum.add(k, loop.result());
    loop.release();
  }
  return { result: sum.sum(), doubtful };
}
