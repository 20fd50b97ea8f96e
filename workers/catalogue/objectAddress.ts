import type { FileAddress } from '../io/byteSource.ts';

/** Where an object of a catalogue lies. @param folder address of the catalogue, a URL or (in Node) a path, with a slash at its end */
export function objectAddress(folder: string, path: string): FileAddress {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(folder)) return { kind: 'path', path: folder + path };
  return { kind: 'url', url: new URL(path, folder).href };
}
