/** Histograms as files of the formats that other programs read. Loaded when somebody saves. */
import { strToU8, zipSync } from 'fflate';
import type { NamedHistogram } from '../../core/hist/datasets.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../../core/hist/exportFormats.ts';
import { exportAll, exportOne, fileName } from '../../core/hist/exports.ts';
import { saveBlob, saveText } from '../save.ts';

const TYPES: Record<string, string> = {
  csv: 'text/csv',
  json: 'application/json',
  yaml: 'application/yaml',
  py: 'text/x-python',
};

/** Saves one histogram. @throws LumiscopeError for one that the format has no place for */
export function saveHistogram(one: NamedHistogram, format: ExportFormat): void {
  const { name, text } = exportOne(one, format);
  saveText(name, text, TYPES[EXPORT_FORMATS[format].ending]!);
}

/** Saves all histograms: as one file, or as an archive of several. @throws LumiscopeError as `saveHistogram` */
export function saveHistograms(all: readonly NamedHistogram[], format: ExportFormat, title: string): void {
  const files = exportAll(all, format, title);
  if (EXPORT_FORMATS[format].together)
    return saveText(files[0]!.name, files[0]!.text, TYPES[EXPORT_FORMATS[format].ending]!);
  const archive = zipSync(Object.fromEntries(files.map(({ name, text }) => [name, strToU8(text)])));
  saveBlob(`${fileName(title)}.${format}.zip`, new Blob([archive], { type: 'application/zip' }));
}
