/**
 * From a document's files to addresses: which lie on the app's own origin, which on another host that
 * has to be agreed to, which on this machine.
 */
import type { AnalysisDocument, DatasetFile } from '../../core/analysis/document.ts';
import { httpAddress } from '../../workers/io/s3.ts';
import { formatCount } from '../numbers.ts';
import type { FileState, LocalFile } from './state.ts';

/** What decides how a file is reached. */
export interface Reach {
  /** Address of the page, which relative addresses start from. */
  base: string;
  locals: readonly LocalFile[];
  isAllowed: (host: string) => boolean;
}

/** A local file's: what lies beside the page is written `./name`. */
const BARE_NAME = /^[^/:?#]+$/;

/** The host of an absolute or relative address, if it is not the page's own. Undefined also for what is no address. */
export function foreignHost(address: string, base: string): string | undefined {
  try {
    const url = new URL(httpAddress(address), base);
    return url.origin === new URL(base).origin ? undefined : url.host;
  } catch {
    return undefined;
  }
}

/** The files of each data set of a document as far as they can be reached now. */
export function resolveFiles(document: AnalysisDocument, reach: Reach): FileState[][] {
  return document.datasets.map((dataset) => dataset.files.map((entry) => resolve(entry, reach)));
}

function resolve(entry: DatasetFile, reach: Reach): FileState {
  if (typeof entry !== 'string') return resolveLocal(entry, reach.locals);
  const name = keyOf(entry);
  const local = reach.locals.find((l) => l.standsFor === name || l.file.name === entry);
  if (local) return { entry, key: name, name: entry, status: 'opening', address: blobAddress(local) };
  if (BARE_NAME.test(entry)) return { entry, key: name, name: entry, status: 'missing' };
  let url: URL;
  try {
    url = new URL(httpAddress(entry), reach.base);
  } catch {
    return fault(entry, `${entry} is not an address`, 'write a URL, s3://bucket/key, or drop the file here');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return fault(
      entry,
      `${url.protocol} addresses are not supported`,
      'use https:, http: or s3:, or drop the file here',
    );
  }
  const host = foreignHost(entry, reach.base);
  const state: FileState = {
    entry,
    key: url.href,
    name: entry,
    host,
    status: 'opening',
    address: { kind: 'url', url: url.href },
  };
  return host && !reach.isAllowed(host) ? { ...state, status: 'asks' } : state;
}

function resolveLocal(entry: Exclude<DatasetFile, string>, locals: readonly LocalFile[]): FileState {
  const key = keyOf(entry);
  const state: FileState = { entry, key, name: entry.local, status: 'missing' };
  const same = locals.find((l) => l.sha256 === entry.sha256 || l.standsFor === key);
  if (same) return { ...state, status: 'opening', address: blobAddress(same) };
  const named = locals.find((l) => l.file.name === entry.local);
  if (!named) return state;
  const difference =
    named.file.size === entry.size
      ? 'it has the same size but other content'
      : `it has ${formatCount(named.file.size)} bytes, not ${formatCount(entry.size)}`;
  return { ...state, status: 'differs', difference, address: blobAddress(named) };
}

function fault(entry: string, message: string, hint: string): FileState {
  return {
    entry,
    key: keyOf(entry),
    name: entry,
    status: 'failed',
    error: { tag: 'source', message, hint, place: { file: entry } },
  };
}

function keyOf(entry: DatasetFile): string {
  return typeof entry === 'string' ? `name:${entry}` : `local:${entry.local}:${entry.size}:${entry.sha256}`;
}

function blobAddress(local: LocalFile): FileState['address'] {
  return { kind: 'blob', name: local.file.name, blob: local.file };
}
