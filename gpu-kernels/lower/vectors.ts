import type { Expr } from '../../core/expr/typedForm.ts';
import { load } from './columns.ts';
import type { Generator } from './generator.ts';
import { bothValid, num, whereValid } from './held.ts';
import type { Held } from './slots.ts';

type Of<Op extends Expr['op']> = Extract<Expr, { op: Op }>;

/** What `polar` calls of the number library. */
export const POLAR_NEEDS = ['num_add', 'num_mul', 'num_sinh', 'num_sqrt', 'num_abs', 'num_lt', 'turned', 'trig_series'];

/**
 * A four-vector from pt, η, φ, m: the operations and their order are the typed form's. A loop, since compilers put every function's text wherever it is
 * called.
 */
export const POLAR = `struct Vector { px: Num, py: Num, pz: Num, e: Num }
fn polar(pt: Num, eta: Num, phi: Num, m: Num) -> Vector {
  let angle = turned(phi);
  var p = array<Num, 3>();
  var e2 = Num();
  for (var k = 0; k < 4; k++) {
    var a = pt;
    var b = num_abs(m);
    if (k < 2) { b = trig_series(angle, 1 - k); } else if (k == 2) { b = num_sinh(eta); } else { a = m; }
    var square = num_mul(a, b);
    if (k < 3) {
      p[k] = square;
      square = num_mul(square, square);
    }
    if (k > 0) { square = num_add(e2, square); }
    e2 = square;
  }
  var e = Num();
  if (!num_lt(e2, Num())) { e = num_sqrt(e2); }
  return Vector(p[0], p[1], p[2], e);
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
