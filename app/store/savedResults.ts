/** Results of other runs as files: UHI JSON, from the command line, from here, or from Python; histograms in ROOT files. */
import { LumiscopeError, toPlain } from '../../core/errors.ts';
import type { NamedResult } from '../../core/hist/merge.ts';
import type { FileAddress } from '../../workers/io/byteSource.ts';
import type { DataSession } from '../../workers/session.ts';
import { withoutPlace } from '../sentence.ts';

/** A result, and what is to be said of the parts that can't be shown. */
export interface SavedResult extends NamedResult {
  note?: string;
}

/** Where the key of UHI JSON must have come: writers put it first, behind the name of the first histogram. */
const HEAD_BYTES = 65_536;
const LONGEST_RESULT = 500e6;

/** Those files that hold histograms, as UHI JSON or as ROOT writes them, and nothing else. */
export async function resultFilesOf(files: readonly File[], session: DataSession): Promise<File[]> {
  const are = await Promise.all(files.map((file) => (isRoot(file) ? isWithoutTrees(file, session) : isUhi(file))));
  return files.filter((_, i) => are[i]);
}

async function isUhi(file: File): Promise<boolean> {
  return /\.json$/i.test(file.name) && (await file.slice(0, HEAD_BYTES).text()).includes('"uhi_schema"');
}

function isRoot({ name }: File): boolean {
  return /\.root$/i.test(name);
}

async function isWithoutTrees(file: File, session: DataSession): Promise<boolean> {
  try {
    await session.open(addressOf(file));
    return false;
  } catch (error) {
    return toPlain(error).place.histograms !== undefined;
  }
}

function addressOf(file: File): FileAddress {
  return { kind: 'blob', name: file.name, blob: file };
}

/** All histograms of a ROOT file, and what is to be said of those that can't be read. @throws LumiscopeError that names the file */
export async function readRootResult(session: DataSession, address: FileAddress, name: string): Promise<SavedResult> {
  const { histograms, leftOut } = await session.histograms(address);
  const [first] = leftOut;
  const note = first && `${name}: ${leftOut.length} more can't be shown, ${first.name}: ${withoutPlace(first.reason)}`;
  return { name, histograms, ...(note && { note }) };
}

/** The histograms of files, by the files' names. @throws LumiscopeError that names the file */
export async function readResults(files: readonly File[], session: DataSession): Promise<SavedResult[]> {
  const { fromUhiFile } = await import('../../core/hist/uhiRead.ts');
  return Promise.all(
    files.map(async (file) => {
      if (isRoot(file)) return readRootResult(session, addressOf(file), file.name);
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
