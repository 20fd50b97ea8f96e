import type { Axis } from '../hist/axis.ts';
import type { StorageType } from '../hist/histogram.ts';

/**
 * The typed form: what a document compiles to, and what every engine runs.
 *
 * It is a graph of plain objects (it crosses thread borders by structured cloning, which keeps
 * sharing). Two closed expressions that mean the same are the same object, so that an engine may
 * compute each once per event.
 *
 * **Missing.** Every expression may be missing if its `optional` is true; never otherwise. Unless a node
 * says more, it is missing when any operand is missing.
 *
 * **Variables.** A list node or a `let` binds variables; `var` reads one. Ids are unique in a program for
 * those that can be in scope together, but a loop may bind a variable that an enclosing loop binds too: the inner
 * one hides it.
 */

/** `int` is signed 64 bits and wraps; `uint` is an unsigned 64-bit column, untouched by arithmetic. */
export type Scalar = 'bool' | 'int' | 'uint' | 'float' | 'string';

export type Type =
  | { kind: Scalar }
  /** An item of a base collection: in effect its index within the event. */
  | { kind: 'item'; collection: string }
  /** Of `combinations` and `cartesian`; `names` are `a`, `b`, `c`, … */
  | { kind: 'tuple'; names: string[]; parts: Type[] }
  /** Of `concatenate`: which part, and the item of that part. */
  | { kind: 'union'; parts: Type[] }
  /** A four-vector as px, py, pz, E. */
  | { kind: 'vector' };

interface Node {
  type: Type;
  optional: boolean;
}

/** Functions of one float. All from the one libm (see `workers/engine/libm`), but for the exact ones. */
export type Float1 =
  | 'sqrt'
  | 'exp'
  | 'log'
  | 'log10'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'asinh'
  | 'floor'
  | 'ceil'
  | 'round'
  | 'abs'
  | 'sign';
/** Functions of two floats. `round` above is half to even, as Python's. `mod` and `floordiv` are in `arith`. */
export type Float2 = 'atan2' | 'hypot' | 'pow';

