/**
 * Columns of event data: what a reader lists, and what it hands to an engine.
 *
 * Never a JavaScript array or object per event: a column is a handful of typed arrays,
 * whatever the number of events.
 */

/** The type of one value of a column, as it is stored. */
export type ValueType =
  | 'bool'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float32'
  | 'float64'
  | 'string';

/** The typed array that holds values of each type. Booleans are bytes; strings are dictionary codes. */
export interface ValueArrays {
  bool: Uint8Array;
  int8: Int8Array;
  uint8: Uint8Array;
  int16: Int16Array;
  uint16: Uint16Array;
  int32: Int32Array;
  uint32: Uint32Array;
  int64: BigInt64Array;
  uint64: BigUint64Array;
  float32: Float32Array;
  float64: Float64Array;
  string: Uint32Array;
}

/** A typed array that holds values of some `ValueType`. */
export type Values = ValueArrays[ValueType];

/**
 * One column as a file declares it.
 *
 * A column inside a struct or a list of structs is named by its path, with dots: `MET.pt`, `Muon.pt`.
 */
export interface ColumnInfo {
  name: string;
  type: ValueType;
  /** Levels of lists around the value: 0 for one value an event, 1 for a list an event. */
  depth: number;
  /** Whether single values may be missing. */
  nullable: boolean;
  /** Of dates, times and timestamps, which are integers: `d`, `s`, `ms`, `µs` or `ns`, since 1970-01-01 or midnight. */
  unit?: string;
}

/** One column of one chunk, decoded. */
export interface ColumnData {
  type: ValueType;
  /** Number of events. */
  length: number;
  /**
   * One array for each level of lists, outermost first; each one longer than what it divides, the first
   * entry 0. `[]` for a flat column. Event `i` of a jagged column holds `values[offsets[0][i]]` up to,
   * not including, `values[offsets[0][i + 1]]`.
   */
  offsets: Uint32Array[];
  values: Values;
  /** Only where values are missing: 1 for a value that is there, 0 for a missing one (its `values` entry is 0). */
  valid?: Uint8Array;
  /** Strings only: what the codes in `values` stand for. Each string stands in it once. */
  dictionary?: string[];
}

/** Bytes that one value takes in memory. */
export const VALUE_BYTES: Readonly<Record<ValueType, number>> = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
  string: 4,
};

/** The typed array class of each type: made by length, or over a buffer. */
export const VALUE_ARRAYS = {
  bool: Uint8Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
  string: Uint32Array,
} satisfies Record<ValueType, unknown>;
