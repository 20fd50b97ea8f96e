import type { RecordGroup } from '../schema/schema.ts';
import type { Span } from './ast.ts';
import type { Expr, List, Type } from './typedForm.ts';

/** What an expression stands for while it is typed. */
export type Value =
  /** One value: per event, or of the loop that it is in. */
  | { kind: 'one'; expr: Expr }
  /**
   * A value for each item of `list`: `body`, written in the graph's item variable of `list`. A collection is the array
   * whose body is that variable.
   */
  | { kind: 'array'; list: List; body: Expr }
  /** Event values that share a prefix, such as MET: useful by its fields. */
  | { kind: 'record'; record: RecordGroup }
  /** `[a, b, c]` or `(a, b)`. */
  | { kind: 'literal'; items: Value[]; span: Span }
  /** The literal `None`. */
  | { kind: 'none' };

const PLAIN: Record<string, string> = {
  bool: 'a true/false value',
  int: 'an integer',
  uint: 'an integer',
  float: 'a number',
  string: 'a string',
  vector: 'a four-vector',
};

/** A type in words: `an item of Muon`, `a number`. */
export function typeInWords(type: Type): string {
  switch (type.kind) {
    case 'item':
      return `an item of ${type.collection}`;
    case 'tuple':
      return `a combination (${type.names.map((name) => `.${name}`).join(' ')})`;
    case 'union':
      return 'an item of a concatenation';
    default:
      return PLAIN[type.kind];
  }
}

const PLURALS: Record<string, string> = {
  bool: 'true/false values',
  int: 'integers',
  uint: 'integers',
  float: 'numbers',
  string: 'strings',
  vector: 'four-vectors',
};

/** A list in words: its name, or how it is made of lists that have one. */
export function listInWords(list: List, nameOf: (list: List) => string | undefined): string {
  const name = nameOf(list);
  if (name !== undefined) return name;
  switch (list.op) {
    case 'filter':
      return `a selection of ${listInWords(list.list, nameOf)}`;
    case 'slice':
      return `a slice of ${listInWords(list.list, nameOf)}`;
    case 'sort':
      return `the sorted ${listInWords(list.list, nameOf)}`;
    case 'combinations':
      return `the combinations of ${listInWords(list.list, nameOf)}`;
    case 'cartesian':
      return 'a cartesian product';
    case 'concatenate':
      return 'a concatenation';
    default:
      return `a list of ${PLURALS[list.item.kind] ?? `items${list.item.kind === 'item' ? ` of ${list.item.collection}` : ''}`}`;
  }
}

/** A value in words, for messages and for the editor. */
export function valueInWords(value: Value, nameOf: (list: List) => string | undefined): string {
  switch (value.kind) {
    case 'one':
      return typeInWords(value.expr.type) + (value.expr.optional ? ' or missing' : '');
    case 'array': {
      const isCollection = value.body.op === 'var';
      if (isCollection && value.body.type.kind !== 'float' && value.body.type.kind !== 'int')
        return nameOf(value.list) === undefined
          ? listInWords(value.list, nameOf)
          : `the collection ${nameOf(value.list)}`;
      return `${typeInWords(value.body.type)}${value.body.optional ? ' or missing' : ''} for each item of ${listInWords(value.list, nameOf)}`;
    }
    case 'record':
      return `the group ${value.record.name}`;
    case 'literal':
      return 'a list of values';
    case 'none':
      return 'None';
  }
}
