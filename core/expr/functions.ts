/** The functions of the language: what the checker accepts, the editor completes and the reference lists. */

export interface FunctionInfo {
  name: string;
  signature: string;
  summary: string;
  group: 'reduction' | 'collection' | 'maths' | 'missing';
}

const fn = (group: FunctionInfo['group'], name: string, signature: string, summary: string): FunctionInfo => ({
  group,
  name,
  signature,
  summary,
});

export const FUNCTIONS: readonly FunctionInfo[] = [
  fn('reduction', 'len', 'len(items)', 'number of items'),
  fn('reduction', 'sum', 'sum(values)', 'sum over the items; of nothing 0; of four-vectors their sum'),
  fn('reduction', 'mean', 'mean(values)', 'arithmetic mean; missing of nothing'),
  fn(
    'reduction',
    'min',
    'min(values) · min(a, b, …) · min(items, key=…)',
    'smallest value, or the item with the smallest key; NaN is skipped',
  ),
  fn(
    'reduction',
    'max',
    'max(values) · max(a, b, …) · max(items, key=…)',
    'largest value, or the item with the largest key; NaN is skipped',
  ),
  fn('reduction', 'any', 'any(conditions)', 'whether at least one is true; of nothing false'),
  fn('reduction', 'all', 'all(conditions)', 'whether all are true; of nothing true'),
  fn('reduction', 'argmin', 'argmin(values)', 'position of the smallest value, from 0'),
  fn('reduction', 'argmax', 'argmax(values)', 'position of the largest value, from 0'),
  fn('collection', 'combinations', 'combinations(items, n)', 'all choices of n items, with the fields .a .b .c …'),
  fn(
    'collection',
    'cartesian',
    'cartesian(items, others, …)',
    'all tuples with one item of each, with the fields .a .b .c …',
  ),
  fn(
    'collection',
    'concatenate',
    'concatenate(items, others, …)',
    'the items of several collections one after the other',
  ),
  fn('collection', 'sort', 'sort(items, key=…, reverse=False)', 'items in the order of a key, stable, NaN last'),
  fn('missing', 'fill_none', 'fill_none(x, value)', 'x, or value where x is missing'),
  fn('maths', 'where', 'where(condition, a, b)', 'a where the condition is true, else b'),
  fn('maths', 'clip', 'clip(x, low, high)', 'x, not below low and not above high'),
  fn('maths', 'isnan', 'isnan(x)', 'whether x is not a number'),
  fn('maths', 'abs', 'abs(x)', 'absolute value'),
  fn('maths', 'sign', 'sign(x)', '−1, 0 or 1'),
  fn('maths', 'floor', 'floor(x)', 'largest whole number not above x'),
  fn('maths', 'ceil', 'ceil(x)', 'smallest whole number not below x'),
  fn('maths', 'round', 'round(x)', 'nearest whole number, halves to the even one'),
  fn('maths', 'sqrt', 'sqrt(x)', 'square root'),
  fn('maths', 'exp', 'exp(x)', 'exponential'),
  fn('maths', 'log', 'log(x)', 'natural logarithm'),
  fn('maths', 'log10', 'log10(x)', 'logarithm to base 10'),
  fn('maths', 'sin', 'sin(x)', 'sine of radians'),
  fn('maths', 'cos', 'cos(x)', 'cosine of radians'),
  fn('maths', 'tan', 'tan(x)', 'tangent of radians'),
  fn('maths', 'asin', 'asin(x)', 'arcsine'),
  fn('maths', 'acos', 'acos(x)', 'arccosine'),
  fn('maths', 'atan', 'atan(x)', 'arctangent'),
  fn('maths', 'atan2', 'atan2(y, x)', 'angle of the point (x, y)'),
  fn('maths', 'sinh', 'sinh(x)', 'hyperbolic sine'),
  fn('maths', 'cosh', 'cosh(x)', 'hyperbolic cosine'),
  fn('maths', 'tanh', 'tanh(x)', 'hyperbolic tangent'),
  fn('maths', 'hypot', 'hypot(x, y)', '√(x² + y²)'),
];

export const FUNCTION_NAMES: ReadonlySet<string> = new Set(FUNCTIONS.map((info) => info.name));

/** The signature of a function, for messages. */
export const signatureOf = (name: string): string => FUNCTIONS.find((info) => info.name === name)?.signature ?? name;
