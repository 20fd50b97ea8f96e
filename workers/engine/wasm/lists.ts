import { typeKey } from '../../../core/expr/graph.ts';
import type { Expr, List, Type } from '../../../core/expr/typedForm.ts';
import { F64, I32, I64, type Local } from './code.ts';
import type { Generator, Rows } from './generator.ts';
import { assign, assignMissing, target, wrapPart } from './held.ts';
import { type Held, loadRow } from './layout.ts';
import { startRows } from './rows.ts';
import { storeSorted } from './sorting.ts';

/** Items that can be read at any position. */
interface Sequence {
  count: Local;
  get(index: Local): Held;
}

type Each = (item: Held) => void;
type Of<Op extends List['op']> = Extract<List, { op: Op }>;

/** A loop over `[from, count)`. What its body puts into scratch memory is gone after each turn. */
function count(g: Generator, from: () => void, to: Local, body: (index: Local) => void): void {
  const { code } = g;
  from();
  const index = code.hold(I32);
  const top = code.get(g.top).hold(I32);
  code.block((end) => {
    code.loop((start) => {
      code.get(index).get(to).op('i32.ge_u').brIf(end);
      g.within([], () => body(index));
      code.get(top).set(g.top);
      code.get(index).i32(1).op('i32.add').set(index).br(start);
    });
  });
}

const fromZero = (g: Generator) => () => {
  g.code.i32(0);
};

/** The list by positions: as it lies where that can be, else stored first. */
function sequence(g: Generator, list: List): Sequence {
  const { code } = g;
  const stored = g.stored(list);
  if (!stored && list.op === 'base')
    return { count: g.extent(list.collection).count, get: (index) => ({ slots: [index] }) };
  if (!stored && list.op === 'slice') return sliced(g, list);
  const rows = stored ?? storeList(g, list);
  return {
    count: rows.count,
    get: (index) =>
      loadRow(
        code,
        rows.layout,
        code.get(index).i32(rows.layout.size).op('i32.mul').get(rows.address).op('i32.add').hold(I32),
      ),
  };
}

/** A position as Python counts: from the end where it is negative. */
function fromTheEnd(g: Generator, asked: Local, length: Local): Local {
  const { code } = g;
  code.get(asked).get(length).op('i64.add').get(asked);
  return code.get(asked).i64(0n).op('i64.lt_s').op('select').hold(I64);
}

/** Python's `list[start:stop]`, both counted from the end where negative, and clamped. */
function sliced(g: Generator, list: Of<'slice'>): Sequence {
  const { code } = g;
  const source = sequence(g, list.list);
  const length = code.get(source.count).op('i64.extend_i32_u').hold(I64);
  const bound = (expr: Expr | undefined, absent: Local): Held => {
    if (!expr) return { slots: [absent] };
    const value = g.value(expr);
    const [asked] = value.slots;
    const at = fromTheEnd(g, asked, length);
    const low = code.i64(0n).get(at).get(at).i64(0n).op('i64.lt_s').op('select').hold(I64);
    return {
      slots: [code.get(length).get(low).get(low).get(length).op('i64.gt_s').op('select').hold(I64)],
      valid: value.valid,
    };
  };
  const start = bound(list.start, code.i64(0n).hold(I64));
  const stop = bound(list.stop, length);
  const span = code.get(stop.slots[0]).get(start.slots[0]).op('i64.sub').hold(I64);
  code.get(span).i64(0n).get(span).i64(0n).op('i64.gt_s');
  for (const { valid } of [start, stop]) if (valid) code.get(valid).op('i32.and');
  const total = code.op('select').op('i32.wrap_i64').hold(I32);
  const first = code.get(start.slots[0]).op('i32.wrap_i64').hold(I32);
  return { count: total, get: (index) => source.get(code.get(index).get(first).op('i32.add').hold(I32)) };
}

/** Runs `each` for every item, in order. */
export function walk(g: Generator, list: List, each: Each): void {
  const { code } = g;
  if (g.stored(list)) return walkSequence(g, list, each);
  switch (list.op) {
    case 'base':
    case 'slice':
    case 'sort':
    case 'literal':
      return walkSequence(g, list, each);
    case 'filter':
      return walk(g, list.list, (item) => {
        const pass = g.within([[list.var, item]], () => {
          g.prepare([list.cond]);
          return g.value(list.cond).slots[0];
        });
        // Whoever asked for present items only gets them without the flag.
        code.get(pass).if(() => g.within([], () => each(list.itemOptional ? item : { ...item, valid: undefined })));
      });
    case 'map':
      return walk(g, list.list, (item) =>
        each(
          g.within([[list.var, item]], () => {
            g.prepare([list.body]);
            return g.value(list.body);
          }),
        ),
      );
    case 'flatMap':
      return walk(g, list.list, (item) =>
        g.within([[list.var, item]], () => {
          g.prepare([list.inner]);
          walk(g, list.inner, each);
        }),
      );
    case 'combinations':
      return combinations(g, list, each);
    case 'cartesian':
      return cartesian(g, list, each);
    case 'concatenate':
      for (const [k, part] of list.lists.entries()) {
        walk(g, part, (item) =>
          each(isUnion(list) ? wrapPart(g, list.item as Extract<Type, { kind: 'union' }>, k, item) : item),
        );
      }
  }
}

/** Lists with different item types make a union; lists of one type don't. */
const isUnion = (list: Of<'concatenate'>): boolean =>
  list.lists.some((part) => typeKey(part.item) !== typeKey(list.item));

function walkSequence(g: Generator, list: List, each: Each): void {
  const items = sequence(g, list);
  count(g, fromZero(g), items.count, (index) => each(items.get(index)));
}

