import { describe, expect, it } from 'vitest';
import { Encoding } from './pageHeader.ts';
import type { Leaf } from './schema.ts';
import { flattenSchema } from './schema.ts';
import { ValueDecoder } from './valueDecoder.ts';

type Element = Parameters<typeof flattenSchema>[0][number];

function leafOf(element: Omit<Element, 'name'>): Leaf {
  const [found] = flattenSchema([
    { name: 'schema', num_children: 1 },
    { name: 'x', ...element },
  ]);
  return (found as { leaf: Leaf }).leaf;
}

const flag = leafOf({ type: 'BOOLEAN', repetition_type: 'REQUIRED' });
const single = leafOf({ type: 'FLOAT', repetition_type: 'REQUIRED' });
const text = leafOf({ type: 'BYTE_ARRAY', repetition_type: 'REQUIRED' });
const decimal = leafOf({
  type: 'FIXED_LEN_BYTE_ARRAY',
  type_length: 2,
  converted_type: 'DECIMAL',
  scale: 1,
  repetition_type: 'REQUIRED',
});

describe('an encoding that values of a type do not have', () => {
  it.each([
    ['BOOLEAN', flag, Encoding.BYTE_STREAM_SPLIT, new Uint8Array(4)],
    ['FLOAT', single, Encoding.DELTA_BINARY_PACKED, new Float32Array(4)],
    ['BYTE_ARRAY', text, Encoding.BYTE_STREAM_SPLIT, new Uint32Array(4)],
    ['DECIMAL', decimal, Encoding.DELTA_BINARY_PACKED, new Float64Array(4)],
    ['FLOAT', single, 1, new Float32Array(4)],
  ])('is named: %s', (_, leaf, encoding, out) => {
    const decoder = new ValueDecoder(leaf);
    expect(() => decoder.decode(encoding, new Uint8Array(100), 0, 4, out, 0)).toThrow(`encoding ${encoding}`);
  });
});

describe('fewer values than a page is to have', () => {
  it.each([
    ['flags', flag, Encoding.PLAIN, new Uint8Array(9), 1],
    ['floats', single, Encoding.PLAIN, new Float32Array(9), 35],
    ['split floats', single, Encoding.BYTE_STREAM_SPLIT, new Float32Array(9), 35],
    ['decimals', decimal, Encoding.PLAIN, new Float64Array(9), 17],
  ])('are damage: %s', (_, leaf, encoding, out, bytes) => {
    const decoder = new ValueDecoder(leaf);
    expect(() => decoder.decode(encoding, new Uint8Array(bytes), 0, 9, out, 0)).toThrow('fewer than its 9 values');
  });
});

it('decimals of two bytes are numbers with their decimal places', () => {
  const out = new Float64Array(4);
  new ValueDecoder(decimal).decode(Encoding.PLAIN, Uint8Array.of(0xff, 0xff, 0x80, 0, 0x7f, 0xff), 0, 3, out, 1);
  expect([...out]).toEqual([0, -0.1, -3276.8, 3276.7]);
});
