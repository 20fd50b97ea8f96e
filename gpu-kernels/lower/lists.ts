import { typeKey } from '../../core/expr/graph.ts';
import type { Expr, List, Type } from '../../core/expr/typedForm.ts';
import { floatKind } from './arithmetic.ts';
import type { Generator, Rows } from './generator.ts';
import { assign, target, wrapPart } from './held.ts';
import { CAPACITY, RowArrays } from './rows.ts';
import type { FloatKind, Held } from './slots.ts';
import { storeSorted } from './sorting.ts';

/** Items that can be read at any position. */
interface Sequence {
  count: string;
  at(index: string): Held;
}

type Of<Op extends List['op']> = Extract<List, { op: Op }>;

/**
 * Items of a collection that one, two, three or more nested loops go over: about ten thousand turns. Events with more are left to the other
 * engine, since no thread may take long.
 */
const MAX_ITEMS = [4096, 128, 40, 24, 16];

/** What is done with each item of a list, in order. */
export interface Walk {
  each(item: Held): void;
  /** A bool that ends the walk once it is true. */
  stop?: string;
}

/** A loop over `[from, to)`. */
function count(
  g: Generator,
  from: string,
  to: string,
  { stop }: Pick<Walk, 'stop'>,
  body: (index: string) => void,
): void {
  const index = g.code.newName();
  const goesOn = stop ? `${index} < ${to} && !${stop}` : `${index} < ${to}`;
  g.loops += 1;
  g.code.block(`for (var ${index} = ${from}; ${goesOn}; ${index}++)`, () => g.within([], () => body(index)));
  g.loops -= 1;
}

/** The list by positions: as it lies where that can be, else stored first. */
function sequence(g: Generator, list: List): Sequence {
  const stored = g.stored(list);
  if (stored) return stored;
  if (list.op === 'base') {
    const { count } = g.extent(list.collection);
    return { count, at: (index) => ({ slots: [{ kind: 'word', text: index }] }) };
  }
  if (list.op === 'slice') return sliced(g, list);
  return storeList(g, list);
}

/** Python's `list[start:stop]`, both counted from the end where negative, and clamped. */
function sliced(g: Generator, list: Of<'slice'>): Sequence {
  const { code } = g;
  const source = sequence(g, list.list);
  const length = code.hold(`i32(${source.count})`);
  const bound = (expr: Expr): Held => {
    const { slots, valid } = g.value(expr);
    const [{ text }] = slots;
    const place = code.hold(`clamp(select(${text}, ${text} + ${length}, ${text} < 0i), 0i, ${length})`);
    return { slots: [{ kind: 'int', text: place }], valid };
  };
  const start = list.start && bound(list.start);
  const stop = list.stop && bound(list.stop);
  const first = start?.slots[0].text ?? '0i';
  const span = code.hold(`u32(max(0i, ${stop?.slots[0].text ?? length} - ${first}))`);
  const flags = [start?.valid, stop?.valid].filter((flag) => flag !== undefined);
  const total = flags.length > 0 ? code.hold(`select(0u, ${span}, ${flags.join(' && ')})`) : span;
  return { count: total, at: (index) => source.at(start ? code.hold(`${index} + u32(${first})`) : index) };
}

