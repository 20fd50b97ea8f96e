import type { Type } from '../../../core/expr/typedForm.ts';
import { F64, I32, type Local } from './code.ts';
import { cells } from './frame.ts';
import type { Generator, Rows } from './generator.ts';
import { type Held, type RowLayout, rowLayout, storeRow } from './layout.ts';

/** A list that is being written into scratch memory. */
export interface RowsBuilder {
  layout: RowLayout;
  push(item: Held): void;
  end(): Rows;
}

/**
 * Takes `rows` rows of `size` bytes from the top of scratch memory. `rows` is a float: as an integer, a number of combinations
 * that no memory holds could pass for one that fits. Where it is short, the host gives a new block; `top` may then
 * go back into an older one at the end of a loop, which the comparison with both ends of the block finds.
 */
export function reserve(g: Generator, rows: Local, size: number): Local {
  const { code } = g;
  g.usesScratch = true;
  const bytes = code.get(rows).f64(size).op('f64.mul').f64(8).op('f64.add').hold(F64);
  const address = code.get(g.top).hold(I32);
  const block = (name: string) => code.get(g.framePointer).mem('i32.load', g.frame.cell(name));
  code.get(address);
  block(cells.scratch).op('i32.lt_u');
  code.get(address).op('f64.convert_i32_u').get(bytes).op('f64.add');
  block(cells.scratchEnd)
    .op('f64.convert_i32_u')
    .op('f64.gt')
    .op('i32.or')
    .if(() => {
      code.get(bytes).get(address).call('host', 'moreScratch', [F64, I32], [I32]).set(address);
    });
  code.get(address).get(bytes).truncI32().op('i32.add').set(g.top);
  return address;
}

/** Starts a list of at most `bound` (a float) items. Nothing else may stay in scratch memory until its end. */
export function startRows(
  g: Generator,
  item: Type,
  optional: boolean,
  bound: Local,
  layout = rowLayout(item, optional),
): RowsBuilder {
  const { code } = g;
  const address = reserve(g, bound, layout.size);
  const cursor = code.get(address).hold(I32);
  const count = code.i32(0).hold(I32);
  return {
    layout,
    push(value) {
      storeRow(code, layout, cursor, value);
      code.get(cursor).i32(layout.size).op('i32.add').set(cursor);
      code.get(count).i32(1).op('i32.add').set(count);
    },
    end() {
      // What was reserved and not used is given back; rows stay 8-byte aligned.
      code.get(cursor).i32(7).op('i32.add').i32(-8).op('i32.and').set(g.top);
      return { address, count, layout };
    },
  };
}
