import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AnalysisDocument, Dataset } from '../core/analysis/document.ts';
import { parseDocument } from '../core/analysis/yaml.ts';
import { fromPlain } from '../core/errors.ts';
import type { FileAddress } from '../workers/io/byteSource.ts';
import type { DataSession } from '../workers/session.ts';
import { addressesOf, type NamedFile } from './addresses.ts';
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
 * The document with the files of the command line in place of its first data set's, or as its only one; the session has the keys
 * and the token that the environment holds for them. In a document, relative names start from its folder.
 *
 * @param tokenHosts hosts that the person lets have the token
 * @throws LumiscopeError `source`, `limit`
 */
export async function withFiles(
  { path, document }: DocumentFile,
  files: string[],
  session: DataSession,
  tokenHosts: readonly string[] = [],
): Promise<{ document: AnalysisDocument; addresses: FileAddress[][] }> {
  const { datasets } = document;
  if (files.length === 0 && datasets.length === 0)
    throw new Failure(EXIT.document, `${path}: the document names no data\n  add datasets, or name files: --file`);
  const folder = dirname(path);
  const own = datasets.map((dataset) => dataset.files.map((file): NamedFile => ({ file, folder, s3: dataset.s3 })));
  const reach = async (lists: NamedFile[][]) => withTrees(await addressesOf(lists, session, tokenHosts), datasets);
  if (files.length === 0) return { document, addresses: await reach(own) };
  const [first = { name: 'data' } as Dataset, ...others] = datasets;
  const given = files.map((file): NamedFile => ({ file, folder: process.cwd(), s3: first.s3, trusted: true }));
  return {
    document: { ...document, datasets: [{ ...first, files }, ...others] },
    addresses: await reach([given, ...own.slice(1)]),
  };
}

/** Addresses of the files of data sets, with the tree that each data set names. */
function withTrees(addresses: FileAddress[][], datasets: readonly Dataset[]): FileAddress[][] {
  return addresses.map((list, i) => {
    const tree = datasets[i]?.tree;
    return tree === undefined ? list : list.map((address) => ({ ...address, tree }));
  });
}
