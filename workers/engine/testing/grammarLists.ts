/** Random lists: every way that the language has to make a collection out of others. */
import { type ItemType, isVector, type ListText, type Place, sameItemType, type Writer } from './grammarTypes.ts';

/** Longest list that is worth waiting for: a chain of products would never end. */
const MAX_SIZE = 24;

/** A list that is at hand: a collection or a definition. */
function atHand(grammar: Writer): ListText {
  const { draw, schema } = grammar;
  const defined = grammar.definitions.flatMap((d) => (d.is === 'list' ? [{ ...d.list, text: d.name }] : []));
  if (defined.length > 0 && draw.chance(40)) return draw.pick(defined);
  const name = draw.pick([...schema.collections.keys()]);
  const bare = schema.collections.get(name)!.self;
  const item: ItemType = bare ? { is: 'scalar', kind: 'float' } : { is: 'item', collection: name };
  return { text: name, item, size: 4 };
}

const derived = ({ item, size }: ListText): Omit<ListText, 'text'> => ({ item, size });

/** Any list that can be written at `place`. */
export function drawList(grammar: Writer, place: Place, depth: number): ListText {
  if (!grammar.deeper(depth)) return atHand(grammar);
  const { draw } = grammar;
  const source = (): ListText => grammar.list(place, depth - 1);
  switch (draw.int(0, 9)) {
    case 0:
    case 1: {
      const list = source();
      return { ...derived(list), text: `${list.text}[${grammar.mask(list, place, depth)}]` };
    }
    case 2: {
      const list = source();
      const bound = () =>
        draw.chance(20) ? grammar.integer(place, 1).text : draw.pick(['', '0', '1', '2', '-1', '-2', '3']);
      return { ...derived(list), text: `${list.text}[${bound()}:${bound()}]` };
    }
    case 3: {
      const list = source();
      const reverse = draw.pick(['', ', reverse=True', ', reverse=False']);
      // Which items come first shows in a slice only: a histogram doesn't care.
      const cut = draw.pick(['', '[:1]', '[:2]', '[1:]', '[-1:]']);
      return { ...derived(list), text: `sort(${list.text}, key=${grammar.key(list, place, depth)}${reverse})${cut}` };
    }
    case 4: {
      const list = source();
      const n = list.size <= 5 ? draw.int(2, 3) : 2;
      const size = n === 3 ? 10 : (list.size * (list.size - 1)) / 2;
      if (size > MAX_SIZE) return list;
      return { text: `combinations(${list.text}, ${n})`, item: { is: 'tuple', parts: Array(n).fill(list.item) }, size };
    }
    case 5: {
      const [a, b] = [source(), source()];
      if (a.size * b.size > MAX_SIZE) return a;
      return {
        text: `cartesian(${a.text}, ${b.text})`,
        item: { is: 'tuple', parts: [a.item, b.item] },
        size: a.size * b.size,
      };
    }
    case 6:
      return concatenation(source(), source());
    case 7:
      return numbers(grammar, place, depth, source());
    default:
      return comprehension(grammar, place, depth, source());
  }
}

/** Items are items, or both lists are of numbers, strings or four-vectors: else they don't concatenate. */
function concatenation(a: ListText, b: ListText): ListText {
  const text = `concatenate(${a.text}, ${b.text})`;
  const size = a.size + b.size;
  if (size > MAX_SIZE) return a;
  if (sameItemType(a.item, b.item)) return { text, item: a.item, size };
  if (a.item.is === 'scalar' && b.item.is === 'scalar') {
    const kinds = [a.item.kind, b.item.kind];
    if (kinds.includes('string') || kinds.includes('bool')) return a;
    return { text, item: { is: 'scalar', kind: 'float' }, size };
  }
  const plain = [a, b].some(({ item }) => item.is === 'scalar' || item.is === 'vector');
  return plain ? a : { text, item: { is: 'union', parts: [a.item, b.item] }, size };
}

/** A list of values: broadcast, or written out. */
function numbers(grammar: Writer, place: Place, depth: number, list: ListText): ListText {
  const { draw } = grammar;
  if (draw.chance(40)) {
    const items = draw.times(draw.int(1, 3), () => grammar.number(place, 1));
    const kinds = new Set(items.map(({ kind }) => kind));
    const [only] = kinds;
    const kind = kinds.size === 1 ? only! : kinds.has('float') ? 'float' : 'int';
    const mixed = kinds.size > 1 && kinds.has('bool');
    const texts = mixed
      ? items.map(({ text, kind: k }) => (k === 'bool' ? `(+${text})` : text))
      : items.map(({ text }) => text);
    return { text: `[${texts.join(', ')}]`, item: { is: 'scalar', kind }, size: items.length, literal: true };
  }
  const values = grammar.perItem(list, place, depth);
  const item: ItemType = { is: 'scalar', kind: 'float' };
  return { text: `(1.0 * ${values})`, item, size: list.size };
}

/** `[… for x in … if … for y in …]`. */
function comprehension(grammar: Writer, place: Place, depth: number, list: ListText): ListText {
  const { draw } = grammar;
  const name = grammar.newName(place);
  let inner = grammar.bind(place, name, list.item);
  let clauses = `for ${name} in ${list.text}`;
  let size = list.size;
  if (draw.chance(50)) clauses += ` if ${grammar.condition(inner, depth - 1)}`;
  if (draw.chance(30)) {
    const second = grammar.list(inner, depth - 2);
    if (size * second.size <= MAX_SIZE) {
      const other = grammar.newName(inner);
      inner = grammar.bind(inner, other, second.item);
      clauses += ` for ${other} in ${second.text}`;
      size *= second.size;
      if (draw.chance(40)) clauses += ` if ${grammar.condition(inner, depth - 2)}`;
    }
  }
  const element = drawElement(grammar, inner, depth);
  return { text: `[${element.text} ${clauses}]`, item: element.item, size };
}

function drawElement(grammar: Writer, inner: Place, depth: number): { text: string; item: ItemType } {
  const { draw } = grammar;
  switch (draw.int(0, 3)) {
    case 0: {
      const { text, kind } = grammar.number(inner, depth - 1);
      return { text, item: { is: 'scalar', kind } };
    }
    case 1: {
      const [a, b] = [grammar.vector(inner, 1), grammar.vector(inner, 1)];
      return a && b ? { text: `(${a} + ${b})`, item: { is: 'vector' } } : draw.pick(grammar.items(inner));
    }
    case 2: {
      const items = grammar.items(inner).filter(({ item }) => isVector(grammar.schema, item) || item.is === 'tuple');
      return items.length > 0 ? draw.pick(items) : draw.pick(grammar.items(inner));
    }
    default:
      return draw.pick(grammar.items(inner));
  }
}
