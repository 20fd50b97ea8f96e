import type { Expr } from '../../../core/expr/typedForm.ts';
import { F64, I32, I64, type Local } from './code.ts';
import type { Generator } from './generator.ts';
import { type Held, slotsOf } from './layout.ts';
import { walk } from './lists.ts';

type Reduce = Extract<Expr, { op: 'reduce' }>;

/** Walks a list with its item bound to `id`, `body` computed; items whose body is missing are skipped. */
function over(
  g: Generator,
  list: Reduce['list'],
  id: number,
  body: Expr,
  each: (value: Held, item: Held) => void,
): void {
  walk(g, list, (item) =>
    g.within([[id, item]], () => {
      g.prepare([body]);
      const value = g.value(body);
      if (!value.valid) each(value, item);
      else g.code.get(value.valid).if(() => each(value, item));
    }),
  );
}

export function emitReduce(g: Generator, expr: Reduce): Held {
  switch (expr.fn) {
    case 'any':
    case 'all':
      return anyOrAll(g, expr);
    case 'sum':
    case 'mean':
      return sumOrMean(g, expr);
    case 'min':
    case 'max':
      return extremeOf(g, expr);
    case 'argmin':
    case 'argmax':
      return positionOfExtreme(g, expr);
  }
}

/** Stops at the first item that decides. */
function anyOrAll(g: Generator, { fn, list, id, body }: Reduce): Held {
  const { code } = g;
  const result = code.i32(fn === 'all' ? 1 : 0).hold(I32);
  const top = code.get(g.top).hold(I32);
  code.block((end) => {
    walk(g, list, (item) =>
      g.within([[id, item]], () => {
        g.prepare([body]);
        // A missing condition has slot 0, which is false.
        code.get(g.value(body).slots[0]);
        if (fn === 'all') code.op('i32.eqz');
        code.if(() =>
          code
            .i32(fn === 'all' ? 0 : 1)
            .set(result)
            .br(end),
        );
      }),
    );
  });
  code.get(top).set(g.top);
  return { slots: [result] };
}

function sumOrMean(g: Generator, expr: Reduce): Held {
  const { code } = g;
  const types = slotsOf(expr.body.type);
  const sums = types.map((wasm) => code.zeroOf(wasm).hold(wasm));
  const count = code.i32(0).hold(I32);
  over(g, expr.list, expr.id, expr.body, (value) => {
    for (const [k, sum] of sums.entries())
      code
        .get(sum)
        .get(value.slots[k])
        .op(sum.type === I64 ? 'i64.add' : 'f64.add')
        .set(sum);
    if (expr.fn === 'mean') code.get(count).i32(1).op('i32.add').set(count);
  });
  if (expr.fn === 'sum') return { slots: sums };
  const mean = code.get(sums[0]).get(count).op('f64.convert_i32_u').op('f64.div').hold(F64);
  return { slots: [mean], valid: code.get(count).i32(0).op('i32.ne').hold(I32) };
}

/** Whether `value` is better than the best so far (or is the first): never for NaN, and not for an equal one. */
function better(g: Generator, fn: 'min' | 'max', unsigned: boolean, value: Local, best: Local, found: Local): void {
  const { code } = g;
  if (value.type === F64) {
    code
      .get(value)
      .get(best)
      .op(fn === 'min' ? 'f64.lt' : 'f64.gt');
    code.get(found).op('i32.eqz').get(value).get(value).op('f64.eq').op('i32.and').op('i32.or');
    return;
  }
  const compare = fn === 'min' ? (unsigned ? 'i64.lt_u' : 'i64.lt_s') : unsigned ? 'i64.gt_u' : 'i64.gt_s';
  code.get(value).get(best).op(compare).get(found).op('i32.eqz').op('i32.or');
}

interface Best {
  best: Local;
  found: Local;
}

function startBest(g: Generator, key: Expr): Best {
  const [wasm] = slotsOf(key.type);
  // A NaN is never better or worse than anything: the first number replaces it through `found`.
  const best = (wasm === F64 ? g.code.f64(Number.NaN) : g.code.i64(0n)).hold(wasm);
  return { best, found: g.code.i32(0).hold(I32) };
}

function extremeOf(g: Generator, expr: Reduce): Held {
  const { best, found } = startBest(g, expr.body);
  const fn = expr.fn as 'min' | 'max';
  over(g, expr.list, expr.id, expr.body, ({ slots: [value] }) => {
    better(g, fn, expr.body.type.kind === 'uint', value, best, found);
    g.code.if(() => g.code.get(value).set(best).i32(1).set(found));
  });
  return { slots: [best], valid: found };
}

function positionOfExtreme(g: Generator, expr: Reduce): Held {
  const { code } = g;
  const { best, found } = startBest(g, expr.body);
  const position = code.i64(0n).hold(I64);
  const next = code.i64(0n).hold(I64);
  walk(g, expr.list, (item) =>
    g.within([[expr.id, item]], () => {
      g.prepare([expr.body]);
      const value = g.value(expr.body);
      better(g, expr.fn === 'argmin' ? 'min' : 'max', expr.body.type.kind === 'uint', value.slots[0], best, found);
      if (value.valid) code.get(value.valid).op('i32.and');
      code.if(() => code.get(value.slots[0]).set(best).get(next).set(position).i32(1).set(found));
      code.get(next).i64(1n).op('i64.add').set(next);
    }),
  );
  return { slots: [position], valid: found };
}

/** The item with the smallest or largest key. */
export function emitPick(g: Generator, expr: Extract<Expr, { op: 'pick' }>): Held {
  const { code } = g;
  const { best, found } = startBest(g, expr.key);
  const chosen = slotsOf(expr.list.item).map((wasm) => code.zeroOf(wasm).hold(wasm));
  const there = code.i32(0).hold(I32);
  over(g, expr.list, expr.id, expr.key, ({ slots: [key] }, item) => {
    better(g, expr.fn, expr.key.type.kind === 'uint', key, best, found);
    code.if(() => {
      code.get(key).set(best).i32(1).set(found);
      for (const [k, slot] of chosen.entries()) code.get(item.slots[k]).set(slot);
      if (item.valid) code.get(item.valid);
      else code.i32(1);
      code.set(there);
    });
  });
  return { slots: chosen, valid: there };
}
