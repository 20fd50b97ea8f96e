import { LumiscopeError } from '../../core/errors.ts';

/** Two columns of a collection that don't have the same items. */
export function otherItems(column: string, collection: string): LumiscopeError {
  return new LumiscopeError('format', `${column} does not have as many items as ${collection}`, {
    hint: `leave the column out, or keep all items of ${collection}`,
    place: { column },
  });
}
