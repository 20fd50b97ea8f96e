/**
 * Writes random expressions of the language, well typed by construction: every text that it makes must pass the checker.
 */
import type { Schema } from '../../../core/schema/schema.ts';
import type { Draw } from './draw.ts';
import { drawList } from './grammarLists.ts';
import {
  type Definition,
  hasIdentity,
  type ItemText,
  type ItemType,
  isVector,
  itemFields,
  kindOf,
  type ListText,
  type NumberText,
  type Place,
  sameItemType,
  scalarFields,
  type Writer,
} from './grammarTypes.ts';

const FLOAT_CONSTANTS = ['0.5', '30.0', '91.2', '-1.5', '2.', '1e-3', '0.0', '25.', '1e300'];
const INT_CONSTANTS = ['0', '1', '2', '3', '-1', '7', '64', '255', '0x10', '9007199254740993', '9223372036854775807'];
const FUNCTIONS1 = 'sqrt exp log log10 sin cos tan asin acos atan sinh cosh tanh'.split(' ');
const KEEPS_INT = ['floor', 'ceil', 'round', 'abs', 'sign'];
/** Characters. */
const MAX_LIST_TEXT = 160;
const WORDS = ["'mu'", '"e"', "''", "'nowhere'"];
const PROPERTIES = ['pt', 'eta', 'phi', 'mass', 'px', 'py', 'pz', 'E', 'rapidity'];

export class Grammar implements Writer {
  readonly draw: Draw;
  readonly schema: Schema;
  readonly definitions: Definition[] = [];
  /** How many more composite nodes may be written. */
  fuel: number;
  private readonly intConstants: readonly string[];
  private names = 0;

  /** @param small no integers past 32 bits */
  constructor(draw: Draw, schema: Schema, fuel: number, small = false) {
    this.draw = draw;
    this.schema = schema;
    this.fuel = fuel;
    this.intConstants = small ? INT_CONSTANTS.slice(0, -2) : INT_CONSTANTS;
  }

  /** A name for a variable: new, or now and then one that hides another. */
  newName(place: Place): string {
    const hidden = place.variables.filter(({ text }) => /^\w+$/.test(text));
    if (hidden.length > 0 && this.draw.chance(10)) return this.draw.pick(hidden).text;
    return `v${++this.names}`;
  }

  /** `place` with one more variable; a hidden one of the same name is out of reach. */
  bind(place: Place, name: string, item: ItemType): Place {
    const others = place.variables.filter((variable) => !new RegExp(`\\b${name}\\b`).test(variable.text));
    return { variables: [...others, { text: name, item }] };
  }

  /** Whether to write something composite: never once the fuel is spent. */
  deeper(depth: number): boolean {
    if (depth <= 0 || this.fuel <= 0 || !this.draw.chance(85)) return false;
    this.fuel -= 1;
    return true;
  }

  list(place: Place, depth: number): ListText {
    const drawn = drawList(this, { variables: place.variables }, depth);
    // What stands for a list is written again and again: long ones would soon be longer than an expression may be.
    return drawn.text.length > MAX_LIST_TEXT ? drawList(this, { variables: place.variables }, 0) : drawn;
  }

  /** Items that can be named at a place, without writing new lists. */
  items(place: Place): ItemText[] {
    const own = place.over ? [{ text: place.over.text, item: place.over.item }] : [];
    const direct = [...own, ...place.variables];
    const reached = (from: ItemText[]) =>
      from.flatMap(({ text, item }) =>
        itemFields(this.schema, item).map((field) => ({ text: `${text}.${field.name}`, item: field.item })),
      );
    const once = reached(direct);
    return [...direct, ...once, ...reached(once)];
  }

  /** An item, from scope or out of a list; `wanted` says which types will do. */
  item(place: Place, depth: number, wanted: (item: ItemType) => boolean): ItemText | undefined {
    const { draw } = this;
    const known = this.items(place).filter(({ item }) => wanted(item));
    if (known.length > 0 && draw.chance(75)) return draw.pick(known);
    const list = this.list(place, depth - 1);
    const chosen: ItemText = { text: this.choice(list, place, depth), item: list.item };
    const found = [chosen, ...this.items({ variables: [chosen] })].filter(({ item }) => wanted(item));
    return found.length > 0 ? draw.pick(found) : known.length > 0 ? draw.pick(known) : undefined;
  }

