import type { Context } from '../../core/expr/context.ts';
import type { Type } from '../../core/expr/typedForm.ts';
import type { Value as Checked } from '../../core/expr/value.ts';
import type { ReferenceChunk } from '../engine/reference/chunk.ts';
import type { Interpreter } from '../engine/reference/interpreter.ts';
import { asItem, asTuple, asUnion, asVector, type Value } from '../engine/reference/values.ts';
import type { Shown } from '../eventTable.ts';
import { plain } from './oneEvent.ts';

/** What expressions are in one event, in plain lists and objects. */
export class Shower {
  readonly #context: Context;
  readonly #chunk: ReferenceChunk;
  readonly #interpreter: Interpreter;
  readonly #loaded: ReadonlySet<string>;

  /** @param loaded columns that the chunk has: items show these of their fields */
  constructor(context: Context, chunk: ReferenceChunk, interpreter: Interpreter, loaded: ReadonlySet<string>) {
    this.#context = context;
    this.#chunk = chunk;
    this.#interpreter = interpreter;
    this.#loaded = loaded;
  }

  /** @throws TypeError or LumiscopeError where it can't be computed */
  show(value: Checked): Shown {
    switch (value.kind) {
      case 'one':
        return this.#one(value.expr.type, this.#interpreter.expr(value.expr, undefined));
      case 'array': {
        const { list, body } = value;
        const id = this.#context.nodes.graph.itemVariable(list);
        return this.#interpreter
          .list(list, undefined)
          .map((item) => this.#one(body.type, this.#interpreter.expr(body, { id, value: item, outer: undefined })));
      }
      case 'record': {
        const { fields, read } = this.#context.fieldsOf({ record: value.record.name });
        const there = fields.filter(({ column }) => this.#loaded.has(column.name));
        return Object.fromEntries(
          there.map((field) => {
            const expr = read(field);
            return [field.name, this.#one(expr.type, this.#interpreter.expr(expr, undefined))];
          }),
        );
      }
      case 'literal':
        return value.items.map((item) => this.show(item));
      case 'none':
        return null;
    }
  }

  #one(type: Type, value: Value): Shown {
    if (value === undefined) return null;
    switch (type.kind) {
      case 'item':
        return this.#item(type.collection, asItem(value).index);
      case 'tuple': {
        const parts = asTuple(value);
        return Object.fromEntries(type.names.map((name, k) => [name, this.#one(type.parts[k]!, parts[k])]));
      }
      case 'union': {
        const { part, item } = asUnion(value);
        return this.#one(type.parts[part]!, item);
      }
      case 'vector':
        return fourVector(asVector(value));
      default:
        return typeof value === 'bigint' || typeof value === 'number' ? plain(value) : (value as boolean | string);
    }
  }

  /** An item: its place in its collection, and the fields that are at hand. */
  #item(collection: string, index: number): Shown {
    const fields = this.#context.schema.collections.get(collection)?.fields ?? [];
    const there = fields.filter(({ column }) => this.#loaded.has(column.name) && column.depth === 1);
    return Object.fromEntries([
      [collection, index],
      ...there.map(({ name, column }): [string, Shown] => {
        const value = this.#chunk.field(column.name, 0, index);
        return [name, value === undefined ? null : this.#scalar(value)];
      }),
    ]);
  }

  #scalar(value: Value): Shown {
    return typeof value === 'bigint' || typeof value === 'number' ? plain(value) : (value as boolean | string);
  }
}

function fourVector([px, py, pz, E]: readonly [number, number, number, number]): Shown {
  const pt = Math.hypot(px, py);
  const m2 = E * E - px * px - py * py - pz * pz;
  return { pt, eta: Math.asinh(pz / pt), phi: Math.atan2(py, px), mass: Math.sign(m2) * Math.sqrt(Math.abs(m2)) };
}
