import type * as z from 'zod';
import { LumiscopeError } from '../core/errors.ts';

export const jsonBytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** @throws LumiscopeError `format` where it is not what the schema says, with the path of the object */
export function parseJson<T>(schema: z.ZodType<T>, bytes: Uint8Array, path: string): T {
  let found: unknown;
  try {
    found = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw damaged(path, 'is no JSON', cause);
  }
  const result = schema.safeParse(found);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw damaged(path, `is damaged: ${issue?.path.join('.')} ${issue?.message}`, result.error);
}

function damaged(path: string, what: string, cause: unknown): LumiscopeError {
  return new LumiscopeError('format', `${path} ${what}`, {
    hint: 'something else wrote there: put it right, or delete it',
    place: { file: path },
    cause,
  });
}
