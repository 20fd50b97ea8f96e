/**
 * How documents and data come in: by address, by drop, by pick. Nothing is fetched from another host
 * before the person has agreed to that host.
 */
import type { DatasetFile } from '../../core/analysis/document.ts';
import { type DocumentEdit, formatDocument } from '../../core/analysis/yaml.ts';
import { LumiscopeError, type PlainError, toPlain } from '../../core/errors.ts';
import { foreignHost, wantsLocating } from './addresses.ts';
import { isCertifiedFile, takeCertified } from './certified.ts';
import { hashFile } from './hashFile.ts';
import type { Show } from './pane.ts';
import { readResults, readRootResult, resultFilesOf, type SavedResult } from './savedResults.ts';
import type { FileState, LocalFile } from './state.ts';
import { stemOf } from './stem.ts';
import type { Workshop } from './types.ts';

/** Files up to this size are hashed before they are opened; larger ones meanwhile. */
const HASH_FIRST_BYTES = 64e6;
const DOCUMENT_NAME = /\.(ya?ml|json)$/i;
const LONGEST_DOCUMENT = 1_000_000;

interface Doors {
  enter(text: string, suggest?: boolean, show?: Show): void;
  /** Changes the open document as a part of its opening. */
  amend(edits: DocumentEdit[]): PlainError | undefined;
  /** Changes it as a person does. */
  edit(edits: DocumentEdit[]): PlainError | undefined;
  openHash(hash: string): void;
}

