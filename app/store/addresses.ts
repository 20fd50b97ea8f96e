/**
 * From a document's files to addresses: which lie on the app's own origin, which on another host that
 * has to be agreed to, which on this machine.
 */
import {
  type AnalysisDocument,
  addressesIn,
  type Dataset,
  type DatasetFile,
  type LocalEntry,
  type Replicas,
} from '../../core/analysis/document.ts';
import { LumiscopeError, toPlain } from '../../core/errors.ts';
import type { Located, locate } from '../../workers/io/locate.ts';
import { publicUrl } from '../../workers/io/publicUrl.ts';
import { formatCount } from '../numbers.ts';
import type { FileState, LocalFile } from './state.ts';

/** What decides how a file is reached. */
export interface Reach {
  /** Address of the page, which relative addresses start from. */
  base: string;
  locals: readonly LocalFile[];
  isAllowed: (host: string) => boolean;
  /** Loaded where a document `wantsLocating`. */
  locate?: typeof locate;
}

/** Whether an address is of a kind that browsers can't ask by themselves. */
export function wantsLocating(file: DatasetFile): boolean {
  return addressesIn(file).some((address) => /^(?!https?:)\w+:\/\//i.test(address));
}

/** A local file's: what lies beside the page is written `./name`. */
const BARE_NAME = /^[^/:?#]+$/;

/** The host of an absolute or relative address, if it is not the page's own. Undefined also for what is no address. */
export function foreignHost(address: string, base: string): string | undefined {
  try {
    const url = new URL(address, base);
    return url.origin === new URL(base).origin ? undefined : url.host;
  } catch {
    return undefined;
  }
}

/** The files of each data set of a document as far as they can be reached now. */
export function resolveFiles(document: AnalysisDocument, reach: Reach): FileState[][] {
  return document.datasets.map((dataset) =>
    dataset.files.map((entry) => withTree(resolve(entry, dataset, reach), dataset.tree)),
  );
}

function withTree(file: FileState, tree: string | undefined): FileState {
  return file.address && tree !== undefined ? { ...file, address: { ...file.address, tree } } : file;
}

/** Tells what is open of a file again in another version of the document: the file and its tree. */
export function openingKey({ key, address }: FileState): string {
  return address?.tree === undefined ? key : `${key} ${address.tree}`;
}

function resolve(entry: DatasetFile, dataset: Dataset, reach: Reach): FileState {
  if (typeof entry === 'string') return resolveAddress(entry, dataset, reach);
  return 'replicas' in entry ? resolveReplicas(entry, dataset, reach) : resolveLocal(entry, reach.locals);
}

/** The first replica's address with the others'; all their hosts have to be agreed to, since any may be asked. */
function resolveReplicas(entry: Replicas, dataset: Dataset, reach: Reach): FileState {
  const each = entry.replicas.map((address) => resolveAddress(address, dataset, reach));
  const key = keyOf(entry);
  const wrong = each.find(({ status }) => status === 'failed');
  if (wrong) return { ...wrong, entry, key };
  const urls = each.flatMap(({ address, listing }) => (address?.kind === 'url' && !listing ? [address] : []));
  const [first, ...others] = urls;
  if (!first || urls.length < each.length) {
    const other = each.find(({ address, listing }) => address?.kind !== 'url' || listing)!;
    const message = `${other.name} can't be a replica: only an address of one file can`;
    return { ...fault(other.name, message, 'take it out of the list'), entry, key };
  }
  const hosts = [...new Set(each.flatMap((one) => one.hosts ?? []))];
  const state: FileState = {
    entry,
    key,
    name: each[0]!.name,
    ...(hosts.length > 0 && { hosts }),
    status: each.some(({ status }) => status === 'asks') ? 'asks' : 'opening',
    address: { ...first, replicas: others.map(({ url }) => url) },
  };
  return state;
}

function resolveAddress(entry: string, { s3 }: Dataset, reach: Reach): FileState {
  const name = keyOf(entry);
  const local = reach.locals.find((l) => l.standsFor === name || l.file.name === entry);
  if (local) return { entry, key: name, name: entry, status: 'opening', address: blobAddress(local) };
  if (BARE_NAME.test(entry)) return { entry, key: name, name: entry, status: 'missing' };
  let located: Located;
  let url: URL;
  try {
    located = reach.locate && wantsLocating(entry) ? reach.locate(entry, s3) : { url: entry };
    url = new URL('listing' in located ? located.listing.bucket : located.url, reach.base);
  } catch (error) {
    if (error instanceof LumiscopeError) return { ...fault(entry, '', ''), error: toPlain(error) };
    return fault(entry, `${entry} is not an address`, 'write a URL, s3://bucket/key, or drop the file here');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return fault(entry, `${url.protocol} addresses are not known`, 'use https:, http: or s3:, or drop the file here');
  }
  const host = foreignHost(url.href, reach.base);
  const { region, listing } =
    'listing' in located ? { ...located.listing, ...located } : { ...located, listing: undefined };
  const state: FileState = {
    entry,
    key: listing ? `${url.href}${listing.pattern}` : url.href,
    name: publicUrl(entry),
    ...(host && { hosts: [host] }),
    status: 'opening',
    address: { kind: 'url', url: url.href, ...(region && { region }) },
    ...(listing && { listing }),
  };
  return host && !reach.isAllowed(host) ? { ...state, status: 'asks' } : state;
}

function resolveLocal(entry: LocalEntry, locals: readonly LocalFile[]): FileState {
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
    name: publicUrl(entry),
    status: 'failed',
    error: { tag: 'source', message, hint, place: { file: publicUrl(entry) } },
  };
}

function keyOf(entry: DatasetFile): string {
  if (typeof entry === 'object' && 'replicas' in entry) return `replicas:${entry.replicas.join(' ')}`;
  return typeof entry === 'string' ? `name:${entry}` : `local:${entry.local}:${entry.size}:${entry.sha256}`;
}

function blobAddress(local: LocalFile): FileState['address'] {
  return { kind: 'blob', name: local.file.name, blob: local.file };
}
