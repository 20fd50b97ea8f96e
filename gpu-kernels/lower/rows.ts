import type { List } from '../../core/expr/typedForm.ts';
import type { Generator, Rows } from './generator.ts';
import { as } from './held.ts';
import { type FloatKind, type Held, type Slot, slotKinds, wgslType } from './slots.ts';

/** Items that a stored list has room for; an event with more is in doubt. */
export const CAPACITY = 32;

/** Private arrays for the items of a list, one for each slot. */
export class RowArrays {
  readonly count: string;
  private readonly g: Generator;
  private readonly slots: { kind: Slot['kind']; array: string }[];
  private readonly valid: string | undefined;

  constructor(g: Generator, list: List, float: FloatKind) {
    this.g = g;
    this.slots = slotKinds(list.item, float).map((kind) => ({ kind, array: g.scratch(wgslType(kind), CAPACITY) }));
    this.valid = list.itemOptional ? g.scratch('bool', CAPACITY) : undefined;
    this.count = g.code.variable('u32');
  }

  /** Puts an item behind the others; a full list leaves the event in doubt. */
  push(item: Held): void {
    const { code } = this.g;
    code.block(
      `if (${this.count} < ${CAPACITY}u)`,
      () => {
        this.set(this.count, item);
        code.line(`${this.count}++;`);
      },
      () => code.line('doubt = true;'),
    );
  }

  set(index: string, item: Held): void {
    const { g } = this;
    for (const [k, { kind, array }] of this.slots.entries())
      g.code.line(`${array}[${index}] = ${as(g, kind, item.slots[k])};`);
    if (this.valid) g.code.line(`${this.valid}[${index}] = ${item.valid ?? 'true'};`);
  }

  /** Copies an item to another place. */
  copy(from: string, to: string): void {
    for (const { array } of this.slots) this.g.code.line(`${array}[${to}] = ${array}[${from}];`);
    if (this.valid) this.g.code.line(`${this.valid}[${to}] = ${this.valid}[${from}];`);
  }

  rows(): Rows {
    return {
      count: this.count,
      at: (index) => {
        const { code } = this.g;
        const slots = this.slots.map(({ kind, array }) => ({ kind, text: code.hold(`${array}[${index}]`) }));
        return { slots, ...(this.valid && { valid: code.hold(`${this.valid}[${index}]`) }) };
      },
    };
  }
}
