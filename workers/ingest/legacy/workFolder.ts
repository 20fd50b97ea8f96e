import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LumiscopeError } from '../../../core/errors.ts';
import { openSegment, type Segment, writeWhole } from './segment.ts';

const PLAN = 'import.json';
const REPORT = 'report.json';
const BAD_LINES = 'bad-lines.jsonl';

/** The folder of an import: all that is done lies in it under the name that it has for good, so that what is there is not done again. */
export class WorkFolder {
  readonly path: string;
  readonly segments: string;
  readonly #objects: string;

  constructor(path: string) {
    this.path = path;
    this.segments = join(path, 'segments');
    this.#objects = join(path, 'objects');
  }

  /**
   * Makes it, or goes on with it.
   * @param plan what an import hangs on
   * @param job its number, where it is begun now and the plan names none: who goes on keeps that of the beginning
   * @returns the number that counts
   * @throws LumiscopeError `document` where it is of another import; `source` where it can't be written
   */
  async begin(plan: Record<string, unknown> & { job?: number | undefined }, job: number): Promise<number> {
    for (const folder of [this.segments, this.#objects])
      await mkdir(folder, { recursive: true }).catch((error: Error) => {
        throw new LumiscopeError('source', `${this.path} can't be made: ${error.message}`);
      });
    const found = await this.#json<Record<string, unknown> & { job: number }>(PLAN);
    if (!found) {
      if ((await readdir(this.segments)).length + (await readdir(this.#objects)).length > 0)
        throw new LumiscopeError('document', `${this.path} has segments or objects, but no ${PLAN}`, {
          hint: 'take another --work folder',
        });
      const begun = { ...plan, job: plan.job ?? job };
      await this.#write(PLAN, begun);
      return begun.job;
    }
    const asked = Object.keys(plan).filter((key) => plan[key] !== undefined);
    const other = asked.find((key) => JSON.stringify(plan[key]) !== JSON.stringify(found[key]));
    if (other !== undefined)
      throw new LumiscopeError(
        'document',
        `${this.path} is the work folder of another import: its ${other} is ${JSON.stringify(found[other])}, not ${JSON.stringify(plan[other])}`,
        { hint: 'take another --work folder, or remove it' },
      );
    return found.job;
  }

  async openSegments(): Promise<Segment[]> {
    const names = (await readdir(this.segments)).filter((name) => name.endsWith('.segment')).sort();
    const segments: Segment[] = [];
    for (const name of names) segments.push(await openSegment(join(this.segments, name)));
    return segments;
  }

  /** What is said of an object that is there. */
  note<Note>(object: number): Promise<Note | undefined> {
    return this.#json(this.#object(object, 'json'));
  }

  /** Keeps an object, then what is said of it. */
  async keep(object: number, bytes: Uint8Array, note: unknown): Promise<void> {
    await writeWhole(join(this.path, this.#object(object, 'parquet')), [bytes]);
    await this.#write(this.#object(object, 'json'), note);
  }

  async bytes(object: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await readFile(join(this.path, this.#object(object, 'parquet'))));
  }

  async isSent(object: number): Promise<boolean> {
    return (await this.#json(this.#object(object, 'sent'))) !== undefined;
  }

  async markSent(object: number): Promise<void> {
    await this.#write(this.#object(object, 'sent'), {});
    await rm(join(this.path, this.#object(object, 'parquet')), { force: true });
  }

  report<Report>(): Promise<Report | undefined> {
    return this.#json(REPORT);
  }

  /** @returns where they lie; undefined where there are none */
  async writeBadLines(lines: readonly string[]): Promise<string | undefined> {
    const path = join(this.path, BAD_LINES);
    await rm(path, { force: true });
    if (lines.length === 0) return undefined;
    await writeWhole(
      path,
      lines.map((line) => Buffer.from(line)),
    );
    return path;
  }

  /** Leaves the report, and the lines that were kept aside. */
  async finish(report: unknown): Promise<void> {
    if (report !== undefined) await this.#write(REPORT, report);
    await rm(this.segments, { recursive: true, force: true });
    await rm(this.#objects, { recursive: true, force: true });
  }

  #object(object: number, what: 'json' | 'parquet' | 'sent'): string {
    return join('objects', `${String(object).padStart(6, '0')}.${what}`);
  }

  #write(name: string, value: unknown): Promise<void> {
    return writeWhole(join(this.path, name), [Buffer.from(JSON.stringify(value))]);
  }

  async #json<Value>(name: string): Promise<Value | undefined> {
    const path = join(this.path, name);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new LumiscopeError('source', `${path} can't be read: ${(error as Error).message}`);
    }
    try {
      return JSON.parse(text) as Value;
    } catch {
      throw new LumiscopeError('format', `${path} is no JSON`, { hint: 'remove the work folder, and begin anew' });
    }
  }
}
