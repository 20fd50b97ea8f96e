import type { ColumnInfo } from './column.ts';
import type { Collection, Field, RecordGroup, Reference, Schema } from './schema.ts';

/** Fields whose unit NanoAOD fixes (in its documentation): momenta, masses and energies are in GeV. */
const GEV_FIELDS = /^(pt|mass|m|p[xyz]|e|energy|sumet|metsig.*pt)$/i;
const RADIAN_FIELDS = /^phi$/i;
const CENTIMETRE_FIELDS = /^(dxy|dz|ip3d)(err)?$/i;

function unitOf(field: string): string | undefined {
  if (GEV_FIELDS.test(field)) return 'GeV';
  if (RADIAN_FIELDS.test(field)) return 'rad';
  if (CENTIMETRE_FIELDS.test(field)) return 'cm';
  return undefined;
}

/** `Muon_pt` → `['Muon', 'pt']`, `Muon.pt` likewise; undefined where the name has no prefix. */
function splitName(name: string, known: ReadonlySet<string>): [string, string] | undefined {
  const dot = name.indexOf('.');
  if (dot > 0 && dot < name.length - 1) return [name.slice(0, dot), name.slice(dot + 1)];
  // A declared collection (`nFoo_bar` counts `Foo_bar`) wins over the first underscore, the longest one first.
  for (let at = name.lastIndexOf('_'); at > 0; at = name.lastIndexOf('_', at - 1)) {
    if (known.has(name.slice(0, at)) && at < name.length - 1) return [name.slice(0, at), name.slice(at + 1)];
  }
  const first = name.indexOf('_');
  return first > 0 && first < name.length - 1 ? [name.slice(0, first), name.slice(first + 1)] : undefined;
}

/** `jetIdx` → `jet` into Jet; `muonIdx1` → `muon1` into Muon; `genPartIdxMother` → `genPartMother` into GenPart. */
function referenceOf(field: Field, collections: ReadonlyMap<string, string>): Reference | undefined {
  if (!/int/.test(field.column.type)) return undefined;
  const match = /^(.+?)Idx(.*)$/.exec(field.name);
  const target = match && collections.get(match[1].toLowerCase());
  return target ? { name: match[1] + match[2], target, column: field.column } : undefined;
}

/**
 * Turns column names into collections, records and references (DESIGN section 3): `nMuon`, `Muon_pt` → collection
 * `Muon` with `pt`; `MET_pt` → `MET.pt`; `Muon_jetIdx` → `Muon.jet`. Names of structs and lists of structs come
 * with dots and give the same. Only columns with at most one level of lists become fields.
 */
export function buildSchema(columns: readonly ColumnInfo[]): Schema {
  const collections = new Map<string, Collection>();
  const records = new Map<string, RecordGroup>();
  const byName = new Map(columns.map((column) => [column.name, column]));
  const counted = new Set<string>();
  for (const { name, depth, type } of columns) {
    if (depth === 0 && /^n./.test(name) && /int/.test(type)) counted.add(name.slice(1));
  }
  const collection = (name: string): Collection => {
    let found = collections.get(name);
    if (!found) {
      const count = byName.get(`n${name}`);
      found = {
        name,
        fields: [],
        references: [],
        count: count?.depth === 0 && !count.nullable && /int/.test(count.type) ? count : undefined,
      };
      collections.set(name, found);
    }
    return found;
  };
  for (const column of columns) {
    if (column.depth > 1) continue;
    const split = splitName(column.name, counted);
    if (column.depth === 1) {
      if (counted.has(column.name) || !split) collection(column.name).self = column;
      else collection(split[0]).fields.push({ name: split[1], column, unit: unitOf(split[1]) });
    } else if (split) {
      const [name, field] = split;
      const record = records.get(name) ?? { name, fields: [] };
      record.fields.push({ name: field, column, unit: unitOf(field) });
      records.set(name, record);
    }
  }
  const byLowerName = new Map([...collections.keys()].map((name) => [name.toLowerCase(), name]));
  for (const found of collections.values()) {
    for (const field of found.fields) {
      const reference = referenceOf(field, byLowerName);
      if (reference && !found.fields.some((other) => other.name === reference.name)) found.references.push(reference);
    }
  }
  return { collections, records, columns: byName };
}
