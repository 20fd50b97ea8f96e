import type { List } from '../../core/expr/typedForm.ts';
import { floatKind, isBetter } from './arithmetic.ts';
import type { Generator, Rows } from './generator.ts';
import { as } from './held.ts';
import { CAPACITY, type RowArrays } from './rows.ts';
import { type Held, type Slot, slotKinds, wgslType } from './slots.ts';

type Sort = Extract<List, { op: 'sort' }>;

/**
 * Stores a list in the order of its keys, missing keys last in both directions. Insertion from the back: stable, and short lists need no better.
 * Two keys whose order is not sure leave the event in doubt.
 */
export function storeSorted(
  g: Generator,
  list: Sort,
  rows: RowArrays,
  source: (each: (item: Held) => void) => void,
): Rows {
  const { code } = g;
  const isFloat = list.key.type.kind === 'float';
  const [kind] = slotKinds(list.key.type, isFloat ? floatKind(g, list.key) : 'num');
  const keys = g.scratch(wgslType(kind), CAPACITY);
  const present = list.key.optional ? g.scratch('bool', CAPACITY) : undefined;
  source((item) =>
    g.within([[list.var, item]], () => {
      g.prepare({ node: list.key });
      const key = g.value(list.key);
      const slot: Slot = { kind, text: code.hold(as(g, kind, key.slots[0])) };
      const there = key.valid ?? 'true';
      code.block(
        `if (${rows.count} < ${CAPACITY}u)`,
        () => {
          const place = code.variable('u32', rows.count);
          code.block(`while (${place} > 0u)`, () => {
            const before = code.hold(`${place} - 1u`);
            // A missing key stays behind all; a present one goes before all missing ones.
            const isAfter = isBetter(g, list.reverse ? 'max' : 'min', slot, { kind, text: `${keys}[${before}]` });
            code.line(
              present
                ? `if (!(${there} && (!${present}[${before}] || ${isAfter}))) { break; }`
                : `if (!(${isAfter})) { break; }`,
            );
            rows.copy(before, place);
            code.line(`${keys}[${place}] = ${keys}[${before}];`);
            if (present) code.line(`${present}[${place}] = ${present}[${before}];`);
            code.line(`${place} = ${before};`);
          });
          rows.set(place, item);
          code.line(`${keys}[${place}] = ${slot.text};`);
          if (present) code.line(`${present}[${place}] = ${there};`);
          code.line(`${rows.count}++;`);
        },
        () => code.line('doubt = true;'),
      );
    }),
  );
  return rows.rows();
}
