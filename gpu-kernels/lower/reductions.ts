import type { Expr } from '../../core/expr/typedForm.ts';
import { floatKind, isBetter } from './arithmetic.ts';
import type { Generator } from './generator.ts';
import { assign, num, target } from './held.ts';
import { walk } from './lists.ts';
import type { Held } from './slots.ts';

type Reduce = Extract<Expr, { op: 'reduce' }>;

/** Walks a list with its item bound to `id`, `body` computed; items whose body is missing are skipped. */
function over(
  g: Generator,
  list: Reduce['list'],
  id: number,
  body: Expr,
  each: (value: Held, item: Held) => void,
): void {
  walk(g, list, {
    each: (item) =>
      g.within([[id, item]], () => {
        g.prepare({ node: body });
        const value = g.value(body);
        if (!value.valid) each(value, item);
        else g.code.block(`if (${value.valid})`, () => each({ ...value, valid: undefined }, item));
      }),
  });
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
  const decided = code.variable('bool');
  walk(g, list, {
    stop: decided,
    each: (item) =>
      g.within([[id, item]], () => {
        g.prepare({ node: body });
        // A missing condition's slot is false.
        const { text } = g.value(body).slots[0];
        code.block(fn === 'all' ? `if (!${text})` : `if (${text})`, () => code.line(`${decided} = true;`));
      }),
  });
  return { slots: [{ kind: 'bool', text: fn === 'all' ? code.hold(`!${decided}`) : decided }] };
}

function sumOrMean(g: Generator, expr: Reduce): Held {
  const { code } = g;
  const isInt = expr.body.type.kind === 'int';
  const sum = target(g, expr.body.type, false);
  const count = expr.fn === 'mean' ? code.variable('i32') : undefined;
  over(g, expr.list, expr.id, expr.body, (value) => {
    for (const [k, { text }] of sum.slots.entries()) {
      const one = value.slots[k];
      code.line(`${text} = ${isInt ? g.fn('int_add', text, one.text) : g.fn('num_add', text, num(g, one))};`);
    }
    if (count) code.line(`${count}++;`);
  });
  if (!count) return sum;
  const valid = code.hold(`${count} != 0i`);
  const mean = target(g, expr.type, false);
  code.block(`if (${valid})`, () =>
    code.line(`${mean.slots[0].text} = ${g.fn('num_div', sum.slots[0].text, g.fn('num_from_int', count))};`),
  );
  return { ...mean, valid };
}

function extremeOf(g: Generator, expr: Reduce): Held {
  const { code } = g;
  const kind = expr.body.type.kind === 'float' ? floatKind(g, expr) : 'num';
  const best = target(g, expr.body.type, false, kind);
  const found = code.variable('bool');
  over(g, expr.list, expr.id, expr.body, (value) => {
    const isBest = isBetter(g, expr.fn as 'min' | 'max', value.slots[0], best.slots[0]);
    code.block(`if (!${found} || ${isBest})`, () => {
      assign(g, best, value);
      code.line(`${found} = true;`);
    });
  });
  return { ...best, valid: found };
}

function positionOfExtreme(g: Generator, expr: Reduce): Held {
  const { code } = g;
  const position = code.variable('i32');
  const next = code.variable('i32');
  const kind = expr.body.type.kind === 'float' ? floatKind(g, expr.body) : 'num';
  const best = target(g, expr.body.type, false, kind);
  const found = code.variable('bool');
  walk(g, expr.list, {
    each: (item) =>
      g.within([[expr.id, item]], () => {
        g.prepare({ node: expr.body });
        const value = g.value(expr.body);
        const isBest = isBetter(g, expr.fn === 'argmin' ? 'min' : 'max', value.slots[0], best.slots[0]);
        code.block(`if (${value.valid ? `${value.valid} && ` : ''}(!${found} || ${isBest}))`, () => {
          assign(g, best, value);
          code.line(`${position} = ${next};`);
          code.line(`${found} = true;`);
        });
        code.line(`${next}++;`);
      }),
  });
  return { slots: [{ kind: 'int', text: position }], valid: found };
}

/** The item with the smallest or largest key. */
export function emitPick(g: Generator, expr: Extract<Expr, { op: 'pick' }>): Held {
  const { code } = g;
  const kind = expr.key.type.kind === 'float' ? floatKind(g, expr.key) : 'num';
  const best = target(g, expr.key.type, false, kind);
  const chosen = target(g, expr.list.item, true);
  const found = expr.list.itemOptional ? code.variable('bool') : (chosen.valid as string);
  over(g, expr.list, expr.id, expr.key, (key, item) => {
    const isBest = isBetter(g, expr.fn, key.slots[0], best.slots[0]);
    code.block(`if (!${found} || ${isBest})`, () => {
      assign(g, best, key);
      assign(g, chosen, item);
      if (expr.list.itemOptional) code.line(`${found} = true;`);
    });
  });
  return chosen;
}
