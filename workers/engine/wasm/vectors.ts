import type { Expr } from '../../../core/expr/typedForm.ts';
import { F64, I32, type Local } from './code.ts';
import { cells } from './frame.ts';
import type { Generator } from './generator.ts';
import { bothValid } from './held.ts';
import type { Held } from './layout.ts';

type Vector = Extract<Expr, { op: 'vector' }>;

/** A row of a vector table: px, py, pz, E, and the event (plus one) that it was computed for. */
export const VECTOR_ROW = 40;

/**
 * A four-vector. One made of a collection's own pt, eta, phi and mass is computed once an event and item, and kept in a table:
 * combinations ask for the same item again and again.
 */
export function emitVector(g: Generator, expr: Vector): Held {
  const { code } = g;
  const item = expr.from === 'ptEtaPhiM' && g.itemsAreOfEvent ? itemOf(g, expr) : undefined;
  if (item) return fromTable(g, expr, item);
  const parts = expr.parts.map((part) => g.value(part));
  const valid = bothValid(g, ...parts);
  if (expr.from === 'pxPyPzE') return { slots: parts.map((part) => part.slots[0]), valid };
  const place = g.frame.wide(cells.vector[0]);
  for (const name of cells.vector) g.frame.wide(name);
  const address = code.get(g.framePointer).i32(place).op('i32.add').hold(I32);
  callPolar(g, parts, address);
  return { slots: loadComponents(g, address), valid };
}

function callPolar(g: Generator, parts: Held[], address: Local): void {
  for (const part of parts) g.code.get(part.slots[0]);
  g.code.get(address).call('libm', 'polar', [F64, F64, F64, F64, I32], []);
}

const loadComponents = (g: Generator, address: Local): Local[] =>
  [0, 8, 16, 24].map((offset) => g.code.get(address).mem('f64.load', offset).hold(F64));

type Field = Extract<Expr, { op: 'field' }>;

/** The one item whose fields the parts are, if it is so and none can be missing. */
function itemOf(g: Generator, expr: Vector): Expr | undefined {
  const fields = expr.parts.map((part) => (part.op === 'toFloat' ? part.a : part));
  const [first] = fields;
  if (first.op !== 'field' || first.item.optional) return undefined;
  const own = fields.every(
    (field, k) =>
      (k === 3 && field.op === 'const') ||
      (field.op === 'field' && field.item === first.item && !g.shape(field.column).nullable),
  );
  return own ? first.item : undefined;
}

function fromTable(g: Generator, expr: Vector, itemExpr: Expr): Held {
  const { code } = g;
  const fields = expr.parts.map((part) => (part.op === 'toFloat' ? part.a : part));
  const columns = fields.map((field) => (field.op === 'const' ? String(field.value) : (field as Field).column));
  const number = g.vectorTable(JSON.stringify(columns));
  const table = g.pointer(cells.vectors(number));
  const rows = g.pointer(cells.vectorRows(number));
  const [item] = g.value(itemExpr).slots;
  code
    .get(item)
    .get(rows)
    .op('i32.ge_u')
    .if(() => {
      code.i32(number).get(item).call('host', 'moreVectors', [I32, I32], [I32]).set(table);
      code
        .get(g.framePointer)
        .mem('i32.load', g.frame.cell(cells.vectorRows(number)))
        .set(rows);
    });
  const row = code.get(item).i32(VECTOR_ROW).op('i32.mul').get(table).op('i32.add').hold(I32);
  const stamp = code.get(g.event).i32(1).op('i32.add').hold(I32);
  code
    .get(row)
    .mem('i32.load', 32)
    .get(stamp)
    .op('i32.ne')
    .if(() =>
      g.within([], () => {
        const parts = expr.parts.map((part) => g.value(part));
        callPolar(g, parts, row);
        code.get(row).get(stamp).mem('i32.store', 32);
      }),
    );
  return { slots: loadComponents(g, row) };
}
