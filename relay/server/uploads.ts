/** Objects on their way in: what came of each lies in the spool, a folder of this machine, until it is whole and its checksum is right. */
import { createHash } from 'node:crypto';
import { open, readdir, rm, stat, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tell } from '../../core/ingest/happening.ts';
import { stagedPath } from '../../core/ingest/layout.ts';
import { makeFolder } from '../../workers/objects/makeFolder.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import { Budget } from './budget.ts';
import { HttpError } from './httpError.ts';

export interface UploadOptions {
  folder: string;
  objects: ObjectStore;
  tell: Tell;
  /** Of one object. */
  objectBytes: number;
  /** Of all that lies in the spool, as announced by who sends it. */
  spoolBytes: number;
  /** Objects are stored whole: as many bytes of them may be in memory at a time; one object always may. */
  memoryBytes: number;
  /** Writers who sent nothing for as long may be replaced by another one. */
  stalledMs: number;
  now?: () => number;
}

/** What a request brings: bytes `[from, past)` of `total`. */
export interface Piece {
  sha256: string;
  from: number;
  past: number;
  total: number;
  body: AsyncIterable<Uint8Array> & { destroy(error?: Error): unknown };
  producer: string;
}

interface Writer {
  /** When bytes came last. */
  heard: number;
  stop(): void;
  done: Promise<void>;
}

interface Spooled {
  path: string;
  total: number;
  bytes: number;
}

const NAME = /^([0-9a-f]{64})\.(\d+)\.part$/;
const READ_AT_ONCE = 4 << 20;

export class Uploads {
  readonly #options: UploadOptions;
  readonly #now: () => number;
  readonly #writers = new Map<string, Writer>();
  readonly #storing: Budget;
  /** Announced bytes of the objects in the spool. */
  readonly #announced = new Map<string, number>();

  private constructor(options: UploadOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#storing = new Budget(options.memoryBytes);
  }

  /** Opens the spool with what an earlier process left in it. */
  static async open(options: UploadOptions): Promise<Uploads> {
    const uploads = new Uploads(options);
    await makeFolder(options.folder);
    for (const name of await readdir(options.folder)) {
      const [, sha256, total] = NAME.exec(name) ?? [];
      if (sha256) uploads.#announced.set(sha256, Number(total));
    }
    return uploads;
  }

