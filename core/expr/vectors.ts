import type { Field, Schema } from '../schema/schema.ts';
import type { Nodes } from './nodes.ts';
import type { Expr } from './typedForm.ts';

/** Spellings of a four-vector's stored components, lower case. */
const SPELLINGS: Record<string, readonly string[]> = {
  pt: ['pt'],
  eta: ['eta'],
  phi: ['phi'],
  mass: ['mass', 'm'],
  px: ['px'],
  py: ['py'],
  pz: ['pz'],
  E: ['e', 'energy'],
};

/** Properties that every four-vector has. */
export const VECTOR_PROPERTIES = ['pt', 'eta', 'phi', 'mass', 'px', 'py', 'pz', 'E', 'rapidity'] as const;
export type VectorProperty = (typeof VECTOR_PROPERTIES)[number];
export const VECTOR_METHODS = ['deltaR', 'deltaphi', 'deltaeta'] as const;
export type VectorMethod = (typeof VECTOR_METHODS)[number];

/** What each of them is, in words. */
export const VECTOR_WORDS: Readonly<Record<VectorProperty | VectorMethod, string>> = {
  pt: 'transverse momentum',
  eta: 'pseudorapidity',
  phi: 'azimuthal angle, in radians',
  mass: 'invariant mass; −√(−m²) where m² is negative',
  px: 'momentum along x',
  py: 'momentum along y',
  pz: 'momentum along z',
  E: 'energy',
  rapidity: 'rapidity, ½ ln((E + pz) / (E − pz))',
  deltaR: 'deltaR(other): √(Δη² + Δφ²) to another four-vector',
  deltaphi: 'deltaphi(other): φ − φ of the other, in [−π, π]',
  deltaeta: 'deltaeta(other): η − η of the other',
};

const isProperty = (name: string): name is VectorProperty => (VECTOR_PROPERTIES as readonly string[]).includes(name);

/** Fields of a collection or record, and how to read one. */
export interface FieldSource {
  fields: readonly Field[];
  read(field: Field): Expr;
}

/** The stored component, whatever its case and spelling. */
function stored(source: FieldSource, component: string): Expr | undefined {
  for (const spelling of SPELLINGS[component]) {
    const field = source.fields.find((candidate) => candidate.name.toLowerCase() === spelling);
    if (field && field.column.type !== 'string' && field.column.type !== 'bool') return source.read(field);
  }
  return undefined;
}

/**
 * Four-vectors of the language, lowered to arithmetic. Formulas are those of ROOT's TLorentzVector; a negative m² gives −√(−m²), as in
 * ROOT and scikit-hep's vector.
 */
export class Vectors {
  private readonly nodes: Nodes;

  constructor(nodes: Nodes) {
    this.nodes = nodes;
  }

  /** The four-vector that fields make, or undefined. A missing mass is 0. */
  fromFields(source: FieldSource): Expr | undefined {
    const get = (component: string) => stored(source, component);
    const [pt, eta, phi] = [get('pt'), get('eta'), get('phi')];
    if (pt && eta && phi) return this.nodes.vector('ptEtaPhiM', [pt, eta, phi, get('mass') ?? this.nodes.float(0)]);
    const [px, py, pz, e] = [get('px'), get('py'), get('pz'), get('E')];
    if (px && py && pz && e) return this.nodes.vector('pxPyPzE', [px, py, pz, e]);
    return undefined;
  }

  /** A four-vector property of something with fields: stored under another spelling, or computed. */
  propertyOfFields(source: FieldSource, name: string): Expr | undefined {
    if (!isProperty(name)) return undefined;
    const direct = name === 'rapidity' ? undefined : stored(source, name);
    if (direct) return this.nodes.toFloat(direct);
    const vector = this.fromFields(source);
    if (!vector) return this.transverse(source, name);
    if (name === 'mass' && vector.op === 'vector' && vector.from === 'ptEtaPhiM') return this.nodes.float(0);
    return this.property(vector, name);
  }