/** Goes through the items of a list, in order. */
export function walk(g: Generator, list: List, how: Walk): void {
  if (g.stored(list)) return walkSequence(g, list, how);
  switch (list.op) {
    case 'base':
    case 'slice':
    case 'sort':
      return walkSequence(g, list, how);
    case 'literal':
      return walkLiteral(g, list, how);
    case 'filter':
      return walk(g, list.list, {
        ...how,
        each: (item) => {
          const pass = g.within([[list.var, item]], () => {
            g.prepare({ node: list.cond });
            return g.value(list.cond).slots[0].text;
          });
          // Whoever asked for present items only gets them without the flag.
          const passed = list.itemOptional ? item : { ...item, valid: undefined };
          g.code.block(`if (${pass})`, () => g.within([], () => how.each(passed)));
        },
      });
    case 'map':
      return walk(g, list.list, {
        ...how,
        each: (item) =>
          g.within([[list.var, item]], () => {
            g.prepare({ node: list.body });
            how.each(g.value(list.body));
          }),
      });
    case 'flatMap':
      return walk(g, list.list, {
        ...how,
        each: (item) =>
          g.within([[list.var, item]], () => {
            g.prepare({ node: list.inner });
            walk(g, list.inner, how);
          }),
      });
    case 'combinations':
      return combinations(g, list, how);
    case 'cartesian':
      return cartesian(g, list, how);
    case 'concatenate':
      for (const [k, part] of list.lists.entries())
        walk(g, part, {
          ...how,
          each: (item) => {
            if (!isUnion(list)) return how.each(item);
            const wrapped = wrapPart(g, list.item as Extract<Type, { kind: 'union' }>, k, item);
            how.each({ ...wrapped, valid: item.valid });
          },
        });
  }
}

/** Lists with different item types make a union; lists of one type don't. */
const isUnion = (list: Of<'concatenate'>): boolean =>
  list.lists.some((part) => typeKey(part.item) !== typeKey(list.item));

function walkSequence(g: Generator, list: List, how: Walk): void {
  const items = sequence(g, list);
  count(g, '0u', items.count, how, (index) => how.each(items.at(index)));
}

/** A short list of one expression each: a turn of a loop that is not one, so that its code is there but once. */
function walkLiteral(g: Generator, list: Of<'literal'>, how: Walk): void {
  for (const item of list.items) {
    const one = () =>
      g.within([], () => {
        g.prepare({ node: item });
        how.each(g.value(item));
      });
    g.code.block(how.stop ? `if (!${how.stop})` : '', one);
  }
}

/** A list of very many items is not for `depth` nested loops of one thread. */
function limit(g: Generator, list: List, items: Sequence, depth: number): Sequence {
  const most = MAX_ITEMS[Math.min(depth, MAX_ITEMS.length) - 1];
  if (g.stored(list) && most >= CAPACITY) return items;
  const { code } = g;
  const within = code.hold(`${items.count} <= ${most}u`);
  code.line(`doubt = doubt || !${within};`);
  return { ...items, count: code.hold(`select(0u, ${items.count}, ${within})`) };
}

function combinations(g: Generator, list: Of<'combinations'>, how: Walk): void {
  const items = limit(g, list.list, sequence(g, list.list), list.n);
  const choose = (chosen: Held[], last: string | undefined): void => {
    if (chosen.length === list.n) return how.each({ slots: chosen.flatMap((item) => item.slots) });
    count(g, last ? `${last} + 1u` : '0u', items.count, how, (index) => choose([...chosen, items.at(index)], index));
  };
  choose([], undefined);
}

function cartesian(g: Generator, list: Of<'cartesian'>, how: Walk): void {
  const [first, ...others] = list.lists;
  const sequences = others.map((other) => limit(g, other, sequence(g, other), list.lists.length));
  const choose = (chosen: Held[]): void => {
    const next = sequences[chosen.length - 1];
    if (!next) return how.each({ slots: chosen.flatMap((item) => item.slots) });
    count(g, '0u', next.count, how, (index) => choose([...chosen, next.at(index)]));
  };
  walk(g, first, { ...how, each: (item) => choose([item]) });
}

/** How many items a list has, as a u32. */
export function lengthOf(g: Generator, list: List): string {
  const { code } = g;
  const stored = g.stored(list);
  if (stored) return stored.count;
  switch (list.op) {
    case 'base':
      return g.extent(list.collection).count;
    case 'map':
    case 'sort':
      return lengthOf(g, list.list);
    case 'literal':
      return `${list.items.length}u`;
    case 'slice':
      return sliced(g, list).count;
    case 'combinations': {
      const n = lengthOf(g, list.list);
      return code.hold(g.fn('choose', n, `${list.n}u`));
    }
    case 'concatenate':
      return code.hold(list.lists.map((part) => lengthOf(g, part)).join(' + '));
    case 'cartesian':
      return list.lists.map((part) => lengthOf(g, part)).reduce((a, b) => code.hold(g.fn('times', a, b)));
    default: {
      const total = code.variable('u32');
      walk(g, list, { each: () => code.line(`${total}++;`) });
      return total;
    }
  }
}