function combinations(g: Generator, list: Of<'combinations'>, each: Each): void {
  const items = sequence(g, list.list);
  const choose = (chosen: Held[], last: Local | undefined): void => {
    if (chosen.length === list.n) return each({ slots: chosen.flatMap((item) => item.slots) });
    const from = () => {
      if (last) g.code.get(last).i32(1).op('i32.add');
      else g.code.i32(0);
    };
    count(g, from, items.count, (index) => choose([...chosen, items.get(index)], index));
  };
  choose([], undefined);
}

function cartesian(g: Generator, list: Of<'cartesian'>, each: Each): void {
  const [first, ...others] = list.lists;
  const sequences = others.map((other) => sequence(g, other));
  const choose = (chosen: Held[]): void => {
    const next = sequences[chosen.length - 1];
    if (!next) return each({ slots: chosen.flatMap((item) => item.slots) });
    count(g, fromZero(g), next.count, (index) => choose([...chosen, next.get(index)]));
  };
  walk(g, first, (item) => choose([item]));
}

/** How many items a list has, as an int. */
export function lengthOf(g: Generator, list: List): Local {
  const { code } = g;
  const stored = g.stored(list);
  if (stored) return code.get(stored.count).op('i64.extend_i32_u').hold(I64);
  switch (list.op) {
    case 'base':
      return code.get(g.extent(list.collection).count).op('i64.extend_i32_u').hold(I64);
    case 'map':
    case 'sort':
      return lengthOf(g, list.list);
    case 'literal':
      return code.i64(BigInt(list.items.length)).hold(I64);
    case 'slice':
      return code.get(sliced(g, list).count).op('i64.extend_i32_u').hold(I64);
    case 'combinations':
      return chooseFrom(g, lengthOf(g, list.list), list.n);
    case 'cartesian':
    case 'concatenate': {
      const [first, ...others] = list.lists.map((part) => lengthOf(g, part));
      code.get(first);
      for (const other of others) code.get(other).op(list.op === 'cartesian' ? 'i64.mul' : 'i64.add');
      return code.hold(I64);
    }
    default: {
      const total = code.i64(0n).hold(I64);
      const top = code.get(g.top).hold(I32);
      walk(g, list, () => code.get(total).i64(1n).op('i64.add').set(total));
      code.get(top).set(g.top);
      return total;
    }
  }
}

/** `n` over `k`, exact: each product is divisible by the next number. */
function chooseFrom(g: Generator, n: Local, k: number): Local {
  const { code } = g;
  code.i64(1n);
  for (let i = 0; i < k; i++) {
    // max(0, n − i): no negative factor where there are fewer items than are chosen.
    code.get(n).i64(BigInt(i)).op('i64.sub').i64(0n).get(n).i64(BigInt(i)).op('i64.gt_s').op('select');
    code
      .op('i64.mul')
      .i64(BigInt(i + 1))
      .op('i64.div_u');
  }
  return code.hold(I64);
}

/**
 * At most as many items as this, cheap to know where that can be. A float: exact as far as memory reaches, and too large for
 * any where an integer would wrap.
 */
function atMost(g: Generator, list: List): Local {
  const { code } = g;
  if (!g.stored(list)) {
    switch (list.op) {
      case 'filter':
      case 'map':
      case 'sort':
        return atMost(g, list.list);
      case 'combinations':
        return choices(g, atMost(g, list.list), list.n);
      case 'cartesian':
      case 'concatenate': {
        const [first, ...others] = list.lists.map((part) => atMost(g, part));
        code.get(first);
        for (const other of others) code.get(other).op(list.op === 'cartesian' ? 'f64.mul' : 'f64.add');
        return code.hold(F64);
      }
    }
  }
  return code.get(lengthOf(g, list)).op('f64.convert_i64_u').hold(F64);
}

/** As `chooseFrom`, of floats. */
function choices(g: Generator, n: Local, k: number): Local {
  const { code } = g;
  code.f64(1);
  for (let i = 0; i < k; i++) {
    code.get(n).f64(i).op('f64.sub').f64(0).get(n).f64(i).op('f64.gt').op('select');
    code
      .op('f64.mul')
      .f64(i + 1)
      .op('f64.div');
  }
  return code.hold(F64);
}

/** Puts a list into scratch memory. */
export function storeList(g: Generator, list: List): Rows {
  if (list.op === 'sort') return storeSorted(g, list, atMost(g, list.list), (each) => walk(g, list.list, each));
  if (list.op === 'literal') {
    const rows = startRows(g, list.item, list.itemOptional, g.code.f64(list.items.length).hold(F64));
    for (const item of list.items) rows.push(g.value(item));
    return rows.end();
  }
  const rows = startRows(g, list.item, list.itemOptional, atMost(g, list));
  walk(g, list, (item) => rows.push(item));
  return rows.end();
}

/** The item at an int position, from the end where negative; missing outside. */
export function at(g: Generator, list: List, index: Held): Held {
  const { code } = g;
  const result = target(g, list.item, true);
  const top = code.get(g.top).hold(I32);
  const items = sequence(g, list);
  const length = code.get(items.count).op('i64.extend_i32_u').hold(I64);
  const [asked] = index.slots;
  const place = fromTheEnd(g, asked, length);
  code.get(place).get(length).op('i64.lt_u');
  if (index.valid) code.get(index.valid).op('i32.and');
  code.if(
    () => assign(g, result, items.get(code.get(place).op('i32.wrap_i64').hold(I32))),
    () => assignMissing(g, result),
  );
  code.get(top).set(g.top);
  return result;
}
