import { expect, it } from 'vitest';
import { library } from './library.ts';

const declared = (text: string): string[] =>
  [...text.matchAll(/^(?:fn|struct|const|var(?:<private>)?) (\w+)/gm)].map(([, name]) => name!);

it('what is asked for comes with what it needs, once, and nothing else', () => {
  const names = declared(library(['num_sub']));
  expect(names).toEqual(['Num', 'doubt', 'zero', 'opaque', 'two_sum', 'fast_two_sum', 'num_neg', 'num_add', 'num_sub']);
});

it('the order of names changes nothing', () => {
  expect(library(['num_sin', 'num_add', 'int_mul'])).toBe(
    library(new Set(['int_mul', 'num_add', 'num_sin', 'num_add'])),
  );
});

it('says which function there is not', () => {
  expect(() => library(['num_gamma'])).toThrow('the number library has no num_gamma');
});
