/** The tree of fields as flat columns: each leaf that can be read, and the way to its values. */
import type { ColumnInfo, ValueType } from '../../../../core/schema/column.ts';
import { COLUMN_TYPES, CPP_TYPES } from './columnTypes.ts';
import { type ColumnRecord, type Description, type FieldRecord, ROLE } from './description.ts';

/** A physical column by its number, in each representation of its field; in a cluster one of them is there. */
export type Stored = readonly number[];

/** What stands around values, from the event inwards. */
export type Level =
  /** Lists, or optional values (lists of one item or none), by where each ends. */
  { kind: 'list' | 'optional'; ends: Stored } | { kind: 'array'; size: number };

export type Leaf =
  | { kind: 'values'; values: Stored }
  /** The lengths of lists, as values. */
  | { kind: 'count'; ends: Stored }
  | { kind: 'text'; ends: Stored; characters: Stored };

export interface NTupleColumn {
  info: ColumnInfo;
  levels: readonly Level[];
  leaf: Leaf;
}

export interface ColumnList {
  columns: NTupleColumn[];
  unsupported: { name: string; reason: string }[];
}

/** Deeper lists and structs can only be made to hurt. */
const MOST_LEVELS = 16;
const MOST_NESTING = 64;
const OPTIONAL = /^std::(optional|unique_ptr)</;
const CARDINALITY = /^ROOT::RNTupleCardinality<(.*)>$/;
const MAP = /^std::(unordered_)?(multi)?map</;
/** Where ROOT's importer puts the branches of a TTree that share a counter; the names of the tree are projections of it. */
const IMPORTED = /^_collection\d+$/;

/** What children of a field have before them. */
interface Place {
  /** Names of structs, joined by dots; base classes are left out. */
  path: string;
  /** The same with base classes. */
  fullPath: string;
  levels: readonly Level[];
  /** Fields around it. */
  nesting: number;
  /** The field's children carry no names of their own: items of a collection, the number of an enum. */
  nameless: boolean;
  /** They are `_0` and `_1` of a map's pairs. */
  pairs: boolean;
  /** Data of a field at the top that is hidden where other fields show it. */
  imported: boolean;
  /** Nothing of the field is read: it is listed already. */
  refused: boolean;
}

/** A column of lists, strings, numbers … : what `describe` found out about a leaf. */
interface Found {
  leaf: Leaf;
  type: ValueType;
}

class Refusal extends Error {}

/**
 * Names are those of C++ members, with dots: `Muon.pt` of a struct or a collection of structs; members of base classes as if they were the
 * class's own. ATLAS's `AnalysisMuonsAuxDyn:pt` is `AnalysisMuonsAuxDyn.pt`, as in its trees.
 */
export function columnsOf({ fields, columns, aliases }: Description): ColumnList {
  const list: ColumnList = { columns: [], unsupported: [] };
  const names = new Set<string>();
  const stored = storedColumns(fields, columns, aliases);
  const shown = new Set(aliases.map(({ column }) => column));
  const children = new Set(fields.flatMap(({ parent }, id) => (parent === id ? [] : [parent])));
  const places: Place[] = [];
  fields.forEach((field, id) => {
    const place = placeOf(field, id, places);
    places.push(place);
    if (place.refused) return;
    try {
      const found = describe(field, place, stored[id]!, columns, children.has(id));
      if (found && !(place.imported && holders(found.leaf).every((column) => shown.has(column)))) emit(found, place);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      list.unsupported.push({ name: place.path, reason: error.message });
      place.refused = true;
    }
  });
  return list;

  function emit({ leaf, type }: Found, { path, fullPath, levels }: Place): void {
    // Two base classes may have members of one name.
    const name = names.has(path) ? fullPath : path;
    if (names.has(name)) throw new Refusal('another column has this name');
    names.add(name);
    const inner = levels.findLastIndex(({ kind }) => kind !== 'optional');
    const info: ColumnInfo = {
      ...{ name, type },
      depth: levels.filter(({ kind }) => kind !== 'optional').length,
      // A missing list is an empty one.
      nullable: inner < levels.length - 1,
    };
    list.columns.push({ info, levels, leaf });
  }
}

/** By field: its columns, each in all representations. Projected fields have those that their aliases stand for. */
function storedColumns(
  fields: readonly FieldRecord[],
  columns: readonly ColumnRecord[],
  aliases: Description['aliases'],
): Stored[][] {
  const byRepresentation = fields.map((): number[][] => []);
  const add = (field: number, column: number) => {
    const { representation } = columns[column]!;
    const of = byRepresentation[field]!;
    const before = of[representation];
    if (before) before.push(column);
    else of[representation] = [column];
  };
  columns.forEach(({ field }, column) => {
    add(field, column);
  });
  for (const { field, column } of aliases) add(field, column);
  return byRepresentation.map((representations) => {
    const all = representations.filter((one) => one !== undefined);
    return (all[0] ?? []).map((_, place) => all.flatMap((one) => one[place] ?? []));
  });
}