/** Numbers of items: those past 31 bits are left to the other engine. */
export const TIMES = `fn times(a: u32, b: u32) -> u32 {
  if (a > 0xffffu || b > 0x7fffu) { doubt = true; }
  return (a & 0xffffu) * (b & 0x7fffu);
}`;
export const CHOOSE = `fn choose(n: u32, k: u32) -> u32 {
  if (n < k) { return 0u; }
  var product = 1u;
  for (var i = 0u; i < k; i++) { product = times(product, n - i) / (i + 1u); }
  return product;
}`;

/** Which kind of float the items are, where they are floats. */
function itemFloat(g: Generator, list: List): FloatKind {
  if (list.item.kind !== 'float') return 'num';
  switch (list.op) {
    case 'filter':
    case 'slice':
    case 'sort':
      return itemFloat(g, list.list);
    case 'map':
      return floatKind(g, list.body);
    case 'flatMap':
      return itemFloat(g, list.inner);
    case 'literal':
      return list.items.every((item) => floatKind(g, item) === 'single') ? 'single' : 'num';
    case 'concatenate':
      return list.lists.every((part) => itemFloat(g, part) === 'single') ? 'single' : 'num';
    default:
      return 'num';
  }
}

/** Puts a list into scratch memory. */
export function storeList(g: Generator, list: List): Rows {
  const rows = new RowArrays(g, list, itemFloat(g, list));
  if (list.op === 'sort') return storeSorted(g, list, rows, (each) => walk(g, list.list, { each }));
  walk(g, list, { each: (item) => rows.push(item) });
  return rows.rows();
}

/** Whether `value` and `-value` are literals of an i32. */
const fitsInt = (value: number): boolean => value === (value | 0) && value > -(2 ** 31);

/** The item at an int position, from the end where negative; missing outside. */
export function at(g: Generator, { list, index }: Extract<Expr, { op: 'at' }>): Held {
  const { code } = g;
  const float = itemFloat(g, list);
  const asked = index.op === 'const' && fitsInt(Number(index.value)) ? Number(index.value) : undefined;
  const isSequence = g.stored(list) || list.op === 'base' || list.op === 'slice' || list.op === 'sort';
  if (!isSequence && asked !== undefined && asked >= -1) return walkTo(g, list, asked, float);
  // A position that the document says outright is a part of its structure.
  const place: Held = asked === undefined ? g.value(index) : { slots: [{ kind: 'int', text: `${asked}i` }] };
  const [{ text }] = place.slots;
  return g.within([], () => {
    const result = target(g, list.item, true, float);
    const choose = () => {
      const items = sequence(g, list);
      const length = code.hold(`i32(${items.count})`);
      const position = code.hold(`select(${text}, ${text} + ${length}, ${text} < 0i)`);
      code.block(`if (${position} >= 0i && ${position} < ${length})`, () =>
        assign(g, result, items.at(code.hold(`u32(${position})`))),
      );
    };
    if (place.valid) code.block(`if (${place.valid})`, () => g.within([], choose));
    else choose();
    return result;
  });
}

/** The first item, one of the next, or the last one (−1): found on a walk. */
function walkTo(g: Generator, list: List, position: number, float: FloatKind): Held {
  const { code } = g;
  const result = target(g, list.item, true, float);
  if (position < 0) {
    walk(g, list, { each: (item) => assign(g, result, item) });
    return result;
  }
  const found = code.variable('bool');
  const next = position > 0 ? code.variable('u32') : undefined;
  walk(g, list, {
    stop: found,
    each: (item) => {
      const take = () => {
        assign(g, result, item);
        code.line(`${found} = true;`);
      };
      if (!next) return take();
      code.block(`if (${next} == ${position}u)`, take);
      code.line(`${next}++;`);
    },
  });
  return result;
}
