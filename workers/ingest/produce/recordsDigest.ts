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
 * and the SHA-256 of its values (little-endian; lists with their lengths, values that may be missing with a byte each that says so). Without a menu key a bit counts as the first four
 * bytes of the SHA-256 of its chain's name, and a data type always does, as its name.
 */
export class RecordsDigest {
  readonly #columns = new Map<string, { hash: Hash; isEmpty: boolean }>();
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
        known = { hash: createHash('sha256'), isEmpty: true };
        this.#columns.set(name, known);
      }
      known.isEmpty &&= isEmpty(column);
      const { hash } = known;
      const [offsets] = column.offsets;
      if (offsets) {
        const lengths = new Uint32Array(rows);
        for (let row = 0; row < rows; row++) lengths[row] = offsets[row + 1]! - offsets[row]!;
        hash.update(lengths);
      }
      if (NULLABLE.has(name)) hash.update(column.valid ?? new Uint8Array(rows).fill(1));
      const names = this.#names.get(name);
      hash.update(names ? named(column, names) : column.values);
    }
    this.#rows += rows;
  }

  /** In hex. */
  finish(): string {
    const whole = createHash('sha256').update(`${this.#rows} records, key ${this.#smk ?? 'none'}\n`);
    for (const { name } of STAGED_COLUMNS) {
      const { hash, isEmpty } = this.#columns.get(name) ?? { isEmpty: true };
      if (!isEmpty) whole.update(`${name} ${hash!.digest('hex')}\n`);
    }
    return whole.digest('hex');
  }
}

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