/** A closed or open expression. `number` types: operands of one node have one type unless said otherwise. */
export type Expr =
  /** `value` is a bigint for int and uint, and stays a string for strings. */
  | (Node & { op: 'const'; value: number | bigint | boolean | string })
  /** Missing of some type. */
  | (Node & { op: 'none' })
  /** A flat column's value in this event. Integer columns are widened to int (uint64: uint), float32 to float. */
  | (Node & { op: 'column'; column: string })
  /** A jagged column's value at an item of its collection. */
  | (Node & { op: 'field'; item: Expr; column: string })
  /** Of a loop or `let`. */
  | (Node & { op: 'var'; id: number })
  /** `body` with `id` bound to `value`; missing where `value` is missing. */
  | (Node & { op: 'let'; id: number; value: Expr; body: Expr })
  /**
   * `add sub mul` on two ints (wrap) or two floats; `div` on floats; `floordiv mod` on ints or floats, Python's,
   * missing where `b` is zero (optional even if a and b are not, unless b is a non-zero constant).
   */
  | (Node & { op: 'arith'; fn: 'add' | 'sub' | 'mul' | 'div' | 'floordiv' | 'mod'; a: Expr; b: Expr })
  /** On ints; a shift by 64 or more (or a negative count) gives 0, or −1 for `shr` of a negative number. */
  | (Node & { op: 'bits'; fn: 'and' | 'or' | 'xor' | 'shl' | 'shr'; a: Expr; b: Expr })
  /** On int or float (`neg`), int (`invert`). */
  | (Node & { op: 'unary'; fn: 'neg' | 'invert'; a: Expr })
  /** abs of an int wraps at the smallest; `sign` of an int is −1, 0, 1. */
  | (Node & { op: 'intfn'; fn: 'abs' | 'sign'; a: Expr })
  | (Node & { op: 'float1'; fn: Float1; a: Expr })
  | (Node & { op: 'float2'; fn: Float2; a: Expr; b: Expr })
  /**
   * Both float, both bool, both string (`eq ne` only), or each int or uint (compared by value, whatever the sign).
   */
  | (Node & { op: 'compare'; fn: 'lt' | 'le' | 'gt' | 'ge' | 'eq' | 'ne'; a: Expr; b: Expr })
  /**
   * Whether one of `ranges` — `[key, first, last]` after one another, ascending, no two overlapping — has int `a` as its key and
   * int `b` from its first to its last. Thousands of them cost a binary search.
   */
  | (Node & { op: 'inRanges'; a: Expr; b: Expr; ranges: Uint32Array })
  /** On bools, three-valued (Kleene): false `and` missing is false. `xor` is missing where either is. */
  | (Node & { op: 'logic'; fn: 'and' | 'or' | 'xor'; a: Expr; b: Expr })
  | (Node & { op: 'not'; a: Expr })
  /** bool, int or uint → float (nearest, ties to even). */
  | (Node & { op: 'toFloat'; a: Expr })
  /** bool or uint → int (same bits). */
  | (Node & { op: 'toInt'; a: Expr })
  /** `a` where `c`, else `b`; missing where `c` is missing; the branch not taken doesn't matter. */
  | (Node & { op: 'cond'; c: Expr; a: Expr; b: Expr })
  /** True where `a` is missing. Never missing. */
  | (Node & { op: 'isMissing'; a: Expr })
  /** `a`, or `b` where `a` is missing; missing where both are. */
  | (Node & { op: 'fillMissing'; a: Expr; b: Expr })
  | (Node & { op: 'isnan'; a: Expr })
  /**
   * Smallest or largest of ints or of floats: NaN is skipped (NaN only where all are), the first of equals wins;
   * missing where any is missing.
   */
  | (Node & { op: 'extreme'; fn: 'min' | 'max'; args: Expr[] })
  /** Number of items, missing ones included. int. */
  | (Node & { op: 'len'; list: List })
  /**
   * `body` (bound to `id`) over the items of `list`, in order; items whose body is missing are skipped.
   * `sum`: int wraps, float in order from 0, vector by component from 0. `mean`: Σ in order, divided by
   * how many. `min max argmin argmax` skip NaN, first of equals; `argmin argmax` count positions in `list` from 0.
   * `any`, `all`: a missing body is false. Of nothing: sum 0, any false, all true, the others missing.
   */
  | (Node & {
      op: 'reduce';
      fn: 'sum' | 'mean' | 'min' | 'max' | 'argmin' | 'argmax' | 'any' | 'all';
      list: List;
      id: number;
      body: Expr;
    })
  /** The item at an int position, from the end where negative; missing where out of range or the item is missing. */
  | (Node & { op: 'at'; list: List; index: Expr })
  /** The item with the smallest or largest `key` (int or float); NaN and missing keys skipped, first of equals. */
  | (Node & { op: 'pick'; fn: 'min' | 'max'; list: List; id: number; key: Expr })
  /** Part `index` of a tuple. */
  | (Node & { op: 'part'; tuple: Expr; index: number })
  /** The union item of part `part` that is `item`. */
  | (Node & { op: 'wrap'; item: Expr; part: number })
  /** For a union item: `cases[k].body` with `cases[k].id` bound to the item of part k. All bodies have this node's type. */
  | (Node & { op: 'match'; item: Expr; cases: { id: number; body: Expr }[] })
  /** An item of base collection `collection` at int `index` within the event; missing if out of range, or negative. */
  | (Node & { op: 'reference'; collection: string; index: Expr })
  /** Whether two items (of the same type) are the same one. */
  | (Node & { op: 'same'; a: Expr; b: Expr })
  /**
   * A four-vector from pt, eta, phi, mass: px = pt·cos φ, py = pt·sin φ, pz = pt·sinh η,
   * E = √(px² + py² + pz² + m²), each in this order of operations ((px² + py²) + pz²) + m·|m|, negative sums as 0.
   * From px, py, pz, E: as they are. All floats.
   */
  | (Node & { op: 'vector'; from: 'ptEtaPhiM' | 'pxPyPzE'; parts: [Expr, Expr, Expr, Expr] })
  /** Sum (or difference) by component. */
  | (Node & { op: 'vectorArith'; fn: 'add' | 'sub'; a: Expr; b: Expr })
  /** A four-vector times a float: all four components. */
  | (Node & { op: 'vectorScale'; a: Expr; by: Expr })
  /** px, py, pz, E of a vector: other properties are lowered to arithmetic on these. */
  | (Node & { op: 'component'; vector: Expr; index: 0 | 1 | 2 | 3 });

