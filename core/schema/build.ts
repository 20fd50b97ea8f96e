import type { ColumnInfo } from './column.ts';
import type { Collection, Field, RecordGroup, Reference, Schema } from './schema.ts';

/** Whose conventions a file's names follow; they fix the units. */
type Convention = 'nanoaod' | 'physlite';

const ENERGIES = /^(pt|mass|m|p[xyz]|e|energy|sumet|mp[xy])$/i;
const ANGLES = /^phi$/i;
const LENGTHS: Record<Convention, RegExp> = { nanoaod: /^(dxy|dz|ip3d)(err)?$/i, physlite: /^([dz]0|v[xyz])$/i };
const UNITS = {
  nanoaod: { energy: 'GeV', length: 'cm' },
  physlite: { energy: 'MeV', length: 'mm' },
} as const;

/** The unit of a field, where the documentation of NanoAOD or of ATLAS's xAOD fixes it. */
function unitOf(field: string, convention: Convention): string | undefined {
  if (ENERGIES.test(field)) return UNITS[convention].energy;
  if (LENGTHS[convention].test(field)) return UNITS[convention].length;
  return ANGLES.test(field) ? 'rad' : undefined;
}

interface Split {
  prefix: string;
  field: string;
  convention: Convention;
}

/**
 * `Muon_pt` → `Muon`, `pt`; `Muon.pt` and PHYSLITE's `MuonAuxDyn.pt` likewise; undefined where the name has no prefix.
 * A struct within a struct, `MET.sig.xx`, is the field `sig_xx`: a field is one name.
 */
function splitName(name: string, known: ReadonlySet<string>): Split | undefined {
  const dot = name.indexOf('.');
  if (dot > 0 && dot < name.length - 1) {
    const [prefix, field] = [name.slice(0, dot), name.slice(dot + 1).replaceAll('.', '_')];
    const store = /^(.+)Aux(Dyn)?$/.exec(prefix);
    return store ? { prefix: store[1], field, convention: 'physlite' } : { prefix, field, convention: 'nanoaod' };
  }
  const at = (place: number): Split => ({
    prefix: name.slice(0, place),
    field: name.slice(place + 1),
    convention: 'nanoaod',
  });
  // A declared collection (`nFoo_bar` counts `Foo_bar`) wins over the first underscore, the longest one first.
  for (let place = name.lastIndexOf('_'); place > 0; place = name.lastIndexOf('_', place - 1)) {
    if (known.has(name.slice(0, place)) && place < name.length - 1) return at(place);
  }
  const first = name.indexOf('_');
  return first > 0 && first < name.length - 1 ? at(first) : undefined;
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
 * with dots and give the same, and so do PHYSLITE's `AnalysisMuonsAuxDyn.pt` → `AnalysisMuons.pt`. Only columns with at most one level of lists become fields.
 */
export function buildSchema(columns: readonly ColumnInfo[]): Schema {
  const collections = new Map<string, Collection>();
  const records = new Map<string, RecordGroup>();
  const byName = new Map(columns.map((column) => [column.name, column]));
  const counted = new Set<string>();
  // uproot gives each list a counter of its own, `nMuon_pt` of `Muon_pt`: that makes no collection `Muon_pt`.
  const ownCounters = new Set<ColumnInfo>();
  for (const column of columns) {
    const { name, depth, type } = column;
    if (depth !== 0 || !/^n./.test(name) || !/int/.test(type)) continue;
    if (name.indexOf('_') > 1 && byName.get(name.slice(1))?.depth === 1) ownCounters.add(column);
    else counted.add(name.slice(1));
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
  const split = (column: ColumnInfo): { prefix: string; field: Field } | undefined => {
    const parts = splitName(column.name, counted);
    return (
      parts && {
        prefix: parts.prefix,
        field: { name: parts.field, column, unit: column.unit ?? unitOf(parts.field, parts.convention) },
      }
    );
  };
  for (const column of columns.filter(({ depth }) => depth === 1)) {
    const parts = counted.has(column.name) ? undefined : split(column);
    if (parts) collection(parts.prefix).fields.push(parts.field);
    else collection(column.name).self = column;
  }
  const counters = new Set([...collections.values()].map(({ count }) => count));
  for (const column of columns.filter(({ depth }) => depth === 0)) {
    const parts = counters.has(column) || ownCounters.has(column) ? undefined : split(column);
    if (!parts) continue;
    const record = records.get(parts.prefix) ?? { name: parts.prefix, fields: [] };
    record.fields.push(parts.field);
    records.set(parts.prefix, record);
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
