import { cancelled } from '../../io/errors.ts';
import { checkedPath, checkedPrefix, comparePaths } from '../objectPath.ts';
import type { ObjectInfo, ObjectStore } from '../objectStore.ts';

const infos = new WeakMap<Uint8Array, ObjectInfo>();
let versions = 0;

/**
 * A store in memory, for tests.
 * @param contents by path; what is put into it or taken out of it is there, or is not
 * @param now ms since 1970-01-01 UTC
 */
export function memoryObjects(
  contents = new Map<string, Uint8Array>(),
  { now = Date.now, folder = '' }: { now?: () => number; folder?: string } = {},
): ObjectStore {
  const at = (path: string) => folder + checkedPath(path);
  const infoOf = (bytes: Uint8Array): ObjectInfo => {
    const info = infos.get(bytes) ?? { bytes: bytes.length, version: String(++versions), modified: now() };
    infos.set(bytes, info);
    return info;
  };
  const turn = async (signal?: AbortSignal) => {
    await undefined;
    if (signal?.aborted) throw cancelled();
  };
  const found = async (path: string, signal?: AbortSignal) => {
    await turn(signal);
    return contents.get(at(path));
  };
  return {
    address: `memory/${folder}`,
    async read(path, signal) {
      const bytes = await found(path, signal);
      return bytes && { bytes: bytes.slice(), version: infoOf(bytes).version };
    },
    readRange: async (path, offset, length, signal) => (await found(path, signal))?.slice(offset, offset + length),
    async stat(path, signal) {
      const bytes = await found(path, signal);
      return bytes && infoOf(bytes);
    },
    async write(path, bytes, condition, signal) {
      await turn(signal);
      const there = contents.get(at(path));
      if (condition === 'absent' && there) return undefined;
      if (typeof condition === 'object' && (!there || infoOf(there).version !== condition.version)) return undefined;
      const copy = bytes.slice();
      contents.set(at(path), copy);
      return infoOf(copy).version;
    },
    async *list(prefix, signal) {
      await turn(signal);
      const begin = folder + checkedPrefix(prefix);
      const paths = [...contents.keys()].filter((path) => path.startsWith(begin)).sort(comparePaths);
      for (const path of paths) {
        const bytes = contents.get(path);
        if (bytes) yield { path: path.slice(folder.length), ...infoOf(bytes) };
      }
    },
    async remove(path, signal) {
      await turn(signal);
      contents.delete(at(path));
    },
    below: (name) => memoryObjects(contents, { now, folder: `${at(name)}/` }),
  };
}
