/**
 * Plain data as JSON text that is the same everywhere: keys in the order given (a `Map` keeps even numeric ones), shortest
 * round-trip numbers, lists of scalars on one line. −0 keeps its sign as `-0.0`; infinities, which JSON lacks, are ±1e999.
 */
export function writeJson(value: unknown, indent = ''): string {
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object')) return `[${value.map((item) => writeJson(item)).join(', ')}]`;
    return `[\n${value.map((item) => deeper + writeJson(item, deeper)).join(',\n')}\n${indent}]`;
  }
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => `${deeper}${JSON.stringify(key)}: ${writeJson(item, deeper)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

function writeNumber(x: number): string {
  if (Object.is(x, -0)) return '-0.0';
  if (Number.isFinite(x)) return String(x);
  if (Number.isNaN(x)) throw new Error('JSON has no NaN');
  return x > 0 ? '1e999' : '-1e999';
}
