import type { ByteSource } from '../../io/byteSource.ts';
import { asFormatError } from '../errors.ts';
import { type Container, readContainer, readKey } from './container.ts';
import { type ObjectReader, openObjects, type RootObject } from './objects.ts';
import { RootCursor } from './rootCursor.ts';
import type { Classes, RootFile, RootKey } from './rootFile.ts';
import { unpack } from './unpack.ts';

/** Opens a ROOT file by its folders. `start`: its first bytes, where they are known. @throws LumiscopeError `format`, `source`, `cancelled` */
export async function openRootFile(source: ByteSource, signal?: AbortSignal, start?: Uint8Array): Promise<RootFile> {
  try {
    return new OpenRootFile(source, await readContainer(source, signal, start));
  } catch (cause) {
    throw asFormatError(cause, source.url);
  }
}

class OpenRootFile implements RootFile {
  readonly source: ByteSource;
  readonly keys: readonly RootKey[];
  readonly #streamerInfo: Container['streamerInfo'];
  #objects: Promise<ObjectReader> | undefined;

  constructor(source: ByteSource, { keys, streamerInfo }: Container) {
    this.source = source;
    this.keys = keys;
    this.#streamerInfo = streamerInfo;
  }

  async readBytes(key: RootKey, signal?: AbortSignal): Promise<Uint8Array> {
    const packed = await this.source.read(key.offset, key.bytes, signal);
    return this.#unpack(key, packed);
  }

  async readObject(key: RootKey, signal?: AbortSignal): Promise<RootObject> {
    const [bytes, objects] = await Promise.all([this.readBytes(key, signal), this.#openObjects(signal)]);
    try {
      return objects.read(bytes, key.className, key.keyBytes);
    } catch (cause) {
      throw asFormatError(cause, `${this.source.url}, ${pathOf(key)}`);
    }
  }

  async readClasses(signal?: AbortSignal): Promise<Classes> {
    return (await this.#openObjects(signal)).classes;
  }

  async #unpack(key: RootKey, packed: Uint8Array): Promise<Uint8Array> {
    try {
      return await unpack(packed.subarray(key.keyBytes), key.objectBytes);
    } catch (cause) {
      throw asFormatError(cause, `${this.source.url}, ${pathOf(key)}`);
    }
  }

  /** Once a file; a failure, which may be of the network, is not kept. */
  #openObjects(signal?: AbortSignal): Promise<ObjectReader> {
    if (!this.#objects) {
      const opening = this.#readStreamerInfo(signal);
      this.#objects = opening;
      opening.catch(() => {
        this.#objects = undefined;
      });
    }
    return this.#objects;
  }

  async #readStreamerInfo(signal?: AbortSignal): Promise<ObjectReader> {
    if (!this.#streamerInfo) return openObjects(undefined);
    const packed = await this.source.read(...this.#streamerInfo, signal);
    try {
      const key = readKey(new RootCursor(packed), '');
      return await openObjects({
        bytes: await unpack(packed.subarray(key.keyBytes), key.objectBytes),
        keyBytes: key.keyBytes,
      });
    } catch (cause) {
      throw asFormatError(cause, this.source.url);
    }
  }
}

/** Of a key: with the folders that it lies in. */
export function pathOf({ directory, name }: RootKey): string {
  return directory ? `${directory}/${name}` : name;
}