/** The ways in. */
export function createArrivals(shop: Workshop, { enter, amend, edit, openHash }: Doors) {
  const { store } = shop;

  function enterData(name: string, files: DatasetFile[]): void {
    const document = {
      lumiscope: 1 as const,
      title: name,
      datasets: [{ name, files }],
      define: [],
      select: [],
      histograms: [],
      defaults: {},
    };
    enter(formatDocument(document), true);
  }

  async function fetchDocument(url: string, address: string, show?: Show): Promise<void> {
    const arrival = { what: address };
    store.setState({ arrival });
    // What was asked for or opened since counts, however late this one comes.
    const isWanted = () => store.getState().arrival === arrival;
    try {
      const text = await documentText(new URL(url, shop.base).href);
      if (isWanted()) enter(text, false, show);
    } catch (error) {
      if (isWanted()) store.setState({ arrival: { what: address, error: toPlain(error) } });
    }
  }

  async function hashed(file: File): Promise<LocalFile> {
    const known = shop.locals.find((l) => l.file === file);
    if (known) return known;
    const local: LocalFile = { file, sha256: await hashFile(file) };
    shop.locals = [...shop.locals.filter((l) => l.file !== file), local];
    return local;
  }

  /** Opens large files at once under their bare names; the hash follows into the document. */
  async function openData(files: readonly File[]): Promise<void> {
    const name = stemOf(files[0]?.name ?? '');
    if (files.every((f) => f.size <= HASH_FIRST_BYTES)) {
      enterData(name, (await Promise.all(files.map(hashed))).map(entryOf));
      return;
    }
    // A bare name must find the file that was just given, not an older one of that name.
    shop.locals = [
      ...files.map((file) => ({ file, sha256: '' })),
      ...shop.locals.filter((l) => files.every((f) => f.name !== l.file.name)),
    ];
    enterData(
      name,
      files.map((f) => f.name),
    );
    const entries = new Map<DatasetFile, DatasetFile>();
    for (const file of files) {
      const sha256 = await hashFile(file);
      shop.locals = shop.locals.map((l) => (l.file === file ? { ...l, sha256 } : l));
      entries.set(file.name, { local: file.name, size: file.size, sha256 });
    }
    // Another document may be open by now, or this one have more files.
    const now = store.getState().document?.datasets.find((d) => d.name === name)?.files;
    if (now?.some((entry) => entries.has(entry))) {
      amend([{ kind: 'setDatasetFiles', dataset: name, files: now.map((entry) => entries.get(entry) ?? entry) }]);
    }
  }

  /** A folder, or a file that is gone, can't be read. */
  function unreadable(files: readonly File[]) {
    return (error: unknown) =>
      store.setState({ arrival: { what: files.map((f) => f.name).join(', '), error: toPlain(error) } });
  }

  async function openFiles(given: readonly File[]): Promise<void> {
    const certified = await certifiedOf(given);
    const results = await resultFilesOf(given, shop.session);
    const files = given.filter((f) => f !== certified && !results.includes(f));
    if (files.length > 0) await openOthers(files);
    if (results.length > 0) await takeResults(results);
    if (certified) await takeCertified(shop, edit, certified);
  }

  /** Results stand beside the open document; where none is open, they are all there is to see. */
  async function takeResults(files: readonly File[]): Promise<void> {
    try {
      const results = await readResults(files, shop.session);
      if (!store.getState().opened) {
        const title = files.map((f) => stemOf(f.name)).join(', ');
        enter(
          formatDocument({ lumiscope: 1, title, datasets: [], define: [], select: [], histograms: [], defaults: {} }),
        );
      }
      keep(results);
    } catch (error) {
      store.setState({ arrival: { what: files.map((f) => f.name).join(', '), error: toPlain(error) } });
    }
  }

  function keep(results: readonly SavedResult[]): void {
    const what = results.map(({ name }) => name).join(', ');
    const note = results.flatMap((one) => one.note ?? []).join('; ');
    store.setState((s) => ({ saved: [...s.saved, ...results], arrival: note ? { what, note } : undefined }));
  }

  async function openOthers(files: readonly File[]): Promise<void> {
    const document = files.find((f) => DOCUMENT_NAME.test(f.name));
    const what = (document ?? files[0])?.name;
    if (what === undefined) return;
    store.setState({ arrival: { what } });
    try {
      if (!document) return await openData(files);
      // Data that came along are at hand when the document asks for them by name.
      await Promise.all(files.filter((f) => f !== document).map(hashed));
      enter(await textOf(document));
    } catch (error) {
      store.setState({ arrival: { what, error: toPlain(error) } });
    }
  }

  function openDocument(address: string, show?: Show): void {
    if (!wantsLocating(address)) return openAt(address, address, show);
    import('../../workers/io/locate.ts')
      .then(({ locateFile }) => openAt(locateFile(address).url, address, show))
      .catch((error) => store.setState({ arrival: { what: address, error: toPlain(error) } }));
  }

  function openAt(url: string, address: string, show?: Show): void {
    const host = foreignHost(url, shop.base);
    if (host && !shop.allowed.has(host)) store.setState({ arrival: { what: address, asksHost: host } });
    else void fetchDocument(url, address, show);
  }

  async function giveFiles(files: readonly File[], then: () => void): Promise<void> {
    const wishes = store
      .getState()
      .files.flat()
      .filter((f) => f.status === 'missing' || f.status === 'differs');
    if (wishes.length === 0 || files.some((f) => DOCUMENT_NAME.test(f.name)) || (await certifiedOf(files)))
      return openFiles(files);
    const given = await Promise.all(files.map(hashed));
    const only = wishes.length === 1 && given.length === 1 ? given[0] : undefined;
    const wish = wishes[0];
    then();
    // A file of another name can still be the one that is meant: say how it differs, and let the person decide.
    if (!only || !wish || only.file.name === wish.name) return;
    const asked = typeof wish.entry === 'object' && 'local' in wish.entry ? wish.entry.sha256 : undefined;
    if (only.sha256 === asked) return;
    store.setState((s) => ({
      files: s.files.map((set) =>
        set.map((f) =>
          f.key === wish.key
            ? {
                ...f,
                status: 'differs' as const,
                difference: `it is called ${only.file.name}${asked ? ' and has other content' : ''}`,
                address: { kind: 'blob' as const, name: only.file.name, blob: only.file },
              }
            : f,
        ),
      ),
    }));
  }

  return {
    async showHistograms({ address, name }: FileState): Promise<string | undefined> {
      const isShown = () => store.getState().saved.some((one) => one.name === name);
      if (!address || isShown()) return undefined;
      const { document } = store.getState();
      try {
        const result = await readRootResult(shop.session, address, name);
        // Another document may be open by now, or the same wish be granted.
        if (store.getState().document !== document || isShown()) return undefined;
        keep([result]);
        return result.histograms[0]?.name;
      } catch (error) {
        // No address: trying that again would open the file in place of the document.
        store.setState({ arrival: { what: `histograms of ${name}`, error: toPlain(error) } });
        return undefined;
      }
    },

    openFiles: (files: readonly File[]) => openFiles(files).catch(unreadable(files)),
    openDocument,

    async addLocalFiles(name: string, files: readonly File[], instead = false): Promise<PlainError | undefined> {
      try {
        const added = (await Promise.all(files.map(hashed))).map(entryOf);
        const dataset = store.getState().document?.datasets.find((d) => d.name === name);
        const before = instead ? [] : (dataset?.files ?? []);
        return edit([{ kind: 'setDatasetFiles', dataset: name, files: [...before, ...added] }]);
      } catch (error) {
        return toPlain(error);
      }
    },

    giveFiles: (files: readonly File[], then: () => void) => giveFiles(files, then).catch(unreadable(files)),

    openAddress(input: string): void {
      const address = input.trim();
      if (address === '') return;
      const hash = address.indexOf('#a=');
      if (hash >= 0) return openHash(address.slice(hash));
      let path: string;
      try {
        path = new URL(address, shop.base).pathname;
      } catch {
        const error: PlainError = {
          tag: 'source',
          message: `${address} is not an address`,
          hint: 'paste a URL that starts with https://, or s3://bucket/key',
          place: {},
        };
        store.setState({ arrival: { what: address, error } });
        return;
      }
      if (DOCUMENT_NAME.test(path)) openDocument(address);
      else enterData(stemOf(path), [address]);
    },
  };
}

async function certifiedOf(files: readonly File[]): Promise<File | undefined> {
  for (const file of files) if (await isCertifiedFile(file)) return file;
  return undefined;
}

function entryOf({ file, sha256 }: LocalFile): DatasetFile {
  return { local: file.name, size: file.size, sha256 };
}

async function textOf(file: File): Promise<string> {
  if (file.size > LONGEST_DOCUMENT) throw new LumiscopeError('limit', `${file.name} is too long for a document`);
  return file.text();
}

async function documentText(url: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer' });
  } catch (cause) {
    throw new LumiscopeError('source', `${url} can't be reached`, {
      hint: 'check the address and the network; the server may not allow other pages to read it (CORS)',
      cause,
    });
  }
  if (!response.ok)
    throw new LumiscopeError('source', `${url} answers ${response.status} ${response.statusText}`.trim(), {
      hint: 'check the address',
    });
  const text = await response.text();
  if (text.length > LONGEST_DOCUMENT) throw new LumiscopeError('limit', `${url} is too long for a document`);
  return text;
}
