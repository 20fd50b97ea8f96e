/**
 * The axes of a histogram. Binning follows boost-histogram, formula by formula, so that counts equal
 * those of Python's `hist`.
 */

interface AxisCommon {
  /** For people: `m(μμ)`. */
  label?: string;
  /** `GeV`, `rad`, … */
  unit?: string;
  /** The expression that the axis shows, or another short name; UHI's `name`. */
  name?: string;
}

/** Equal bins in x, log x or √x between `lo` and `hi`; underflow and overflow. */
export interface RegularAxis extends AxisCommon {
  type: 'regular';
  bins: number;
  lo: number;
  hi: number;
  scale: 'linear' | 'log' | 'sqrt';
}

/** Bins between ascending edges; underflow and overflow. */
export interface VariableAxis extends AxisCommon {
  type: 'variable';
  edges: number[];
}

/** One bin for each listed integer; overflow only. Past 2^53 the numbers are decimal strings in JSON. */
export interface IntCategoryAxis extends AxisCommon {
  type: 'intCategory';
  categories: bigint[];
}

/** One bin for each listed string; overflow only. */
export interface StrCategoryAxis extends AxisCommon {
  type: 'strCategory';
  categories: string[];
}

/** Two bins, false and true; no flow. */
export interface BooleanAxis extends AxisCommon {
  type: 'boolean';
}

export type Axis = RegularAxis | VariableAxis | IntCategoryAxis | StrCategoryAxis | BooleanAxis;

/** Number of bins without flow. */
export function axisBins(axis: Axis): number {
  switch (axis.type) {
    case 'regular':
      return axis.bins;
    case 'variable':
      return axis.edges.length - 1;
    case 'intCategory':
    case 'strCategory':
      return axis.categories.length;
    case 'boolean':
      return 2;
  }
}

/** Whether index 0 is an underflow bin. */
export function hasUnderflow(axis: Axis): boolean {
  return axis.type === 'regular' || axis.type === 'variable';
}

/** Whether the last index is an overflow bin. */
export function hasOverflow(axis: Axis): boolean {
  return axis.type !== 'boolean';
}

/** Number of bins with flow: `bins + 2` for numbers, `bins + 1` for categories, 2 for booleans. */
export function axisExtent(axis: Axis): number {
  return axisBins(axis) + (hasUnderflow(axis) ? 1 : 0) + (hasOverflow(axis) ? 1 : 0);
}
