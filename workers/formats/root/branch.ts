import type { ColumnInfo, ValueType } from '../../../core/schema/column.ts';

/** A number as a basket holds it, big-endian. */
export type StoredNumber =
  | { kind: Exclude<ValueType, 'string'> }
  /**
   * `Float16_t` and `Double32_t` (TBufferFile::ReadFloat16, ReadDouble32). Where `factor` is not 0, an unsigned integer of four bytes stands for
   * integer / factor + minimum; else, where `bits` is not 0, an exponent of one byte and a mantissa of two; else a single float.
   */
  | { kind: 'float16' | 'double32'; bits: number; factor: number; minimum: number };

/** How the bytes of one entry of a branch become values. */
export type Interpretation =
  /**
   * Numbers one after the other: `perEntry` of them in each entry (a fixed array: more than one), or as many as the entry's bytes hold where it is
   * undefined (a jagged array, a `std::vector`). `header`: bytes of each entry before the first one (10 of a vector that is a branch of its own).
   * `innerLength`: consecutive numbers that make one item of an array of arrays: 3 of `[n][3]` and of `[2][3]`, which has 6 in an entry; else 1.
   */
  | { kind: 'numbers'; stored: StoredNumber; perEntry: number | undefined; header: number; innerLength: number }
  /** `std::vector<std::vector<T>>`: `header` bytes (6), count, and for each inner vector its count and numbers. */
  | { kind: 'nested'; stored: StoredNumber; header: number }
  /**
   * Texts: `TString`, `std::string`, characters (length in a byte, or in four after 255), after `header` bytes. In
   * lists where `list`: `header` bytes (6), count, texts.
   */
  | { kind: 'text'; header: number; list: boolean };

/** Baskets of a branch, in the order of entries. */
export interface Baskets {
  /** First entry of each, and the number of all entries at the end. */
  entries: Float64Array;
  /** Place of each in the file: of its key. */
  offsets: Float64Array;
  /** Bytes of each on disk, its key included. */
  bytes: Float64Array;
}

/** The last basket, which never got a key of its own: it is stored, not packed, within the tree's object. */
export interface EmbeddedBasket {
  firstEntry: number;
  entries: number;
  /** Values, without the table of entries. */
  values: Uint8Array;
  /** Where each entry starts in `values`, and the end; undefined where all entries have the same length. */
  starts: Uint32Array | undefined;
}

export interface Interleaved {
  entryBytes: number;
  at: number;
  /** Each begins with its own length, as objects do: where that differs, they were written in another way. */
  counted?: true;
}

/** One readable branch (or leaf) of a tree: a column. */
export interface Branch {
  /** The depth of a fixed array is 1, that of `[2][3]` and of `[n][3]` is 2. */
  info: ColumnInfo;
  interpretation: Interpretation;
  baskets: Baskets;
  embedded?: EmbeddedBasket;
  /**
   * Of a leaf that shares its branch with others (`x/F:y/F`), or of a member of objects that were written whole: the bytes of all of an entry, or of an
   * item of a list, and where this one starts.
   */
  interleaved?: Interleaved;
  /** How many items each entry has, where baskets were written without their table of entries (TIOFeatures, kGenerateOffsetMap). */
  counter?: Branch;
}