  /** One item out of a list: by position, or the one with an extreme key. */
  private choice(list: ListText, place: Place, depth: number): string {
    const { draw } = this;
    if (draw.chance(25)) return `${draw.pick(['min', 'max'])}(${list.text}, key=${this.key(list, place, depth)})`;
    if (draw.chance(25))
      return `sort(${list.text}, key=${this.key(list, place, depth)})[${draw.pick(['0', '-1', '1'])}]`;
    if (draw.chance(20) && depth > 1) return `${list.text}[${this.integer({ variables: place.variables }, 1).text}]`;
    return `${list.text}[${draw.pick(['0', '-1', '1', '2', '-2'])}]`;
  }

  /** A sort key for the items of `list`: a lambda, or values of the same list. */
  key(list: ListText, place: Place, depth: number): string {
    if (this.draw.chance(50)) {
      const name = this.newName(place);
      return `lambda ${name}: ${this.number(this.bind(place, name, list.item), depth - 1).text}`;
    }
    return this.perItem(list, place, depth);
  }

  /** A number for each item of `list`: broadcast, and never one number for all. */
  perItem(list: ListText, place: Place, depth: number): string {
    const over: Place = { variables: place.variables, over: list };
    return `(${this.number(over, depth - 1).text} + 0 * ${this.anchor(list)})`;
  }

  /** The shortest integer expression that surely is per item of `list`. */
  anchor(list: ListText): string {
    return `(${list.text} is None)`;
  }

  /** Numbers at hand without composing. */
  private leafNumber(place: Place): NumberText {
    const { draw } = this;
    const found: NumberText[] = [];
    for (const { text, item } of this.items(place)) {
      if (item.is === 'scalar' && item.kind !== 'string') found.push({ text, kind: item.kind });
      for (const { name, kind } of scalarFields(this.schema, item)) {
        if (kind !== 'string') found.push({ text: `${text}.${name}`, kind });
      }
    }
    if (found.length > 0 && draw.chance(75)) return draw.pick(found);
    const flat = [...this.schema.columns.values()].filter(({ depth, type }) => depth === 0 && type !== 'string');
    const defined = this.definitions.flatMap((d) => (d.is === 'number' ? [{ ...d.number, text: d.name }] : []));
    const roll = draw.int(0, 3);
    if (roll === 0) return { text: draw.pick(FLOAT_CONSTANTS), kind: 'float' };
    if (roll === 1) return { text: draw.pick(this.intConstants), kind: 'int' };
    if (roll === 2 && defined.length > 0) return draw.pick(defined);
    const column = draw.pick(flat);
    const record = draw.chance(50) && /^(MET|HLT)_/.test(column.name);
    return {
      text: record ? column.name.replace('_', '.') : column.name,
      kind: kindOf(column) as NumberText['kind'],
    };
  }

  /** Any number: float, int, uint or bool. */
  number(place: Place, depth: number): NumberText {
    if (!this.deeper(depth)) return this.leafNumber(place);
    const { draw } = this;
    const sub = () => this.number(place, depth - 1);
    const kindOf2 = (a: NumberText, b: NumberText): 'float' | 'int' =>
      a.kind === 'float' || b.kind === 'float' ? 'float' : 'int';
    switch (draw.int(0, 11)) {
      case 0:
      case 1: {
        const [a, b] = [sub(), sub()];
        return { text: `(${a.text} ${draw.pick(['+', '-', '*', '//', '%'])} ${b.text})`, kind: kindOf2(a, b) };
      }
      case 2:
        return { text: `(${sub().text} ${draw.pick(['/', '**'])} ${sub().text})`, kind: 'float' };
      case 3:
        return { text: `${draw.pick(FUNCTIONS1)}(${sub().text})`, kind: 'float' };
      case 4: {
        const a = sub();
        return { text: `${draw.pick(KEEPS_INT)}(${a.text})`, kind: a.kind === 'float' ? 'float' : 'int' };
      }
      case 5:
        return { text: `${draw.pick(['atan2', 'hypot'])}(${sub().text}, ${sub().text})`, kind: 'float' };
      case 6: {
        const args = draw.times(draw.int(2, 3), sub);
        const kind = args.some((a) => a.kind === 'float') ? 'float' : 'int';
        const texts = args.map((a) => a.text).join(', ');
        return {
          text: args.length === 3 && draw.chance(40) ? `clip(${texts})` : `${draw.pick(['min', 'max'])}(${texts})`,
          kind,
        };
      }
      case 7:
        return this.choiceOf(place, depth);
      case 8:
        return this.reduction(place, depth);
      case 9:
        return this.vectorProperty(place, depth) ?? this.leafNumber(place);
      case 10: {
        const a = sub();
        const sign = draw.pick(['-', '+']);
        return {
          text: `(${sign}${a.text})`,
          kind: a.kind === 'float' ? 'float' : a.kind === 'uint' && sign === '+' ? 'uint' : 'int',
        };
      }
      default:
        return this.integer(place, depth);
    }
  }