  /** How much of an object is there. An object that came whole before the process ended is stored now. */
  async state(sha256: string): Promise<{ stored: boolean; offset: number }> {
    if (await this.#isStored(sha256)) return { stored: true, offset: 0 };
    const spooled = await this.#spooled(sha256);
    if (!spooled) return { stored: false, offset: 0 };
    if (spooled.bytes < spooled.total || this.#writers.has(sha256)) return { stored: false, offset: spooled.bytes };
    const whole = await this.#write(sha256, () => this.#storeWhole(sha256, 'unknown'));
    return { stored: whole !== undefined, offset: 0 };
  }

  /**
   * Takes a piece of an object.
   * @returns `offset`: bytes that are there now, where more have to come; `again`: it was stored before
   * @throws HttpError
   */
  async take(piece: Piece): Promise<{ stored: boolean; again: boolean; offset: number }> {
    const { sha256, from, past, total } = piece;
    if (await this.#isStored(sha256)) {
      this.#options.tell({ kind: 'staged', sha256, bytes: total, again: true, producer: piece.producer });
      return { stored: true, again: true, offset: total };
    }
    if (total > this.#options.objectBytes)
      throw new HttpError(413, `an object of ${total} bytes: objects have at most ${this.#options.objectBytes} bytes`, {
        hint: 'stage fewer files in an object, or raise limits.objectBytes',
      });
    return this.#write(sha256, async (writer) => {
      const whole = await this.#storeWhole(sha256, piece.producer);
      if (whole) return { stored: true, again: whole.again, offset: total };
      const spooled = await this.#room(sha256, from, total);
      const bytes = await this.#append(spooled, piece, writer);
      if (bytes < past)
        throw new HttpError(400, `the body ended after ${bytes - from} of ${past - from} bytes`, {
          headers: offsetHeader(bytes),
        });
      if (past < total) return { stored: false, again: false, offset: past };
      const again = await this.#store(sha256, spooled, piece.producer);
      return { stored: true, again, offset: total };
    });
  }

  /** Removes what nobody went on with for `ms`. @returns how many objects and bytes that were */
  async expire(ms: number): Promise<{ objects: number; bytes: number }> {
    const expired = { objects: 0, bytes: 0 };
    const names = await readdir(this.#options.folder);
    for (const name of names) {
      const [, sha256] = NAME.exec(name) ?? [];
      if (!sha256 || this.#writers.has(sha256)) continue;
      // Nobody goes on with it meanwhile.
      await this.#write(sha256, async () => {
        const path = join(this.#options.folder, name);
        const found = await stat(path).catch(() => undefined);
        if (!found || Date.now() - found.mtimeMs < ms) return;
        await rm(path, { force: true });
        this.#announced.delete(sha256);
        expired.objects++;
        expired.bytes += found.size;
      });
    }
    return expired;
  }

  async #isStored(sha256: string): Promise<boolean> {
    if (!(await this.#options.objects.stat(stagedPath(sha256)))) return false;
    // A process that was killed in between left it in the spool, too.
    if (this.#announced.has(sha256) && !this.#writers.has(sha256))
      await this.#write(sha256, async () => {
        const spooled = await this.#spooled(sha256);
        if (spooled) await this.#drop(sha256, spooled);
      });
    return true;
  }

  /** Waits for nobody: another writer of the same object has to be done, or to have fallen silent. */
  async #yieldOf(writer: Writer): Promise<void> {
    if (this.#now() - writer.heard < this.#options.stalledMs)
      throw new HttpError(409, 'another producer is sending this object', {
        hint: 'ask with HEAD in a few seconds: it may be stored then',
        headers: { 'retry-after': '2' },
      });
    writer.stop();
    await writer.done;
  }

  async #write<T>(sha256: string, work: (writer: Writer) => Promise<T>): Promise<T> {
    while (this.#writers.has(sha256)) await this.#yieldOf(this.#writers.get(sha256)!);
    let end = () => {};
    const done = new Promise<void>((resolve) => {
      end = resolve;
    });
    const writer: Writer = { heard: this.#now(), stop: () => {}, done };
    this.#writers.set(sha256, writer);
    try {
      return await work(writer);
    } finally {
      this.#writers.delete(sha256);
      end();
    }
  }

  async #spooled(sha256: string): Promise<Spooled | undefined> {
    const total = this.#announced.get(sha256);
    if (total === undefined) return undefined;
    const path = join(this.#options.folder, `${sha256}.${total}.part`);
    const found = await stat(path).catch(() => undefined);
    return found && { path, total, bytes: found.size };
  }

  /** Stores what came whole in an earlier request and could not be stored then. */
  async #storeWhole(sha256: string, producer: string): Promise<{ again: boolean } | undefined> {
    const spooled = await this.#spooled(sha256);
    if (!spooled || spooled.bytes !== spooled.total) return undefined;
    try {
      return { again: await this.#store(sha256, spooled, producer) };
    } catch (error) {
      if (error instanceof HttpError && error.status === 422) return undefined;
      throw error;
    }
  }

  /** The spool file that a piece from `from` on goes to. */
  async #room(sha256: string, from: number, total: number): Promise<Spooled> {
    const there = await this.#spooled(sha256);
    const bytes = there?.bytes ?? 0;
    if (from !== 0 && there && there.total !== total)
      throw new HttpError(400, `an object of ${total} bytes, of ${there.total} in an earlier request`, {
        hint: 'begin anew at byte 0',
        headers: offsetHeader(bytes),
      });
    if (from !== 0 && from !== bytes)
      throw new HttpError(
        409,
        `bytes from ${from} on ${from < bytes ? 'overlap' : 'leave a gap'}: ${bytes} bytes are there`,
        {
          hint: `go on at byte ${bytes}`,
          headers: offsetHeader(bytes),
        },
      );
    if (from === 0) {
      if (there) await this.#drop(sha256, there);
      const { spoolBytes, folder, tell } = this.#options;
      const { bavail, bsize } = await statfs(folder);
      const free = bavail * bsize;
      // From here to where it is announced nobody else gets a turn.
      let spooled = total;
      for (const announced of this.#announced.values()) spooled += announced;
      if (spooled > spoolBytes || total > free) {
        const reason =
          spooled > spoolBytes
            ? `uploads that are under way take ${spooled - total} of ${spoolBytes} bytes`
            : `${free} bytes are free in the spool`;
        tell({ kind: 'alarm', alarm: 'disk', reason });
        throw new HttpError(507, `no room for an object of ${total} bytes: ${reason}`, {
          hint: 'try again later; who runs the relay may raise limits.spoolBytes',
          headers: { 'retry-after': '30' },
        });
      }
      this.#announced.set(sha256, total);
    }
    return { path: join(this.#options.folder, `${sha256}.${total}.part`), total, bytes: from };
  }

  /** Appends the body to the spool file, on disk when it returns. @returns bytes that are there then */
  async #append(spooled: Spooled, { sha256, body }: Piece, writer: Writer): Promise<number> {
    writer.stop = () => body.destroy();
    let at = spooled.bytes;
    const file = await open(spooled.path, at === 0 ? 'w' : 'r+').catch((error) => {
      if (at === 0) this.#announced.delete(sha256);
      throw this.#diskTrouble(error);
    });
    try {
      for await (const bytes of body) {
        writer.heard = this.#now();
        for (let written = 0; written < bytes.length; )
          written += (await file.write(bytes, written, bytes.length - written, at + written)).bytesWritten;
        at += bytes.length;
      }
      await file.datasync();
    } catch (error) {
      throw this.#diskTrouble(error);
    } finally {
      await file.close();
    }
    return at;
  }

  #diskTrouble(error: unknown): unknown {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EIO' && code !== 'EROFS') return error;
    const reason = code === 'EIO' || code === 'EROFS' ? "the spool can't be written" : 'the disk of the spool is full';
    this.#options.tell({ kind: 'alarm', alarm: 'disk', reason: `${reason} (${code})` });
    return new HttpError(507, reason, {
      hint: 'try again later: what came is kept',
      headers: { 'retry-after': '30' },
    });
  }

  /** Checks what lies in the spool, and stores it. @returns whether somebody else had stored it */
  async #store(sha256: string, spooled: Spooled, producer: string): Promise<boolean> {
    const { total } = spooled;
    return this.#storing.spend(total, async () => {
      const { bytes, digest } = await readChecked(spooled.path, total);
      if (digest !== sha256) {
        await this.#drop(sha256, spooled);
        throw new HttpError(422, `what came has the SHA-256 ${digest}, not ${sha256}`, {
          hint: 'it was thrown away: send the object again from byte 0',
          headers: offsetHeader(0),
        });
      }
      const version = await this.#options.objects.write(stagedPath(sha256), bytes, 'absent');
      const again = version === undefined;
      await this.#drop(sha256, spooled);
      this.#options.tell({ kind: 'staged', sha256, bytes: total, again, producer });
      return again;
    });
  }

  async #drop(sha256: string, { path }: Spooled): Promise<void> {
    this.#announced.delete(sha256);
    await unlink(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

const offsetHeader = (bytes: number) => ({ 'upload-offset': String(bytes) });

async function readChecked(path: string, total: number): Promise<{ bytes: Uint8Array; digest: string }> {
  const bytes = new Uint8Array(total);
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    for (let at = 0; at < total; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(READ_AT_ONCE, total - at), at);
      if (bytesRead === 0) break;
      hash.update(bytes.subarray(at, at + bytesRead));
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
  return { bytes, digest: hash.digest('hex') };
}
