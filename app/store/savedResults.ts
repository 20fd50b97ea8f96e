/** Results of other runs as files: UHI JSON, from the command line, from here, or from Python. */
import { LumiscopeError, toPlain } from '../../core/errors.ts';
import type { NamedResult } from '../../core/hist/merge.ts';

/** Where the key of UHI JSON must have come: writers put it first, behind the name of the first histogram. */
const HEAD_BYTES = 65_536;
const LONGEST_RESULT = 500e6;

/** Those files that hold histograms as UHI JSON. */
export async function resultFilesOf(files: readonly File[]): Promise<File[]> {
  const are = await Promise.all(
    files.map(async (f) => /\.json$/i.test(f.name) && (await f.slice(0, HEAD_BYTES).text()).includes('"uhi_schema"')),
  );
  return files.filter((_, i) => are[i]);
}

/** The histograms of files, by the files' names. @throws LumiscopeError that names the file */
export async function readResults(files: readonly File[]): Promise<NamedResult[]> {
  const { fromUhiFile } = await import('../../core/hist/uhiRead.ts');
  return Promise.all(
    files.map(async (file) => {
      if (file.size > LONGEST_RESULT) throw new LumiscopeError('limit', `${file.name} is too long for a result`);
      const stem = file.name.replace(/\.json$/i, '');
      try {
        const histograms = fromUhiFile(await file.text()).map((one) => ({ ...one, name: one.name || stem }));
        return { name: file.name, histograms };
      } catch (error) {
        const { tag, message, hint } = toPlain(error);
        throw new LumiscopeError(tag, `${file.name}: ${message}`, { hint });
      }
    }),
  );
}