  /** `a if c else b`, `where`, `fill_none`. */
  private choiceOf(place: Place, depth: number): NumberText {
    const { draw } = this;
    const [a, b] = [this.number(place, depth - 1), this.number(place, depth - 1)];
    // Two conditions are of one type; a condition and a number of none.
    if ((a.kind === 'bool') !== (b.kind === 'bool')) return a;
    const kind = a.kind === b.kind ? a.kind : a.kind === 'float' || b.kind === 'float' ? 'float' : 'int';
    const c = this.condition(place, depth - 1);
    switch (draw.int(0, 4)) {
      case 0:
        return { text: `(${a.text} if ${c} else ${b.text})`, kind };
      case 1:
        return { text: `where(${c}, ${a.text}, ${b.text})`, kind };
      case 2:
        return { text: `(None if ${c} else ${b.text})`, kind: b.kind };
      default:
        return { text: `fill_none(${a.text}, ${b.text})`, kind };
    }
  }

  /** An integer: int or uint. */
  integer(place: Place, depth: number): NumberText {
    const { draw } = this;
    if (!this.deeper(depth)) {
      const leaf = this.leafNumber(place);
      return leaf.kind === 'int' || leaf.kind === 'uint' ? leaf : { text: draw.pick(this.intConstants), kind: 'int' };
    }
    const sub = () => this.integer(place, depth - 1);
    switch (draw.int(0, 5)) {
      case 0:
        return { text: `(${sub().text} ${draw.pick(['&', '|', '^', '<<', '>>'])} ${sub().text})`, kind: 'int' };
      case 1:
        return { text: `(~${sub().text})`, kind: 'int' };
      case 2:
        return { text: `(${sub().text} ${draw.pick(['+', '-', '*', '//', '%'])} ${sub().text})`, kind: 'int' };
      case 3:
        return { text: `len(${this.list(place, depth - 1).text})`, kind: 'int' };
      case 4: {
        const list = this.list(place, depth - 1);
        return { text: `${draw.pick(['argmin', 'argmax'])}(${this.values(list, place, depth).text})`, kind: 'int' };
      }
      default:
        return { text: `${draw.pick(['abs', 'sign', '-'])}(${sub().text})`, kind: 'int' };
    }
  }

  /** Numbers of a list: broadcast values, or a generator. */
  private values(list: ListText, place: Place, depth: number): NumberText {
    if (list.item.is === 'scalar' && list.item.kind !== 'string' && this.draw.chance(40)) {
      return { text: list.text, kind: list.item.kind };
    }
    if (this.draw.chance(50)) {
      const name = this.newName(place);
      const inner = this.bind(place, name, list.item);
      const body = this.number(inner, depth - 1);
      const filter = this.draw.chance(30) ? ` if ${this.condition(inner, depth - 2)}` : '';
      return { text: `${body.text} for ${name} in ${list.text}${filter}`, kind: body.kind };
    }
    const body = this.number({ variables: place.variables, over: list }, depth - 1);
    return { text: `(${body.text} + 0 * ${this.anchor(list)})`, kind: body.kind === 'float' ? 'float' : 'int' };
  }

  private reduction(place: Place, depth: number): NumberText {
    const fn = this.draw.pick(['sum', 'mean', 'min', 'max']);
    const { text, kind } = this.values(this.list(place, depth - 1), place, depth);
    const integral = kind === 'bool' || (kind === 'uint' && fn === 'sum') ? 'int' : kind;
    return { text: `${fn}(${text})`, kind: fn === 'mean' ? 'float' : integral };
  }

  /** A four-vector, as text of anything that acts as one. */
  vector(place: Place, depth: number): string | undefined {
    const { draw } = this;
    const one = this.item(place, depth, (item) => isVector(this.schema, item));
    if (!one || !this.deeper(depth)) return one?.text;
    switch (draw.int(0, 4)) {
      case 0: {
        const list = this.list(place, depth - 1);
        return isVector(this.schema, list.item) ? `sum(${list.text})` : one.text;
      }
      case 1:
        return `(${one.text} ${draw.pick(['*', '/'])} ${this.number(place, depth - 1).text})`;
      case 2:
        return `(-${one.text})`;
      default: {
        const other = this.vector(place, depth - 1);
        return other ? `(${one.text} ${draw.pick(['+', '-', '+'])} ${other})` : one.text;
      }
    }
  }

