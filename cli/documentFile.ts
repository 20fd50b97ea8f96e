import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnalysisDocument, DatasetFile } from '../core/analysis/document.ts';
import { parseDocument } from '../core/analysis/yaml.ts';
import { fromPlain, LumiscopeError } from '../core/errors.ts';
import type { FileAddress } from '../workers/io/byteSource.ts';
import { httpAddress } from '../workers/io/s3.ts';
import { EXIT, Failure, failureOf } from './failure.ts';

/** A document as it stands on the disk. */
export interface DocumentFile {
  path: string;
  text: string;
  document: AnalysisDocument;
}

/** @throws Failure where there is no such file, or it is not a document */
export async function readDocument(path: string): Promise<DocumentFile> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new Failure(EXIT.document, `the document can not be read: ${error.message}`);
  });
  const { document, errors } = parseDocument(text);
  const [first, ...others] = errors;
  if (document && !first) return { path, text, document };
  const failure = failureOf(fromPlain(first!), { path, text })!;
  const more = others.length > 0 ? `\n  (and ${others.length} more like this)` : '';
  throw new Failure(failure.status, failure.message + more);
}

/**
 * The addresses of a document's files: relative names start from the document's folder; a local file
 * is looked for there by its name.
 * @throws LumiscopeError `source` for a local file of another size
 */
function documentAddresses({ path, document }: DocumentFile): Promise<FileAddress[][]> {
  const folder = dirname(path);
  return Promise.all(document.datasets.map(({ files }) => Promise.all(files.map((file) => addressOf(file, folder)))));
}

async function addressOf(file: DatasetFile, folder: string): Promise<FileAddress> {
  if (typeof file === 'string') return toAddress(file, folder);
  const path = join(folder, file.local);
  const found = await stat(path).catch(() => undefined);
  if (found && found.size !== file.size) {
    throw new LumiscopeError(
      'source',
      `${path} has ${found.size} bytes, but the document is about one of ${file.size}`,
      {
        hint: 'put the right file beside the document, or name another with --file',
        place: { file: path },
      },
    );
  }
  return { kind: 'path', path };
}

/** @param folder what a relative path starts from */
export function toAddress(name: string, folder: string): FileAddress {
  const url = httpAddress(name);
  if (/^https?:\/\//.test(url)) return { kind: 'url', url };
  if (name.startsWith('file://')) return { kind: 'path', path: fileURLToPath(name) };
  return { kind: 'path', path: resolve(folder, name) };
}

/** The document with the files of the command line in place of its first data set's, or as its only one. */
export async function withFiles(
  file: DocumentFile,
  files: string[],
): Promise<{ document: AnalysisDocument; addresses: FileAddress[][] }> {
  const { datasets } = file.document;
  if (files.length === 0 && datasets.length === 0)
    throw new Failure(EXIT.document, `${file.path}: the document names no data\n  add datasets, or name files: --file`);
  if (files.length === 0) return { document: file.document, addresses: await documentAddresses(file) };
  const [first = { name: 'data' }, ...others] = datasets;
  const document = { ...file.document, datasets: [{ ...first, files }, ...others] };
  const [, ...rest] = await documentAddresses({ ...file, document });
  return { document, addresses: [files.map((name) => toAddress(name, process.cwd())), ...rest] };
}
