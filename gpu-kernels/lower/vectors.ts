import type { Expr } from '../../core/expr/typedForm.ts';
import { load } from './columns.ts';
import type { Generator } from './generator.ts';
import { bothValid, num, whereValid } from './held.ts';
import type { Held } from './slots.ts';

type Of<Op extends Expr['op']> = Extract<Expr, { op: Op }>;

/** What `polar` calls of the number library. */
export const POLAR_NEEDS = [
  ...['num_add', 'num_mul', 'num_sqrt', 'num_abs', 'num_lt', 'chosen', 'within_ulps'],
  ...['turned', 'stretched', 'stretch', 'wave', 'scaled'],
];

/**
 * A four-vector from pt, η, φ, m: the operations and their order are the typed form's. Loops, since compilers put every function's text wherever it is
 * called: one `wave` gives cos φ, sin φ and the two parts of sinh η. Without branches, which take compilers longer still.
 */
export const POLAR = `struct Vector { px: Num, py: Num, pz: Num, e: Num }
fn polar(pt: Num, eta: Num, phi: Num, m: Num) -> Vector {
  let turn = turned(phi);
  let rise = stretched(eta);
  var px = Num();
  var py = Num();
  var pz = Num();
  for (var k = 0; k < 4; k++) {
    let flat = k < 2;
    let quarters = turn.steps + 1 - k;
    let odd = select(k == 2, (quarters & 1) == 0, flat);
    let signed_pt = scaled(pt, select(1.0, -1.0, (quarters & 2) != 0));
    let factor = chosen(stretch(rise.steps, select(-1.0, 1.0, odd)), signed_pt, flat);
    let part = Reduced(select(rise.r, turn.r, flat), select(rise.err, turn.err, flat), 0);
    let found = num_mul(wave(part, odd, select(-1.0, 1.0, flat)), factor);
    px = chosen(px, found, k == 0);
    py = chosen(py, found, k == 1);
    pz = chosen(num_add(pz, found), Num(), flat);
  }
  pz = num_mul(pt, within_ulps(pz));
  var e2 = Num();
  for (var k = 0; k < 4; k++) {
    let a = chosen(chosen(px, py, k == 1), chosen(pz, m, k == 3), k > 1);
    e2 = num_add(e2, num_mul(a, chosen(a, num_abs(a), k == 3)));
  }
  return Vector(px, py, pz, num_sqrt(chosen(e2, Num(), num_lt(e2, Num()))));
}`;

/** Items whose four-vectors a table keeps; those of more are worked out again and again. */
const TABLE_ITEMS = 16;
const VECTOR_WORDS = 12;

export function emitVector(g: Generator, expr: Of<'vector'>): Held {
  const kept = expr.from === 'ptEtaPhiM' && g.loops > 1 ? fromTable(g, expr) : undefined;
  if (kept) return kept;
  const parts = expr.parts.map((part) => g.value(part));
  const valid = bothValid(g, ...parts);
  if (expr.from === 'pxPyPzE') return { slots: parts.map((part) => part.slots[0]), valid };
  const compute = () => components(g, g.fn('polar', ...parts.map((part) => num(g, part.slots[0]))));
  return { ...whereValid(g, valid, expr.type, false, compute), valid };
}

function components(g: Generator, call: string): Held {
  const vector = g.code.hold(call);
  return { slots: ['px', 'py', 'pz', 'e'].map((name) => ({ kind: 'num', text: `${vector}.${name}` })) };
}

type Field = Extract<Expr, { op: 'field' }>;

/**
 * Nested loops ask for the four-vector of the same item again and again: where it is made of a collection's own columns, a table keeps it
 * for the event.
 */
function fromTable(g: Generator, expr: Of<'vector'>): Held | undefined {
  const fields = expr.parts.map((part) => (part.op === 'toFloat' ? part.a : part));
  const [{ op, item }] = fields as [Field];
  if (op !== 'field' || item.optional) return undefined;
  const isOwn = (field: Expr) => field.op === 'field' && field.item === item && !g.shape(field.column).nullable;
  if (!fields.every((field, k) => isOwn(field) || (k === 3 && field.op === 'const' && field.value === 0)))
    return undefined;
  const { collection } = item.type as Extract<typeof item.type, { kind: 'item' }>;
  const name = g.vectorTable(
    JSON.stringify(fields.map((field) => (field.op === 'field' ? field.column : ''))),
    TABLE_ITEMS * VECTOR_WORDS,
    (table) => tableText(g, table, fields),
  );
  return name === undefined
    ? undefined
    : components(g, `${name}(${g.extent(collection).first}, ${g.value(item).slots[0].text})`);
}
function tableText(g: Generator, table: string, fields: readonly Expr[]): string {
  const body = g.apart(() => {
    const { code } = g;
    code.line(`let bit = select(0u, 1u << (i & 31u), i < ${TABLE_ITEMS}u);`);
    code.line(`if ((${table}_has & bit) != 0u) { return ${table}_rows[i]; }`);
    const parts = fields.map((field) => {
      if (field.op !== 'field') return 'Num()';
      const [slot] = load(g, field.column, 'first + i').slots;
      return slot.kind === 'int' ? g.fn('num_from_int', slot.text) : num(g, slot);
    });
    code.line(`let vector = ${g.fn('polar', ...parts)};`);
    code.line(`if (bit != 0u) { ${table}_rows[i] = vector; ${table}_has |= bit; }`);
    code.line('return vector;');
  });
  return `var<private> ${table}_rows: array<Vector, ${TABLE_ITEMS}>;
var<private> ${table}_has: u32;
fn ${table}(first: u32, i: u32) -> Vector {
${body}
}`;
}

export function emitVectorArith(g: Generator, expr: Of<'vectorArith'>): Held {
  const [a, b] = [g.value(expr.a), g.value(expr.b)];
  return {
    slots: a.slots.map((slot, k) => ({
      kind: 'num',
      text: g.code.hold(g.fn(`num_${expr.fn}`, num(g, slot), num(g, b.slots[k]))),
    })),
    valid: bothValid(g, a, b),
  };
}

export function emitVectorScale(g: Generator, expr: Of<'vectorScale'>): Held {
  const [a, by] = [g.value(expr.a), g.value(expr.by)];
  const factor = num(g, by.slots[0]);
  return {
    slots: a.slots.map((slot) => ({ kind: 'num', text: g.code.hold(g.fn('num_mul', num(g, slot), factor)) })),
    valid: bothValid(g, a, by),
  };
}
