import { createHash, type Hash } from 'node:crypto';
import type { RecordBatch } from '../../../core/catalogue/tables.ts';
import { STAGED_COLUMNS, type StagedHeader } from '../../../core/ingest/stagedHeader.ts';
import type { ColumnData } from '../../../core/schema/column.ts';

/** Columns of bits, by the level whose chains they count. */
export const BITS_OF_LEVEL = { l1: ['tbp', 'tap', 'tav'], hlt: ['ph', 'pt', 'rs', 'lph', 'lpt', 'lrs'] } as const;

/** Columns whose values may be missing. */
export const NULLABLE: ReadonlySet<string> = new Set(
  STAGED_COLUMNS.flatMap(({ name, nullable }) => (nullable ? [name] : [])),
);

/**
 * SHA-256 of a file's records, in order: the same however they are grouped, encoded, compressed, and put together with other files. Each column that holds anything counts with its name
 * and the SHA-256 of its values (little-endian), of lists before it that of their lengths, of values that may be missing that of a byte each that says whether it is there. Without a menu key a bit counts as the first four
 * bytes of the SHA-256 of its chain's name, and a data type always does, as its name.
 */
export class RecordsDigest {
  readonly #columns = new Map<string, { lengths: Hash; there: Hash; values: Hash; isEmpty: boolean }>();
  readonly #names = new Map<string, Uint32Array>();
  readonly #smk: number | undefined;
  #rows = 0;

  constructor({ smk, chains, provenanceTypes }: Pick<StagedHeader, 'smk' | 'chains' | 'provenanceTypes'>) {
    this.#smk = smk;
    this.#names.set('prov_type', numbersOf(provenanceTypes));
    if (smk !== undefined || !chains) return;
    for (const level of ['l1', 'hlt'] as const)
      for (const name of BITS_OF_LEVEL[level]) this.#names.set(name, numbersOf(chains[level]));
  }

  /** The next records, with the same columns each time. */
  add({ rows, columns }: RecordBatch): void {
    if (rows === 0) return;
    for (const [name, column] of columns) {
      let known = this.#columns.get(name);
      if (!known) {
        known = { lengths: sha256(), there: sha256(), values: sha256(), isEmpty: true };
        this.#columns.set(name, known);
      }
      known.isEmpty &&= isEmpty(column);
      const [offsets] = column.offsets;
      if (offsets) {
        const lengths = new Uint32Array(rows);
        for (let row = 0; row < rows; row++) lengths[row] = offsets[row + 1]! - offsets[row]!;
        known.lengths.update(lengths);
      }
      if (NULLABLE.has(name)) known.there.update(column.valid ?? new Uint8Array(rows).fill(1));
      const names = this.#names.get(name);
      known.values.update(names ? named(column, names) : column.values);
    }
    this.#rows += rows;
  }

  /** In hex. */
  finish(): string {
    const whole = createHash('sha256').update(`${this.#rows} records, key ${this.#smk ?? 'none'}\n`);
    for (const { name, depth, nullable } of STAGED_COLUMNS) {
      const column = this.#columns.get(name);
      if (!column || column.isEmpty) continue;
      const { lengths, there, values } = column;
      const hashes = [...(depth > 0 ? [lengths] : []), ...(nullable ? [there] : []), values];
      whole.update(`${name} ${hashes.map((hash) => hash.digest('hex')).join(' ')}\n`);
    }
    return whole.digest('hex');
  }
}

const sha256 = () => createHash('sha256');

/** Whether all of a column is missing, or empty lists. */
export function isEmpty({ offsets, values, valid }: ColumnData): boolean {
  return offsets.length > 0 ? values.length === 0 : valid !== undefined && !valid.includes(1);
}

/** Of the lists of names that headers hold, and of their names: files share both. */
const numbersOfLists = new WeakMap<readonly string[], Uint32Array>();
const numbersOfNames = new Map<string, number>();
const MOST_NAMES = 1 << 16;

function numbersOf(names: readonly string[]): Uint32Array {
  let numbers = numbersOfLists.get(names);
  if (!numbers) {
    if (numbersOfNames.size > MOST_NAMES) numbersOfNames.clear();
    numbers = Uint32Array.from(names, numberOf);
    numbersOfLists.set(names, numbers);
  }
  return numbers;
}

function numberOf(name: string): number {
  const number = numbersOfNames.get(name) ?? createHash('sha256').update(name).digest().readUInt32LE();
  numbersOfNames.set(name, number);
  return number;
}

function named({ values }: ColumnData, names: Uint32Array): Uint32Array {
  const numbers = new Uint32Array(values.length);
  for (let i = 0; i < numbers.length; i++) numbers[i] = names[values[i] as number]!;
  return numbers;
}