function placeOf({ parent, name, type, role }: FieldRecord, id: number, places: readonly Place[]): Place {
  const above = parent === id ? undefined : places[parent]!;
  const own = above?.pairs && /^_[01]$/.test(name) ? ['key', 'value'][Number(name[1])]! : name;
  const base = above !== undefined && /^:_\d+$/.test(name);
  const joined = (path: string, part: string) => (path === '' ? part : `${path}.${part}`);
  const plain = own.replace(/:$/, '').replaceAll(':', '.');
  const named = !(above?.nameless || base);
  return {
    path: named ? joined(above?.path ?? '', plain) : above!.path,
    fullPath: named ? joined(above?.fullPath ?? '', plain) : base ? joined(above.fullPath, type) : above!.fullPath,
    levels: above?.levels ?? [],
    nesting: above ? above.nesting + 1 : 0,
    nameless: role !== ROLE.record,
    pairs: MAP.test(type) || (above?.pairs === true && above.nameless),
    imported: above ? above.imported : IMPORTED.test(name),
    refused: above?.refused ?? false,
  };
}

/**
 * What a field is; levels that it adds for its children are put into its place.
 * @returns undefined where the children hold the values
 * @throws Refusal
 */
function describe(
  { version, role, type, repetition, name }: FieldRecord,
  place: Place,
  stored: Stored[],
  columns: readonly ColumnRecord[],
  parental: boolean,
): Found | undefined {
  const record = (column: number) => columns[column]!;
  const ends = (of: Stored): Stored => {
    if (native(of, columns) !== 'index') throw new Refusal('its lists are stored in a way that is not known');
    return of;
  };
  const wrap = (level: Level) => {
    place.levels = [...place.levels, level];
    if (place.levels.length > MOST_LEVELS) throw new Refusal(`more than ${MOST_LEVELS} levels of lists`);
  };
  if (place.nesting > MOST_NESTING) throw new Refusal(`more than ${MOST_NESTING} structs in one another`);
  if (version !== 0) throw new Refusal(`the field has version ${version}, of a newer writer`);
  if (role === ROLE.variant) throw new Refusal('variants (a value of one of several types) are not supported');
  if (role === ROLE.streamer) throw new Refusal(`objects of ${type} are stored as ROOT's streamer writes them`);
  if (role > ROLE.streamer) throw new Refusal('the kind of field is not known to this version');
  if (repetition !== undefined) wrap({ kind: 'array', size: repetition });
  if (role === ROLE.collection) {
    if (stored.length !== 1) throw new Refusal(`a collection with ${stored.length} columns`);
    wrap({ kind: OPTIONAL.test(type) ? 'optional' : 'list', ends: ends(stored[0]!) });
    if (!parental) throw new Refusal('a collection of nothing');
    return undefined;
  }
  if (role === ROLE.record || (stored.length === 0 && parental)) {
    if (!parental && !name.startsWith(':_')) throw new Refusal('a struct without members');
    return undefined;
  }
  if (stored.length === 0) throw new Refusal('a field without values');
  const count = CARDINALITY.exec(type);
  if (count) {
    const counted = count[1] === 'std::uint64_t' ? 'uint64' : 'uint32';
    return { leaf: { kind: 'count', ends: ends(stored[0]!) }, type: counted };
  }
  if (type === 'std::string' && stored.length === 2) {
    const [lengths, characters] = stored as [Stored, Stored];
    if (characters.some((column) => record(column).bits !== 8)) throw new Refusal('a text of unknown characters');
    return { leaf: { kind: 'text', ends: ends(lengths), characters }, type: 'string' };
  }
  if (stored.length !== 1) throw new Refusal(`the type ${type} is not known to this version`);
  const values = stored[0]!;
  const kind = native(values, columns);
  const numbers = CPP_TYPES[type] ?? (kind === 'index' || kind === 'switch' ? undefined : kind);
  if (!numbers || kind === 'index' || kind === 'switch')
    throw new Refusal(`the type ${type} is not known to this version`);
  return { leaf: { kind: 'values', values }, type: numbers };
}

/** What a column's elements are; representations need not agree but in being numbers. */
function native(stored: Stored, columns: readonly ColumnRecord[]) {
  const natives = stored.map((column) => {
    const { type, bits, range } = columns[column]!;
    const known = COLUMN_TYPES[type];
    if (!known) throw new Refusal(`a column of type ${type}, which is not known to this version`);
    if (bits < known.bits[0] || bits > known.bits[1]) throw new Refusal(`a ${known.name} column of ${bits} bits`);
    if (known.name === 'Real32Quant' && !range) throw new Refusal('a Real32Quant column without its range');
    return known.native;
  });
  const special = natives.find((one) => one === 'index' || one === 'switch');
  if (special && natives.some((one) => one !== special))
    throw new Refusal('representations that have nothing in common');
  return natives[0]!;
}

/** Physical columns that hold a leaf's own data. */
function holders(leaf: Leaf): number[] {
  return leaf.kind === 'values' ? [...leaf.values] : leaf.kind === 'text' ? [...leaf.characters] : [...leaf.ends];
}

/** All physical columns that reading a column may take. */
export function storedOf({ levels, leaf }: NTupleColumn): Stored[] {
  const around = levels.flatMap((level) => (level.kind === 'array' ? [] : [level.ends]));
  if (leaf.kind === 'text') return [...around, leaf.ends, leaf.characters];
  return [...around, leaf.kind === 'values' ? leaf.values : leaf.ends];
}
