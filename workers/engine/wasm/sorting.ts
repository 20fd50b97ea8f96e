import type { List } from '../../../core/expr/typedForm.ts';
import { F64, I32, type Local } from './code.ts';
import type { Generator, Rows } from './generator.ts';
import { type Held, type RowLayout, rowLayout, storeRow } from './layout.ts';
import { reserve } from './rows.ts';

type Sort = Extract<List, { op: 'sort' }>;

/** Classes of keys: numbers first, then NaN, then missing ones, in both directions. */
const NUMBER = 0;
const NAN = 1;
const MISSING = 2;

/**
 * Stores a list in the order of its keys. Insertion from the back: stable, and short lists (all lists of an event are short) need no
 * better. Each row carries its key and the key's class behind the item.
 */
export function storeSorted(
  g: Generator,
  list: Sort,
  bound: Local,
  walkSource: (each: (item: Held) => void) => void,
): Rows {
  const { code } = g;
  const inner = rowLayout(list.item, list.itemOptional);
  const keyAt = Math.ceil(inner.size / 8) * 8;
  const layout: RowLayout = { ...inner, size: keyAt + 16 };
  const classAt = keyAt + 8;
  const isFloat = list.key.type.kind === 'float';
  const keyType = isFloat ? 'f64' : 'i64';
  const address = reserve(g, bound, layout.size);
  const end = code.get(address).hold(I32);
  const count = code.i32(0).hold(I32);
  walkSource((item) => {
    const [key, order] = g.within([[list.var, item]], () => {
      g.prepare([list.key]);
      const value = g.value(list.key);
      const [slot] = value.slots;
      if (isFloat) code.i32(NAN).i32(NUMBER).get(slot).get(slot).op('f64.ne').op('select');
      else code.i32(NUMBER);
      if (value.valid) code.i32(MISSING).get(value.valid).op('select');
      return [slot, code.hold(I32)];
    });
    // Rows before this one that belong after it move up by one.
    const place = code.get(end).hold(I32);
    code.block((found) => {
      code.loop((again) => {
        code.get(place).get(address).op('i32.eq').brIf(found);
        const before = code.get(place).i32(layout.size).op('i32.sub').hold(I32);
        const beforeClass = code.get(before).mem('i32.load', classAt).hold(I32);
        const beforeKey = code
          .get(before)
          .mem(`${keyType}.load`, keyAt)
          .hold(isFloat ? F64 : key.type);
        code.get(beforeClass).get(order).op('i32.gt_u');
        const comparison = list.reverse ? 'lt' : 'gt';
        code
          .get(beforeKey)
          .get(key)
          .op(
            isFloat
              ? `f64.${comparison}`
              : list.key.type.kind === 'uint'
                ? `i64.${comparison}_u`
                : `i64.${comparison}_s`,
          );
        code.get(beforeClass).get(order).op('i32.or').op('i32.eqz').op('i32.and').op('i32.or');
        code.op('i32.eqz').brIf(found);
        code.get(before).set(place).br(again);
      });
    });
    code.get(place).i32(layout.size).op('i32.add').get(place).get(end).get(place).op('i32.sub').copyBytes();
    storeRow(code, layout, place, item);
    code.get(place).get(key).mem(`${keyType}.store`, keyAt);
    code.get(place).get(order).mem('i32.store', classAt);
    code.get(end).i32(layout.size).op('i32.add').set(end);
    code.get(count).i32(1).op('i32.add').set(count);
  });
  code.get(end).set(g.top);
  return { address, count, layout };
}
