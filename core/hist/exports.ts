import { toCsv } from './csv.ts';
import type { NamedHistogram } from './datasets.ts';
import { toHepdataFiles, toHepdataTable } from './hepdata.ts';
import { toPyhf } from './pyhf.ts';
import { toPython } from './python.ts';
import { toUhiFileJson, toUhiJson } from './uhi.ts';

/** The formats that histograms are written in, in the order of the menus. */
export type ExportFormat = 'csv' | 'uhi' | 'hepdata' | 'pyhf' | 'python';

export interface TextFile {
  name: string;
  text: string;
}

/** What a format is called, and whether all histograms go into one file. */
export const EXPORT_FORMATS: Record<ExportFormat, { label: string; ending: string; together: boolean }> = {
  csv: { label: 'CSV', ending: 'csv', together: false },
  uhi: { label: 'UHI JSON', ending: 'json', together: true },
  hepdata: { label: 'HEPData YAML', ending: 'yaml', together: false },
  pyhf: { label: 'pyhf workspace', ending: 'json', together: true },
  python: { label: 'Python script', ending: 'py', together: true },
};

/** One histogram as a file. @throws LumiscopeError for one that the format has no place for */
export function exportOne(one: NamedHistogram, format: ExportFormat): TextFile {
  const write = {
    csv: () => toCsv(one.histogram),
    uhi: () => toUhiJson(one.histogram),
    hepdata: () => toHepdataTable(one),
    pyhf: () => toPyhf([one]),
    python: () => toPython([one]),
  }[format];
  const infix = format === 'pyhf' ? '.pyhf' : '';
  return { name: `${fileName(one.name)}${infix}.${EXPORT_FORMATS[format].ending}`, text: write() };
}

/**
 * All histograms: one file, or several that belong together. @param stem the name of a single file
 * @throws LumiscopeError as `exportOne`
 */
export function exportAll(all: readonly NamedHistogram[], format: ExportFormat, stem: string): TextFile[] {
  const one = (text: string, ending = EXPORT_FORMATS[format].ending) => [{ name: `${fileName(stem)}.${ending}`, text }];
  switch (format) {
    case 'uhi':
      return one(toUhiFileJson(all));
    case 'pyhf':
      // Means are no counts: a workspace is of the others.
      return one(toPyhf(all.filter(({ histogram }) => histogram.storage !== 'mean')), 'pyhf.json');
    case 'python':
      return one(toPython(all));
    case 'csv': {
      const fileOf = uniqueNames(all);
      return all.map(({ name, histogram }) => ({ name: `${fileOf(name)}.csv`, text: toCsv(histogram) }));
    }
    case 'hepdata':
      return toHepdataFiles(all, uniqueNames(all));
  }
}

/** A file name for each histogram; names that differ in nothing that files can have are numbered. */
function uniqueNames(all: readonly NamedHistogram[]): (name: string) => string {
  const names = new Map<string, string>();
  for (const { name } of all) {
    const taken = new Set(names.values());
    let file = fileName(name);
    for (let i = 2; taken.has(file) || file === 'submission'; i++) file = `${fileName(name)}_${i}`;
    names.set(name, file);
  }
  return (name) => names.get(name)!;
}

/** A histogram's name as that of a file. */
export function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}_.-]+/gu, '_') || 'histogram';
}
