import { splitConstant } from '../numbers/split.ts';
import type { ConstantWords } from '../types.ts';
import { NotLowered } from './code.ts';

/** Words that the constants of one document may take: 4 MiB. */
const MAX_WORDS = 2 ** 20;
const MAX_SINGLE = 3.4028234663852886e38;
const MIN_NORMAL = 2 ** -126;

/**
 * The constants of a document in the order in which lowering meets them: one entry for each place that reads one, so that equal numbers at
 * two places stay two. Long tables lie behind all others, so that their length moves nothing.
 */
export class ConstantPool {
  private readonly entries: ConstantWords[] = [];
  private readonly tables: { at: number; words: Uint32Array; rows: number }[] = [];
  /** Words so far, without tables. */
  words = 0;

  /** The place of the first word. */
  add(constant: ConstantWords): number {
    const at = this.words;
    this.entries.push(constant);
    this.words += constant.kind === 'string' ? 1 : constant.words.length;
    return at;
  }

  /** Three words: as `constant_num` reads them. */
  num(value: number): number {
    return this.add({ kind: 'words', words: splitConstant(value) });
  }

  /** Two words: as `single_lt` and its like read them. @throws NotLowered where it is no finite number */
  bound(value: number): number {
    return this.add({ kind: 'words', words: boundWords(value) });
  }

  /** @throws NotLowered where the number has more than 32 bits */
  int(value: bigint): number {
    if (BigInt.asIntN(32, value) !== value) throw new NotLowered(`the number ${value} has more than 32 bits`);
    return this.add({ kind: 'words', words: Uint32Array.of(Number(BigInt.asUintN(32, value))) });
  }

  string(value: string): number {
    return this.add({ kind: 'string', value });
  }

  /** Two words: where the table begins, and how many rows it has. */
  table(words: Uint32Array, rows: number): number {
    const head = Uint32Array.of(0, rows);
    this.tables.push({ at: this.entries.length, words, rows });
    return this.add({ kind: 'words', words: head });
  }

  /** All of them. @throws NotLowered where they are too many */
  list(): ConstantWords[] {
    const all = [...this.entries];
    let end = this.words;
    for (const { at, words, rows } of this.tables) {
      all[at] = { kind: 'words', words: Uint32Array.of(end, rows) };
      all.push({ kind: 'words', words });
      end += words.length;
    }
    if (end > MAX_WORDS) throw new NotLowered('constants of the document take more room than a GPU should give them');
    return all;
  }
}

/**
 * A double as a single that is next to it, and 1 or −1 where the double is above or below that, as singles. Subnormal numbers, which a GPU may
 * take for 0, are on one side of 0: no column's value that is compared is one of them.
 */
function boundWords(value: number): Uint32Array {
  if (!Number.isFinite(value)) throw new NotLowered('NaN and infinities are not for a GPU');
  const nearest = Math.fround(Math.max(-MAX_SINGLE, Math.min(MAX_SINGLE, value)));
  const single = Math.abs(nearest) < MIN_NORMAL ? 0 : nearest;
  return new Uint32Array(Float32Array.of(single, Math.sign(value - single)).buffer);
}
