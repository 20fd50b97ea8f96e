import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { type ControlMessage, controlMessageSchema } from '../../../core/ingest/controlMessage.ts';

/** What a run kept of a job. */
const workSchema = z.object({
  /** Its number: that of the run that began it. */
  job: z.int().min(0),
  /** What was staged, once all of it was stored. */
  messages: z.array(controlMessageSchema).optional(),
});

export type WorkRecord = z.infer<typeof workSchema>;

/** What a producer keeps of its jobs in a folder, so that who begins again goes on: a small file for each, written whole or not at all. */
export class WorkRecords {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Undefined where there is none, or what is there can't be read. @param subject all that decides what is staged */
  async read(subject: unknown): Promise<WorkRecord | undefined> {
    try {
      return workSchema.parse(JSON.parse(await readFile(this.#path(subject), 'utf8')));
    } catch {
      return undefined;
    }
  }

  async write(subject: unknown, record: { job: number; messages?: readonly ControlMessage[] }): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const path = this.#path(subject);
    const part = `${path}.${randomUUID()}.part`;
    await writeFile(part, JSON.stringify(record));
    await rename(part, path);
  }

  #path(subject: unknown): string {
    const name = createHash('sha256').update(JSON.stringify(subject)).digest('hex').slice(0, 32);
    return join(this.#folder, `job-${name}.json`);
  }
}
