import * as z from 'zod';

/** What the forms of a document's parts are made of, with the words of their complaints. */

// zod's compiled validators need `new Function`, which the page's policy forbids.
z.config({ jitless: true });

/** What a document may hold at most: a hostile one costs no more than a big one. */
export const LIMITS = {
  text: 1_000_000,
  name: 200,
  expression: 20_000,
  entries: 1000,
  bins: 1_000_000,
  categories: 10_000,
  axes: 9,
  replicas: 16,
  files: 10_000,
  fits: 20,
  /** Of certified runs: those of some years of data taking. */
  runs: 10_000,
  blocks: 10_000,
} as const;

/** From the root of a wire form to a value in it. */
export type Path = (string | number)[];

export const must = (what: string) => ({
  error: (issue: { input?: unknown }) => (issue.input === undefined ? 'is missing' : `must be ${what}`),
});

/** An object without unknown keys; `checkDocument` words the complaint. */
export const mapping = <S extends z.ZodRawShape>(shape: S) => z.strictObject(shape, must('a mapping'));

export const text = (max = 10_000) => z.string(must('text')).max(max, `must be at most ${max} characters long`);
export const name = text(LIMITS.name).min(1, 'must have a name');
export const expression = text(LIMITS.expression).refine((t) => t.trim() !== '', 'must be an expression, but is empty');
export const finite = z.number(must('a finite number'));

export const list = <T extends z.ZodType>(item: T, max: number) =>
  z.array(item, must('a list')).max(max, `must have at most ${max} entries`);

/** `[low, high]` with low < high. */
export const interval = z
  .tuple([finite, finite], must('a list of two numbers'))
  .refine(([low, high]) => low < high, 'must go from a lower to a higher number');
export const flag = z.boolean(must('true or false'));