  /** What pt and φ alone tell, or px and py: missing transverse momentum has no more. */
  private transverse(source: FieldSource, name: string): Expr | undefined {
    const n = this.nodes;
    const [pt, phi, px, py] = ['pt', 'phi', 'px', 'py'].map((component) => stored(source, component));
    if (name === 'px' && pt && phi) return n.arith('mul', n.toFloat(pt), n.float1('cos', phi));
    if (name === 'py' && pt && phi) return n.arith('mul', n.toFloat(pt), n.float1('sin', phi));
    if (!px || !py) return undefined;
    const [x, y] = [n.toFloat(px), n.toFloat(py)];
    if (name === 'pt') return n.float1('sqrt', n.arith('add', n.arith('mul', x, x), n.arith('mul', y, y)));
    return name === 'phi' ? n.float2('atan2', y, x) : undefined;
  }

  /** A property of a four-vector in components. */
  property(vector: Expr, name: string): Expr | undefined {
    const n = this.nodes;
    if (!isProperty(name)) return undefined;
    const index = ['px', 'py', 'pz', 'E'].indexOf(name);
    if (index >= 0) return n.component(vector, index as 0 | 1 | 2 | 3);
    return n.share(vector, (v) => {
      const [px, py, pz, e] = ([0, 1, 2, 3] as const).map((i) => n.component(v, i));
      const square = (x: Expr) => n.arith('mul', x, x);
      const pt2 = n.arith('add', square(px), square(py));
      switch (name) {
        case 'pt':
          return n.float1('sqrt', pt2);
        case 'phi':
          return n.float2('atan2', py, px);
        case 'eta':
          // At pz = 0 the formula would give 0/0 for a vector at rest.
          return n.cond(
            n.compare('eq', pz, n.float(0)),
            n.float(0),
            n.float1('asinh', n.arith('div', pz, n.float1('sqrt', pt2))),
          );
        case 'rapidity':
          return n.arith(
            'mul',
            n.float(0.5),
            n.float1('log', n.arith('div', n.arith('add', e, pz), n.arith('sub', e, pz))),
          );
        default:
          return n.share(n.arith('sub', square(e), n.arith('add', pt2, square(pz))), (m2) =>
            n.cond(n.compare('ge', m2, n.float(0)), n.float1('sqrt', m2), n.negative(n.float1('sqrt', n.negative(m2)))),
          );
      }
    });
  }

  /** Δφ in [−π, π]: the difference less the nearest multiple of 2π. */
  deltaPhi(a: Expr, b: Expr): Expr {
    const n = this.nodes;
    const turn = n.float(2 * Math.PI);
    return n.share(n.arith('sub', n.toFloat(a), n.toFloat(b)), (d) =>
      n.arith('sub', d, n.arith('mul', turn, n.float1('round', n.arith('div', d, turn)))),
    );
  }

  /** √(Δη² + Δφ²). */
  deltaR(eta: [Expr, Expr], phi: [Expr, Expr]): Expr {
    const n = this.nodes;
    return n.share(n.arith('sub', n.toFloat(eta[0]), n.toFloat(eta[1])), (dEta) =>
      n.share(this.deltaPhi(phi[0], phi[1]), (dPhi) =>
        n.float1('sqrt', n.arith('add', n.arith('mul', dEta, dEta), n.arith('mul', dPhi, dPhi))),
      ),
    );
  }
}

/** Fields of a collection's item, or of a record where there is no item. */
export function fieldSource(schema: Schema, nodes: Nodes, of: { item: Expr } | { record: string }): FieldSource {
  if ('record' in of) {
    return { fields: schema.records.get(of.record)?.fields ?? [], read: (field) => nodes.column(field.column) };
  }
  const { item } = of;
  const collection = item.type.kind === 'item' ? schema.collections.get(item.type.collection) : undefined;
  return { fields: collection?.fields ?? [], read: (field) => nodes.field(item, field.column) };
}
