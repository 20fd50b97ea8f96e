import type { Shown } from '../../workers/eventTable.ts';
import { formatNumber } from '../numbers.ts';

/** Items of a list, and fields of an item, that an example shows. */
const FEW = 4;

/** A value of one event on a line: `[31.5, 20, …]`. */
export function exampleText(value: Shown): string {
  if (value === null) return 'missing';
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${few(value.map(exampleText), value.length)}]`;
  const fields = Object.entries(value);
  const shown = fields.slice(0, FEW).map(([name, part]) => `${name}: ${exampleText(part)}`);
  return `{ ${few(shown, fields.length)} }`;
}

function few(shown: readonly string[], of: number): string {
  return [...shown.slice(0, FEW), ...(of > FEW ? [`… ${of} in all`] : [])].join(', ');
}