interface ListNode {
  /** Unique in the program: two lists are the same collection exactly if their ids are equal. */
  id: number;
  /** Type of an item. */
  item: Type;
  /** Whether single items may be missing. */
  itemOptional: boolean;
}

/** A list of items, in order. All may depend on variables of enclosing loops. */
export type List =
  /** The items of a collection of the schema. */
  | (ListNode & { op: 'base'; collection: string })
  /** Items for which `cond` is true (missing is false). `var` binds the item. */
  | (ListNode & { op: 'filter'; list: List; var: number; cond: Expr })
  /** Python's `list[start:stop]`: ints, negative from the end, clamped; a missing bound gives an empty list. */
  | (ListNode & { op: 'slice'; list: List; start?: Expr; stop?: Expr })
  /** By an int, uint or float `key`, stable; NaN last, then missing keys, in both directions; `reverse` is stable too. */
  | (ListNode & { op: 'sort'; list: List; var: number; key: Expr; reverse: boolean })
  /** All choices of `n` items with ascending positions, in lexicographic order, as tuples. */
  | (ListNode & { op: 'combinations'; list: List; n: number })
  /** All tuples with one item of each list, last one fastest. */
  | (ListNode & { op: 'cartesian'; lists: List[] })
  /**
   * The items of the lists one after the other: as union items, or as they are where all lists have one item type
   * (the lists' `item` types tell which).
   */
  | (ListNode & { op: 'concatenate'; lists: List[] })
  /** `body` for each item. */
  | (ListNode & { op: 'map'; list: List; var: number; body: Expr })
  /** For each item of `list`, the items of `inner`, one after the other. */
  | (ListNode & { op: 'flatMap'; list: List; var: number; inner: List })
  /** Listed values. */
  | (ListNode & { op: 'literal'; items: Expr[] });

/**
 * One axis of a histogram: what is filled, and into which bins. `value` is float on numeric axes; int, uint or float (compared by value)
 * with integer categories; string or bool with those.
 */
export interface AxisProgram {
  axis: Axis;
  value: Expr;
}

export interface HistogramProgram {
  name: string;
  title?: string;
  storage: StorageType;
  /** float; `mean` only. A fill whose sample is missing is not made. */
  sample?: Expr;
  /** Filled once an item of this list, with `var` bound to it; absent: once an event. */
  per?: { list: List; var: number };
  axes: AxisProgram[];
  /** bool; missing is false. */
  select?: Expr;
  /** float; the document's weight times this one. */
  weight?: Expr;
}

/** What is noted of each event that passes all cuts. */
export interface TableProgram {
  /** Scalars, per event. */
  values: Expr[];
  /** Rows at most, of each chunk. */
  limit: number;
  /** Lists of scalars: all items are noted. */
  lists?: List[];
}

/** A collection of the schema that the program reads. */
export interface CollectionUse {
  name: string;
  /** Jagged columns of it that are read, at least one: the first one's offsets give the number of items. All have the same offsets. */
  columns: string[];
}

/** A document compiled against a schema. */
export interface Program {
  /** All columns that are read, flat and jagged. Nothing else is. */
  columns: string[];
  collections: CollectionUse[];
  /** float, per event. */
  weight?: Expr;
  /** bool, per event, in order; enabled cuts only. */
  cuts: { name: string; cond: Expr }[];
  histograms: HistogramProgram[];
  table?: TableProgram;
}
