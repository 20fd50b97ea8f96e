import { neededColumns } from '../../core/analysis/needed.ts';
import { type ColumnBounds, canBeTrue } from '../../core/expr/interval.ts';
import { forEachNode } from '../../core/expr/walk.ts';
import type { Schema } from '../../core/schema/schema.ts';
import type { FileSummary } from '../formats/eventFile.ts';
import type { KeyedProgram } from './compiler.ts';

/** What has to run over a chunk, told by what its file says of the values in it. */
export type ChunkWork =
  /** The program as it is. */
  | { kind: 'whole' }
  /** No event can pass the cut after those of this program: it counts and fills nothing beyond them. */
  | { kind: 'truncated'; program: KeyedProgram }
  /** No event can pass the first cut, and without a weight the cutflow's first row is known. */
  | { kind: 'nothing' };

/**
 * Looks through the chunks of files for those in which no event can pass some cut. Results are the same bits with and without it.
 */
export class Pruner {
  readonly #keyed: KeyedProgram;
  readonly #schema: Schema;
  /** Columns whose bounds could tell something, for each cut. */
  readonly #columns: string[][];
  readonly #truncated = new Map<number, KeyedProgram>();

  constructor(keyed: KeyedProgram, schema: Schema) {
    this.#keyed = keyed;
    this.#schema = schema;
    this.#columns = keyed.program.cuts.map(({ cond }) => {
      const names: string[] = [];
      forEachNode([cond], (node) => {
        if (node.op === 'column') names.push(node.column);
      });
      return names;
    });
  }

  work({ chunkBounds }: Pick<FileSummary, 'chunkBounds'>, chunk: number): ChunkWork {
    const bounds: ColumnBounds = (column) => {
      const known = chunkBounds?.get(column);
      const [lo, hi] = [known?.[2 * chunk], known?.[2 * chunk + 1]];
      return lo === undefined || hi === undefined || Number.isNaN(lo) ? undefined : [lo, hi];
    };
    const { cuts, weight } = this.#keyed.program;
    const dead = cuts.findIndex(
      // A condition on constants alone is worth a look, too.
      ({ cond }, k) => (this.#columns[k]!.length === 0 || this.#columns[k]!.some(bounds)) && !canBeTrue(cond, bounds),
    );
    if (dead < 0) return { kind: 'whole' };
    if (dead === 0 && !weight) return { kind: 'nothing' };
    return { kind: 'truncated', program: this.#upTo(dead) };
  }

  /** The program with its first `count` cuts, and nothing to fill. */
  #upTo(count: number): KeyedProgram {
    const { key, program } = this.#keyed;
    const known = this.#truncated.get(count);
    if (known) return known;
    const draft = { cuts: program.cuts.slice(0, count), weight: program.weight, histograms: [] };
    const made = { key: `${key}/${count}`, program: neededColumns(draft, this.#schema) };
    this.#truncated.set(count, made);
    return made;
  }
}
