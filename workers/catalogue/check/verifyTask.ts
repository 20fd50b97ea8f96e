import type { CatalogueObject } from '../../../core/catalogue/manifest.ts';
import { type PlainError, toPlain } from '../../../core/errors.ts';
import { readObject } from '../read/readTable.ts';
import type { TaskContext } from '../taskContext.ts';

export interface VerifyInput {
  folder: string;
  object: CatalogueObject;
}

/** Reads an object and holds it against its checksum. @returns what is wrong with it, if something is */
export async function run(
  context: TaskContext,
  { folder, object }: VerifyInput,
  signal: AbortSignal,
): Promise<PlainError | undefined> {
  try {
    await readObject(await context.object(folder, object), object, signal);
    return undefined;
  } catch (error) {
    if (signal.aborted) throw error;
    return toPlain(error);
  }
}