  private vectorProperty(place: Place, depth: number): NumberText | undefined {
    const { draw } = this;
    const a = this.vector(place, depth - 1);
    if (!a) return undefined;
    if (draw.chance(60)) {
      const property = draw.pick(PROPERTIES);
      // A stored component keeps its name, but is read as a float or as it is stored: all are floats here.
      return { text: `${a}.${property}`, kind: 'float' };
    }
    if (draw.chance(15)) return { text: `${a}.deltaphi(MET)`, kind: 'float' };
    const b = this.vector(place, depth - 1);
    return b ? { text: `${a}.${draw.pick(['deltaR', 'deltaphi', 'deltaeta'])}(${b})`, kind: 'float' } : undefined;
  }

  /** A true/false value. */
  condition(place: Place, depth: number): string {
    const { draw } = this;
    if (!this.deeper(depth)) {
      const defined = this.definitions.flatMap((d) => (d.is === 'condition' ? [d.name] : []));
      if (defined.length > 0 && draw.chance(20)) return draw.pick(defined);
      return this.comparison(place, 0);
    }
    const sub = () => this.condition(place, depth - 1);
    switch (draw.int(0, 9)) {
      case 0:
        return `(${sub()} ${draw.pick(['and', 'or', '&', '|', '^'])} ${sub()})`;
      case 1:
        return `(${draw.pick(['not ', '~'])}${sub()})`;
      case 2:
        return `isnan(${this.number(place, depth - 1).text})`;
      case 3:
        return `(${this.number(place, depth - 1).text} is ${draw.pick(['', 'not '])}None)`;
      case 4:
        return this.membership(place, depth);
      case 5:
        return this.quantifier(place, depth);
      case 6:
        return this.identity(place, depth);
      case 7:
        return this.strings(place) ?? sub();
      case 8:
        return `(${sub()} if ${sub()} else ${sub()})`;
      default:
        return this.comparison(place, depth - 1);
    }
  }

  private comparison(place: Place, depth: number): string {
    const { draw } = this;
    const op = () => draw.pick(['<', '<=', '>', '>=', '==', '!=']);
    const [a, b, c] = draw.times(3, () => this.number(place, depth).text);
    return draw.chance(15) ? `(${a} ${op()} ${b} ${op()} ${c})` : `(${a} ${op()} ${b})`;
  }

  /** `x in …`. */
  private membership(place: Place, depth: number): string {
    const { draw } = this;
    const op = draw.pick(['in', 'not in']);
    const list = this.list(place, depth - 1);
    const members = this.items(place).filter(({ item }) => sameItemType(item, list.item) && hasIdentity(item));
    if (members.length > 0) return `(${draw.pick(members).text} ${op} ${list.text})`;
    if (list.item.is === 'scalar' && list.item.kind !== 'string') {
      return `(${this.number(place, depth - 1).text} ${op} ${list.text})`;
    }
    return `(${this.number(place, depth - 1).text} ${op} [${draw.times(3, () => this.number({ variables: place.variables }, 0).text).join(', ')}])`;
  }

  private quantifier(place: Place, depth: number): string {
    const { draw } = this;
    const fn = draw.pick(['any', 'all']);
    const list = this.list(place, depth - 1);
    if (draw.chance(50)) {
      const name = this.newName(place);
      return `${fn}(${this.condition(this.bind(place, name, list.item), depth - 1)} for ${name} in ${list.text})`;
    }
    return `${fn}(${this.mask(list, place, depth)})`;
  }

  /** A condition for each item of `list`. */
  mask(list: ListText, place: Place, depth: number): string {
    return `(${this.condition({ variables: place.variables, over: list }, depth - 1)} ${this.draw.pick(['|', 'or'])} ${this.anchor(list)})`;
  }

  /** `a is b` between items; `a is None`. */
  private identity(place: Place, depth: number): string {
    const { draw } = this;
    const a = this.item(place, depth, hasIdentity);
    if (!a) return this.comparison(place, 0);
    const b = this.item(place, depth, (item) => sameItemType(item, a.item));
    const op = draw.pick(['is', 'is not']);
    return b && draw.chance(75) ? `(${a.text} ${op} ${b.text})` : `(${a.text} ${op} None)`;
  }

  private strings(place: Place): string | undefined {
    const { draw } = this;
    const texts = this.items(place).flatMap(({ text, item }) =>
      scalarFields(this.schema, item).flatMap(({ name, kind }) => (kind === 'string' ? [`${text}.${name}`] : [])),
    );
    texts.push('stream');
    const one = draw.pick(texts);
    if (draw.chance(30)) return `(${one} ${draw.pick(['in', 'not in'])} [${draw.pick(WORDS)}, ${draw.pick(WORDS)}])`;
    return `(${one} ${draw.pick(['==', '!='])} ${draw.chance(30) ? draw.pick(texts) : draw.pick(WORDS)})`;
  }
}
