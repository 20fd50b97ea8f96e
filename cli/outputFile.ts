import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { SaveSink } from '../workers/savedFile.ts';
import { EXIT, Failure } from './failure.ts';

/** A file that has its name once it is whole: until then `.part` is appended to it. */
export class OutputFile implements SaveSink {
  readonly #path: string;
  #handle: FileHandle | undefined;
  #isWhole = false;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /** @throws Failure where it can't be written */
  static async create(path: string): Promise<OutputFile> {
    return new OutputFile(path, await open(`${path}.part`, 'w').catch(refuse(path)));
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#handle!.write(bytes, at).catch(refuse(this.#path));
      at += bytesWritten;
    }
  }

  /** Gives it its name. */
  async finish(): Promise<void> {
    await this.#handle!.close().catch(refuse(this.#path));
    this.#handle = undefined;
    await rename(`${this.#path}.part`, this.#path).catch(refuse(this.#path));
    this.#isWhole = true;
  }

  /** Removes what is not finished. */
  async discard(): Promise<void> {
    if (this.#isWhole) return;
    await this.#handle?.close().catch(() => {});
    await rm(`${this.#path}.part`, { force: true });
  }
}

const refuse = (path: string) => (error: Error) => {
  throw new Failure(EXIT.option, `can not write ${path}: ${error.message}`);
};
