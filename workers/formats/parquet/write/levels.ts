import type { ColumnData } from '../../../../core/schema/column.ts';

/** The entries of some rows of a column: what its pages hold beside the values. */
export interface Levels {
  entries: number;
  /** Of lists: at which depth each entry goes on with the row before it; 0 starts a row. */
  repetition?: Uint8Array;
  /** Of lists and of values that may be missing: how much of each entry is there. */
  definition?: Uint8Array;
  /** Values of these rows, missing ones included: `[begin, end)` of the column's. */
  begin: number;
  end: number;
}

/**
 * Dremel's levels of rows `[from, to)`: a list that is empty is an entry of its own; each level of lists counts one, a value that is
 * there one more where values may be missing.
 * @see https://parquet.apache.org/docs/file-format/nestedencoding/
 */
export function levelsOf(
  column: ColumnData,
  nullable: boolean,
  from: number,
  to: number,
  room: LevelRoom = {},
): Levels {
  const { offsets } = column;
  if (offsets.length === 0) {
    const definition = nullable ? flags(column, from, to) : undefined;
    return { entries: to - from, ...(definition && { definition }), begin: from, end: to };
  }
  return offsets.length === 1
    ? levelsOfLists(column, nullable, from, to, room)
    : levelsOfNested(column, nullable, from, to);
}

/** Memory for the levels of lists, which grows: each call writes over what the one before gave. */
export interface LevelRoom {
  repetition?: Uint8Array;
  definition?: Uint8Array;
}

function filled(room: LevelRoom, name: keyof LevelRoom, length: number, value: number): Uint8Array {
  let own = room[name];
  if (!own || own.length < length) own = new Uint8Array(length);
  room[name] = own;
  return own.fill(value, 0, length);
}

function flags({ valid }: ColumnData, from: number, to: number): Uint8Array {
  return valid ? valid.subarray(from, to) : new Uint8Array(to - from).fill(1);
}

function levelsOfLists(column: ColumnData, nullable: boolean, from: number, to: number, room: LevelRoom): Levels {
  const [offsets] = column.offsets as [Uint32Array];
  const { valid } = column;
  const begin = offsets[from]!;
  const end = offsets[to]!;
  const most = end - begin + to - from;
  const repetition = filled(room, 'repetition', most, 1);
  const definition = filled(room, 'definition', most, nullable ? 2 : 1);
  let entry = 0;
  let item = begin;
  for (let row = from; row < to; row++) {
    const next = offsets[row + 1]!;
    repetition[entry] = 0;
    if (item === next) definition[entry++] = 0;
    else entry += next - item;
    if (nullable && valid) {
      for (let at = entry - (next - item); item < next; item++, at++) if (!valid[item]) definition[at] = 1;
    }
    item = next;
  }
  return { entries: entry, repetition, definition, begin, end };
}

/** Lists within lists, to any depth. */
function levelsOfNested(column: ColumnData, nullable: boolean, from: number, to: number): Levels {
  const { offsets, valid } = column;
  const depth = offsets.length;
  const repetition: number[] = [];
  const definition: number[] = [];
  const visit = (level: number, index: number, first: number) => {
    const begin = offsets[level]![index]!;
    const end = offsets[level]![index + 1]!;
    if (begin === end) {
      repetition.push(first);
      definition.push(level);
      return;
    }
    for (let item = begin; item < end; item++) {
      const starts = item === begin ? first : level + 1;
      if (level + 1 < depth) visit(level + 1, item, starts);
      else {
        repetition.push(starts);
        definition.push(depth + (nullable && (!valid || valid[item]) ? 1 : 0));
      }
    }
  };
  for (let row = from; row < to; row++) visit(0, row, 0);
  const value = (row: number) => offsets.reduce((at, level) => level[at]!, row);
  return {
    entries: repetition.length,
    repetition: Uint8Array.from(repetition),
    definition: Uint8Array.from(definition),
    begin: value(from),
    end: value(to),
  };
}
