import type { SchemaElement } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { flattenSchema } from './schema.ts';

const required = { repetition_type: 'REQUIRED' } as const;
const optional = { repetition_type: 'OPTIONAL' } as const;
const repeated = { repetition_type: 'REPEATED' } as const;
const float = (name: string, repeats: object) => ({ ...repeats, name, type: 'FLOAT' }) as SchemaElement;
const group = (name: string, children: number, more: object) =>
  ({ name, num_children: children, ...more }) as SchemaElement;
const list = (name: string, repeats: object) => group(name, 1, { ...repeats, converted_type: 'LIST' });

/** `name: depth, nullable, levels` of each leaf. */
function flat(...elements: SchemaElement[]): string[] {
  const tops = { count: 0 };
  for (let i = 0; i < elements.length; tops.count++) i = after(elements, i);
  return flattenSchema([group('schema', tops.count, {}), ...elements]).map((one) => {
    if ('reason' in one) return `${one.name}: ${one.reason}`;
    const { depth, nullable, maxDefinition, itemDefinition } = one.leaf;
    return `${one.name}: ${depth}${nullable ? ' nullable' : ''} ${itemDefinition}/${maxDefinition}`;
  });
}

function after(elements: SchemaElement[], index: number): number {
  let next = index + 1;
  for (let i = 0; i < (elements[index]!.num_children ?? 0); i++) next = after(elements, next);
  return next;
}

describe('lists', () => {
  it('of three levels lose the names of the inner ones, whatever these are', () => {
    for (const [middle, inner] of [
      ['list', 'element'],
      ['list', 'item'],
      ['bag', 'array_element'],
    ]) {
      expect(flat(list('pt', required), group(middle!, 1, repeated), float(inner!, required))).toEqual(['pt: 1 1/1']);
    }
    expect(flat(list('pt', optional), group('list', 1, repeated), float('element', optional))).toEqual([
      'pt: 1 nullable 2/3',
    ]);
  });

  it('of two levels, as older writers made them, have the repeated node as item', () => {
    expect(flat(list('pt', optional), float('array', repeated))).toEqual(['pt: 1 2/2']);
    expect(flat(list('pt', required), float('element', repeated))).toEqual(['pt: 1 1/1']);
    expect(flat(list('Muon', required), group('array', 1, repeated), float('pt', required))).toEqual([
      'Muon.pt: 1 1/1',
    ]);
    expect(flat(list('Muon', required), group('Muon_tuple', 1, repeated), float('pt', optional))).toEqual([
      'Muon.pt: 1 nullable 1/2',
    ]);
    expect(
      flat(list('Muon', required), group('x', 2, repeated), float('pt', required), float('eta', required)),
    ).toEqual(['Muon.pt: 1 1/1', 'Muon.eta: 1 1/1']);
  });

  it('may be repeated fields without any annotation', () => {
    expect(flat(float('pt', repeated))).toEqual(['pt: 1 1/1']);
    expect(flat(group('Muon', 1, repeated), float('pt', optional))).toEqual(['Muon.pt: 1 nullable 1/2']);
  });

  it('of structs give a column for each field', () => {
    const muon = [list('Muon', optional), group('list', 1, repeated), group('element', 2, optional)];
    expect(flat(...muon, float('pt', required), float('eta', optional))).toEqual([
      'Muon.pt: 1 nullable 2/3',
      'Muon.eta: 1 nullable 2/4',
    ]);
  });

  it('of lists count their levels', () => {
    const inner = [list('element', required), group('list', 1, repeated), float('element', required)];
    expect(flat(list('x', required), group('list', 1, repeated), ...inner, float('y', optional))).toEqual([
      'x: 2 2/2',
      'y: 0 nullable 0/1',
    ]);
  });
});

it('maps are lists of keys and values, whatever the writer calls these', () => {
  const map = { name: 'weights', num_children: 1, repetition_type: 'OPTIONAL', converted_type: 'MAP' } as const;
  expect(flat(map, group('entries', 2, repeated), float('key', required), float('value', optional))).toEqual([
    'weights.key: 1 2/2',
    'weights.value: 1 nullable 2/3',
  ]);
});

it('fields of structs are named by their path', () => {
  expect(flat(group('MET', 1, optional), group('raw', 1, required), float('pt', required))).toEqual([
    'MET.raw.pt: 0 nullable 0/1',
  ]);
});

it('of two columns with one name the second is not supported', () => {
  const twice = [group('MET', 1, required), float('pt', required), float('MET.pt', optional)];
  expect(flat(...twice)).toEqual(['MET.pt: 0 0/0', 'MET.pt: another column has the same name']);
});

it('a schema that claims more nodes than it has is an error', () => {
  expect(() => flattenSchema([group('schema', 3, {}), float('x', required)])).toThrow('the schema is cut short');
});
