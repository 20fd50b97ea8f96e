/** What the text generator knows of what it writes: types, and where a value may stand. */
import type { ColumnInfo } from '../../../core/schema/column.ts';
import type { Schema } from '../../../core/schema/schema.ts';
import type { Draw } from './draw.ts';

export type Kind = 'bool' | 'int' | 'uint' | 'float' | 'string';

/** What an item of a list is. */
export type ItemType =
  | { is: 'item'; collection: string }
  | { is: 'tuple'; parts: ItemType[] }
  | { is: 'union'; parts: ItemType[] }
  | { is: 'vector' }
  | { is: 'scalar'; kind: Kind };

/** A list as text. `size` is about as many items as it may have. */
export interface ListText {
  text: string;
  item: ItemType;
  size: number;
  /** Written out, such as `[1, 2]`: a histogram can't be filled per item of it. */
  literal?: true;
}

/** One item as text: a loop variable, `Muon[0]`, or a collection that broadcasts. */
export interface ItemText {
  text: string;
  item: ItemType;
}

/** A number as text, with the type that the checker will find. */
export interface NumberText {
  text: string;
  kind: 'bool' | 'int' | 'uint' | 'float';
}

/** Where a value stands: the variables in scope, and the list whose items it is written for, if any. */
export interface Place {
  variables: ItemText[];
  over?: ListText;
}

/** A definition that later expressions may use. */
export type Definition =
  | { is: 'list'; name: string; list: ListText }
  | { is: 'number'; name: string; number: NumberText }
  | { is: 'condition'; name: string };

/** What the writer of lists needs of the writer of values: they call one another. */
export interface Writer {
  readonly draw: Draw;
  readonly schema: Schema;
  readonly definitions: Definition[];
  newName(place: Place): string;
  bind(place: Place, name: string, item: ItemType): Place;
  deeper(depth: number): boolean;
  items(place: Place): ItemText[];
  list(place: Place, depth: number): ListText;
  number(place: Place, depth: number): NumberText;
  integer(place: Place, depth: number): NumberText;
  condition(place: Place, depth: number): string;
  vector(place: Place, depth: number): string | undefined;
  key(list: ListText, place: Place, depth: number): string;
  perItem(list: ListText, place: Place, depth: number): string;
  mask(list: ListText, place: Place, depth: number): string;
}

export const sameItemType = (a: ItemType, b: ItemType): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The type that an expression reads from a column. */
export function kindOf(column: ColumnInfo): Kind {
  if (column.type === 'bool' || column.type === 'string') return column.type;
  if (column.type === 'uint64') return 'uint';
  return column.type.startsWith('float') ? 'float' : 'int';
}

const has = (schema: Schema, collection: string, ...names: string[]): boolean =>
  names.every((name) => schema.collections.get(collection)?.fields.some((field) => field.name.toLowerCase() === name));

/** Whether `is` can compare it: an item, or made of nothing but items. */
export function hasIdentity(item: ItemType): boolean {
  if (item.is === 'tuple' || item.is === 'union') return item.parts.every(hasIdentity);
  return item.is === 'item';
}

/** Whether an item is a four-vector. */
export function isVector(schema: Schema, item: ItemType): boolean {
  switch (item.is) {
    case 'vector':
      return true;
    case 'item':
      return (
        has(schema, item.collection, 'pt', 'eta', 'phi') || has(schema, item.collection, 'px', 'py', 'pz', 'energy')
      );
    case 'union':
      return item.parts.every((part) => isVector(schema, part));
    default:
      return false;
  }
}

/** Fields of an item that are single values, with their kinds. */
export function scalarFields(schema: Schema, item: ItemType): { name: string; kind: Kind }[] {
  switch (item.is) {
    case 'item':
      return (schema.collections.get(item.collection)?.fields ?? []).map(({ name, column }) => ({
        name,
        kind: kindOf(column),
      }));
    case 'union': {
      const [first, ...others] = item.parts.map((part) => scalarFields(schema, part));
      return first!.flatMap(({ name, kind }) => {
        const kinds = [kind, ...others.map((fields) => fields.find((field) => field.name === name)?.kind)];
        const joint = jointKind(kinds);
        return joint ? [{ name, kind: joint }] : [];
      });
    }
    default:
      return [];
  }
}

/** One kind for the parts of a concatenation; undefined where there is none. */
function jointKind(kinds: (Kind | undefined)[]): Kind | undefined {
  const distinct = new Set(kinds);
  if (distinct.size === 1) return kinds[0];
  if ([...distinct].some((kind) => kind === undefined || kind === 'bool' || kind === 'string')) return undefined;
  return distinct.has('float') ? 'float' : 'int';
}

/** Parts and references of an item that are items themselves. */
export function itemFields(schema: Schema, item: ItemType): { name: string; item: ItemType }[] {
  switch (item.is) {
    case 'item':
      return (schema.collections.get(item.collection)?.references ?? []).map(({ name, target }) => ({
        name,
        item: { is: 'item', collection: target },
      }));
    case 'tuple':
      return item.parts.map((part, k) => ({ name: 'abcdef'[k]!, item: part }));
    default:
      return [];
  }
}
