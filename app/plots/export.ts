/** Plots and their data as files. */

import { toCsv } from '../../core/hist/csv.ts';
import type { Histogram } from '../../core/hist/histogram.ts';

/** Puts the bins on the clipboard, so that they paste into a spreadsheet. */
export async function copyNumbers(histogram: Promise<Histogram>): Promise<void> {
  await navigator.clipboard.writeText(toCsv(await histogram).replaceAll(',', '\t'));
}

/** A name for a file: letters, digits and `_.-` stay. */
export function safeName(name: string): string {
  return name.replace(/[^\p{L}\p{N}_.-]+/gu, '_') || 'histogram';
}
