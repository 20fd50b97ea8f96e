import { LumiscopeError } from '../errors.ts';
import { toCsv } from './csv.ts';
import type { NamedHistogram } from './datasets.ts';
import { EXPORT_FORMATS, type ExportFormat, whyNot } from './exportFormats.ts';
import { toHepdataFiles, toHepdataTable } from './hepdata.ts';
import { toPyhf } from './pyhf.ts';
import { toPython } from './python.ts';
import { toUhiFileJson, toUhiJson } from './uhi.ts';

export interface TextFile {
  name: string;
  text: string;
}

/** One histogram as a file. @throws LumiscopeError 'format' for one that the format has no place for */
export function exportOne(one: NamedHistogram, format: ExportFormat): TextFile {
  const reason = whyNot(one.histogram, format);
  if (reason) refuse(`${one.name} can't be written as ${EXPORT_FORMATS[format].label}: ${reason}`);
  const write = {
    csv: () => toCsv(one.histogram),
    uhi: () => toUhiJson(one.histogram),
    hepdata: () => toHepdataTable(one.histogram),
    pyhf: () => toPyhf([one]),
    python: () => toPython([one]),
  }[format];
  const infix = format === 'pyhf' ? '.pyhf' : '';
  return { name: `${fileName(one.name)}${infix}.${EXPORT_FORMATS[format].ending}`, text: write() };
}

/**
 * All histograms that a format has a place for: one file, or several that belong together. @param stem the name of a single file
 * @throws LumiscopeError 'format' where it has a place for none
 */
export function exportAll(histograms: readonly NamedHistogram[], format: ExportFormat, stem: string): TextFile[] {
  const all = histograms.filter(({ histogram }) => !whyNot(histogram, format));
  if (all.length === 0) refuse(`no histogram can be written as ${EXPORT_FORMATS[format].label}`);
  const one = (text: string, ending = EXPORT_FORMATS[format].ending) => [{ name: `${fileName(stem)}.${ending}`, text }];
  switch (format) {
    case 'uhi':
      return one(toUhiFileJson(all));
    case 'pyhf':
      return one(toPyhf(all), 'pyhf.json');
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

function refuse(message: string): never {
  throw new LumiscopeError('format', message, { hint: 'save it as UHI JSON, which holds every histogram' });
}
