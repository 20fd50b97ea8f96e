/** Plots and their data as files. */

import { LumiscopeError } from '../../core/errors.ts';
import { toCsv } from '../../core/hist/csv.ts';
import type { Histogram } from '../../core/hist/histogram.ts';

/** Puts the bins on the clipboard, so that they paste into a spreadsheet. @throws LumiscopeError 'source' where the browser forbids it */
export async function copyNumbers(histogram: Promise<Histogram>): Promise<void> {
  const text = toCsv(await histogram).replaceAll(',', '\t');
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    throw new LumiscopeError('source', "this browser doesn't let the page copy");
  }
}

/** A name for a file: letters, digits and `_.-` stay. */
export function safeName(name: string): string {
  return name.replace(/[^\p{L}\p{N}_.-]+/gu, '_') || 'histogram';
}
