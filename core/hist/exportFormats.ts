import { binCount } from './contents.ts';
import type { Histogram } from './histogram.ts';

/** The formats that histograms are written in, in the order of the menus. */
export type ExportFormat = 'csv' | 'uhi' | 'hepdata' | 'pyhf' | 'python';

/** What a format is called, and whether all histograms go into one file. */
export const EXPORT_FORMATS: Record<ExportFormat, { label: string; ending: string; together: boolean }> = {
  csv: { label: 'CSV', ending: 'csv', together: false },
  uhi: { label: 'UHI JSON', ending: 'json', together: true },
  hepdata: { label: 'HEPData YAML', ending: 'yaml', together: false },
  pyhf: { label: 'pyhf workspace', ending: 'json', together: true },
  python: { label: 'Python script', ending: 'py', together: true },
};

/** Why a format has no place for a histogram; undefined where it has. */
export function whyNot({ axes, storage, tiles, values }: Histogram, format: ExportFormat): string | undefined {
  if (format === 'pyhf' && storage === 'mean') return 'means are no counts for a fit';
  if (format === 'uhi') return undefined;
  if (format === 'python' && binCount(axes) <= MOST_BINS_IN_PYTHON) return undefined;
  if (format === 'python') return `hist.Hist is dense, which ${binCount(axes).toPrecision(2)} bins can't be`;
  // Of tiles a CSV has the bins that are filled.
  const bins = tiles && format === 'csv' ? values.length : binCount(axes);
  return bins > MOST_BINS ? `${bins.toLocaleString('en')} bins are too many for a text to read` : undefined;
}

/** A gigabyte or two. */
const MOST_BINS_IN_PYTHON = 2 ** 27;
/** Bins of a table for people; a workspace of more is no fit that ends. */
const MOST_BINS = 1_000_000;
