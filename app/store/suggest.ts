/**
 * A sensible histogram of a column, from its name, its type and what the file says of its values: what a click in
 * the schema tree adds, and what a file without a document starts with.
 */
import type { AxisSpec } from '../../core/analysis/document.ts';
import type { ColumnInfo } from '../../core/schema/column.ts';
import type { Collection, Field, Schema } from '../../core/schema/schema.ts';
import { binsFor, misses, type ValueRange } from './columnRange.ts';

/** A histogram to add to a document. */
export interface Suggestion {
  name: string;
  axis: AxisSpec;
}

const GREEK: Record<string, string> = { eta: 'η', phi: 'φ', mass: 'm', pt: 'pT', rapidity: 'y' };

/** By field name: bins, range and, for the label, what it is. The first match counts. */
const KNOWN: [RegExp, Partial<AxisSpec>][] = [
  [/(^|_)(pt|p_t)$/i, { bins: 100, range: [0, 200] }],
  [/^(sumet|ht|scalarht)$/i, { bins: 100, range: [0, 1000] }],
  [/(^|_)(eta|rapidity|y)$/i, { bins: 60, range: [-3, 3] }],
  [/(^|_)phi$/i, { bins: 64, range: [-Math.PI, Math.PI] }],
  [/(^|_)(mass|m)$/i, { bins: 100, range: [0, 200] }],
  [/(^|_)(p[xyz])$/i, { bins: 100, range: [-200, 200] }],
  [/(^|_)(e|energy)$/i, { bins: 100, range: [0, 500] }],
  [/charge$/i, { categories: [-1, 1] }],
  [/pdgid$/i, { bins: 61, range: [-30.5, 30.5] }],
  [/(iso|reliso)/i, { bins: 100, range: [0, 1] }],
  [/(btag|deepb|score|mva|disc|probability|prob$|qgl|csv)/i, { bins: 100, range: [0, 1] }],
  [/^(dxy|d0)$/i, { bins: 100, range: [-0.1, 0.1] }],
  [/^(dz|z0)$/i, { bins: 100, range: [-0.2, 0.2] }],
  [/err$/i, { bins: 100, range: [0, 0.1] }],
  [/(npvs|npv|pileup)/i, { bins: 80, range: [-0.5, 79.5] }],
  [/idx/i, { bins: 21, range: [-1.5, 19.5] }],
  [/weight$/i, { bins: 100, range: [-2, 2] }],
];

/** The axis that suits a field. PHYSLITE's MeV get ranges a thousand times as wide. */
export function suggestAxis(
  expression: string,
  field: string,
  column: ColumnInfo,
  unit?: string,
  values?: ValueRange,
): AxisSpec {
  const label = GREEK[field.toLowerCase()];
  const shown = label ? { label: labelled(expression, label) } : {};
  if (column.type === 'bool') return { value: expression, boolean: true, ...shown };
  const known = KNOWN.find(([pattern]) => pattern.test(field))?.[1];
  const rest = { ...shown, ...(unit ? { unit } : {}) };
  if (known?.categories && !column.type.startsWith('float'))
    return { value: expression, categories: known.categories, ...rest };
  if (known?.range) {
    const scale = unit === 'MeV' ? 1000 : 1;
    const range: [number, number] = [known.range[0] * scale, known.range[1] * scale];
    if (!values || !misses(values, range)) return { value: expression, bins: known.bins, range, ...rest };
  }
  if (values) return { value: expression, ...binsFor(values, isInteger(column)), ...rest };
  if (isInteger(column)) return { value: expression, bins: 21, range: [-0.5, 20.5], ...rest };
  return { value: expression, bins: 100, range: [0, 100], ...rest };
}

/** A histogram of one column, under a name that is not taken. */
export function suggestHistogram(
  expression: string,
  field: string,
  column: ColumnInfo,
  unit: string | undefined,
  taken: readonly string[],
  values?: ValueRange,
): Suggestion {
  const stem = expression.replace(/[^\p{L}\p{N}_]+/gu, '_').replace(/^_+|_+$/g, '') || 'histogram';
  let name = stem;
  for (let i = 2; taken.includes(name); i++) name = `${stem}_${i}`;
  return { name, axis: suggestAxis(expression, field, column, unit, values) };
}

/** Up to four histograms that show what a file is about: the first collection of leptons or jets, and MET. */
export function suggestFirst(schema: Schema, rangeOf: (column: string) => ValueRange | undefined): Suggestion[] {
  const suggestions: Suggestion[] = [];
  const taken = () => suggestions.map((s) => s.name);
  const add = (expression: string, { name, column, unit }: Field) =>
    suggestions.push(suggestHistogram(expression, name, column, unit, taken(), rangeOf(column.name)));
  /** A stored component, or one that the language makes of Cartesian ones. */
  const addMomentum = ({ name: owner, fields }: { name: string; fields: readonly Field[] }, name: string) => {
    const fieldOf = (...names: string[]) => fields.find((f) => names.includes(f.name.toLowerCase()));
    const stored = fieldOf(name);
    if (stored) return add(`${owner}.${stored.name}`, stored);
    const px = fieldOf('px');
    if (!px || !fieldOf('py') || (name === 'eta' && !(fieldOf('pz') && fieldOf('e', 'energy')))) return;
    suggestions.push(
      suggestHistogram(`${owner}.${name}`, name, px.column, name === 'pt' ? px.unit : undefined, taken()),
    );
  };
  const collection = mainCollection(schema);
  if (collection) {
    const many: AxisSpec = {
      value: `len(${collection.name})`,
      bins: 11,
      range: [-0.5, 10.5],
      label: `N(${collection.name})`,
    };
    suggestions.push({ name: `n_${collection.name}`.replace(/\W+/g, '_'), axis: many });
    for (const name of ['pt', 'eta']) addMomentum(collection, name);
  }
  const met = [...schema.records.values()].find((r) => /^(PuppiMET|MET|MissingET)/i.test(r.name));
  const sum = met?.fields.find((f) => /^met$/i.test(f.name));
  if (met && sum) add(`${met.name}.${sum.name}`, sum);
  else if (met) addMomentum(met, 'pt');
  if (suggestions.length === 0) {
    for (const column of [...schema.columns.values()].filter((c) => c.depth === 0 && c.type !== 'string').slice(0, 3))
      suggestions.push(suggestHistogram(column.name, column.name, column, undefined, taken(), rangeOf(column.name)));
  }
  return suggestions;
}

function mainCollection(schema: Schema): Collection | undefined {
  const all = [...schema.collections.values()].filter((c) => c.fields.length > 0);
  for (const pattern of [/^Muon$/i, /^Electron$/i, /muon/i, /electron/i, /^jet$/i, /jet/i, /tau|photon/i]) {
    const found = all.find((c) => pattern.test(c.name));
    if (found) return found;
  }
  return all[0];
}

function labelled(expression: string, symbol: string): string {
  const owner = expression.split('.')[0];
  return owner && owner !== expression ? `${owner} ${symbol}` : symbol;
}

function isInteger(column: ColumnInfo): boolean {
  return /int/.test(column.type);
}
