import * as z from 'zod';
import { FUNCTION_NAMES } from '../expr/functions.ts';
import { didYouMean } from '../expr/suggest.ts';
import type { AnalysisDocument, AxisSpec, FitSpec, HistogramSpec, Slider } from './document.ts';
import { CERTIFIED } from './lumis.ts';

/**
 * The one schema of the analysis document (DESIGN section 5). It checks the **wire form**: the same keys
 * as the YAML text, but with `define`, `select`, `histograms` and `defaults` as lists of pairs, because a
 * JavaScript object would sort a cut called `2` before one called `a`. `yaml.ts` makes the wire form from a
 * text, `link.ts` from a link.
 */

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
  files: 10_000,
  fits: 20,
  /** Of certified runs: those of some years of data taking. */
  runs: 10_000,
  blocks: 10_000,
} as const;

/** Keys whose value is an ordered mapping: `[name, value]` pairs in the wire form. */
export const PAIR_SECTIONS: readonly string[] = ['define', 'select', 'histograms', 'defaults', 'lumis', 'sliders'];

/** Names that a definition can't take, besides the functions of the language. */
const KEYWORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global if ' +
    'import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);
const IDENTIFIER = /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u;

type Path = (string | number)[];

const must = (what: string) => ({
  error: (issue: { input?: unknown }) => (issue.input === undefined ? 'is missing' : `must be ${what}`),
});

/** An object without unknown keys; `unknownKeys` below words the complaint. */
const mapping = <S extends z.ZodRawShape>(shape: S) => z.strictObject(shape, must('a mapping'));

const text = (max = 10_000) => z.string(must('text')).max(max, `must be at most ${max} characters long`);
const name = text(LIMITS.name).min(1, 'must have a name');
const expression = text(LIMITS.expression).refine((t) => t.trim() !== '', 'must be an expression, but is empty');
const finite = z.number(must('a finite number'));

const list = <T extends z.ZodType>(item: T, max: number) =>
  z.array(item, must('a list')).max(max, `must have at most ${max} entries`);

/** Pairs with names that differ. */
const pairs = <T extends z.ZodType>(key: z.ZodType<string>, value: T, most: number = LIMITS.entries) =>
  z
    .array(z.tuple([key, value]), must('a mapping'))
    .max(most, `must have at most ${most} entries`)
    .superRefine((entries, ctx) => {
      const seen = new Set<string>();
      (entries as [string, unknown][]).forEach(([key], i) => {
        if (seen.has(key)) ctx.addIssue({ code: 'custom', path: [i, 0], message: 'is there twice' });
        seen.add(key);
      });
    });

/** `plain` for a string, else `full`: says what is wrong with the alternative that was meant. */
function stringOr<A, B>(plain: z.ZodType<A>, full: z.ZodType<B>) {
  return z.unknown().transform((value, ctx): A | B => {
    const result = typeof value === 'object' && value !== null ? full.safeParse(value) : plain.safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues) ctx.issues.push({ ...issue, input: value } as (typeof ctx.issues)[number]);
    return z.NEVER;
  });
}

/** Why a definition can't have a name, as the rest of a sentence; undefined where it can. */
export function definitionNameProblem(key: string): string | undefined {
  if (!IDENTIFIER.test(key)) return 'is not a name that an expression can use: take letters, digits and _';
  return KEYWORDS.has(key) || FUNCTION_NAMES.has(key)
    ? 'is a word of the expression language: take another name'
    : undefined;
}

const definitionName = name.superRefine((key, ctx) => {
  const problem = definitionNameProblem(key);
  if (problem) ctx.addIssue(problem);
});
const columnName = name.refine((key) => key !== '__proto__', 'is not the name of a column');

const fileShape = {
  local: name,
  size: z.int(must('a whole number of bytes')).min(0, 'must be a whole number of bytes'),
  sha256: z.string(must('a SHA-256 in hexadecimal')).regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal'),
};
const sourceShape = {
  record: text().optional(),
  doi: text().optional(),
  licence: text().optional(),
  note: text().optional(),
  bytes: z.int(must('a whole number of bytes')).min(0, 'must be a whole number of bytes').optional(),
};
const datasetShape = {
  name,
  files: list(
    stringOr(text(4096).min(1, 'must be an address or the name of a file'), mapping(fileShape)),
    LIMITS.files,
  ),
  tree: name.optional(),
  source: mapping(sourceShape).optional(),
  lumis: z.literal(false, must('false, or left out')).optional(),
};
const cutShape = { cut: expression, enabled: z.boolean(must('true or false')).optional() };

const axisShape = {
  value: expression,
  bins: z
    .int(must('a whole number'))
    .min(1, 'must be at least 1')
    .max(LIMITS.bins, `must be at most ${LIMITS.bins}`)
    .optional(),
  range: z.tuple([finite, finite], must('a list of two numbers')).optional(),
  scale: z.enum(['linear', 'log', 'sqrt'], must('linear, log or sqrt')).optional(),
  edges: list(finite, LIMITS.bins + 1)
    .min(2, 'must have at least two numbers')
    .optional(),
  categories: list(z.union([z.int(), z.string()], must('a whole number or text')), LIMITS.categories)
    .min(1, 'must not be empty')
    .optional(),
  boolean: z.literal(true, must('true')).optional(),
  label: text().optional(),
  unit: text(LIMITS.name).optional(),
};

/** What types can't say of an axis: exactly one kind, ascending edges, a range that its scale allows. */
function checkAxis(axis: AxisSpec, ctx: z.RefinementCtx): void {
  const fail = (message: string, ...path: Path) => ctx.addIssue({ code: 'custom', path, message });
  const kinds = [axis.bins !== undefined || axis.range !== undefined, axis.edges, axis.categories, axis.boolean].filter(
    Boolean,
  );
  if (kinds.length !== 1) {
    fail(
      `must have exactly one of bins with range, edges, categories, boolean: true${kinds.length ? ', but has several' : ''}`,
    );
    return;
  }
  const { bins, range, scale, edges, categories } = axis;
  if (bins !== undefined && !range) fail('has bins but no range: add range: [low, high]');
  if (range && bins === undefined) fail('has a range but no bins: add bins');
  if (range && !(range[0] < range[1])) fail('must go from a lower to a higher number', 'range');
  else if (range && scale === 'log' && !(range[0] > 0)) fail('must start above 0 on a log scale', 'range');
  else if (range && scale === 'sqrt' && !(range[0] >= 0)) fail('must not start below 0 on a sqrt scale', 'range');
  else if (range && !Number.isFinite(range[1] - range[0])) fail('is too wide', 'range');
  if (scale && !range) fail('goes with bins and range only', 'scale');
  const descent = edges?.findIndex((edge, i) => i > 0 && !(edges[i - 1] < edge)) ?? -1;
  if (descent >= 0) fail('must be greater than the edge before it', 'edges', descent);
  if (categories?.some((c) => typeof c !== typeof categories[0]))
    fail('must be all whole numbers or all text', 'categories');
  if (categories && new Set(categories).size < categories.length) fail('must differ from one another', 'categories');
}

/** `[low, high]` with low < high. */
const interval = z
  .tuple([finite, finite], must('a list of two numbers'))
  .refine(([low, high]) => low < high, 'must go from a lower to a higher number');
const flag = z.boolean(must('true or false'));

const fitShape = {
  peak: z.enum(['gaussian', 'crystal-ball'], must('gaussian or crystal-ball')).optional(),
  background: z
    .int(must('a whole number: the degree of a polynomial'))
    .min(0, 'must be from 0 to 5')
    .max(5, 'must be from 0 to 5')
    .optional(),
  range: interval.optional(),
};

function checkFit({ peak, background }: FitSpec, ctx: z.RefinementCtx): void {
  if (peak === undefined && background === undefined) ctx.addIssue('must have a peak, a background or both');
}

const viewShape = {
  log: flag.optional(),
  flow: flag.optional(),
  stack: flag.optional(),
  normalise: flag.optional(),
  ratio: z.enum(['ratio', 'efficiency'], must('ratio or efficiency')).optional(),
  overlay: list(name, LIMITS.axes).optional(),
  rebin: z.int(must('a whole number')).min(1, 'must be at least 1').max(LIMITS.bins, 'is too large').optional(),
  range: interval.optional(),
};

const histogramShape = {
  title: text().optional(),
  axes: list(mapping(axisShape).superRefine(checkAxis), LIMITS.axes).min(1, 'must have at least one axis'),
  select: expression.optional(),
  weight: expression.optional(),
  storage: z.enum(['count', 'weighted', 'mean'], must('count, weighted or mean')).optional(),
  sample: expression.optional(),
  per: expression.optional(),
  fits: list(mapping(fitShape).superRefine(checkFit), LIMITS.fits).optional(),
  view: mapping(viewShape).optional(),
};

/** Bins of an axis, flow included. */
function extentOf({ bins, edges, categories }: AxisSpec): number {
  return edges ? edges.length + 1 : categories ? categories.length + 1 : bins ? bins + 2 : 2;
}

/** A mean needs what it is the mean of; no other storage has a use for it. Bins have numbers that a double can hold. */
function checkHistogram(
  { axes, storage, sample }: Pick<HistogramSpec, 'axes' | 'storage' | 'sample'>,
  ctx: z.RefinementCtx,
): void {
  const bins = axes.reduce((product, axis) => product * extentOf(axis), 1);
  if (bins > 2 ** 53)
    ctx.addIssue(`has about ${bins.toPrecision(2)} bins, more than 2^53: take fewer axes, or fewer bins on each`);
  const fail = (message: string, ...path: Path) => ctx.addIssue({ code: 'custom', path, message });
  if (storage === 'mean' && sample === undefined) fail('is mean, so the histogram needs a sample', 'storage');
  if (storage !== 'mean' && sample !== undefined) fail('goes with storage: mean only', 'sample');
}

const publicationShape = {
  experiment: text(LIMITS.name).optional(),
  status: text(LIMITS.name).optional(),
  luminosity: text(LIMITS.name).optional(),
  energy: text(LIMITS.name).optional(),
};

const sliderShape = {
  range: interval,
  step: finite.positive('must be above 0').optional(),
  label: text(LIMITS.name).optional(),
  unit: text(LIMITS.name).optional(),
};

function checkSlider({ range, step }: { range: [number, number]; step?: number }, ctx: z.RefinementCtx): void {
  if (step !== undefined && !(step <= range[1] - range[0]))
    ctx.addIssue({ code: 'custom', path: ['step'], message: 'must not be longer than the range' });
}

const runNumber = name.refine((run) => /^\d{1,10}$/.test(run) && Number(run) <= 0xffffffff, 'is not a run number');
const block = z.int(must('a whole number')).min(0, 'must not be negative').max(0xffffffff, 'is too large');
const blockRange = z
  .tuple([block, block], must('a list of two numbers: the first and the last luminosity block'))
  .refine(([first, last]) => first <= last, 'must go from the first to the last luminosity block');

const documentShape = {
  lumiscope: z.literal(1, {
    error: (issue) =>
      issue.input === undefined
        ? 'is missing: the document starts with lumiscope: 1'
        : 'must be 1: this app reads version 1',
  }),
  title: text().optional(),
  description: text(LIMITS.text).optional(),
  datasets: list(mapping(datasetShape), LIMITS.entries)
    .superRefine((datasets, ctx) => {
      datasets.forEach((dataset, i) => {
        if (datasets.findIndex((d) => d.name === dataset.name) < i)
          ctx.addIssue({ code: 'custom', path: [i, 'name'], message: 'is the name of two data sets' });
      });
    })
    .default([]),
  explanation: text(4096).optional(),
  publication: mapping(publicationShape).optional(),
  lumis: pairs(runNumber, list(blockRange, LIMITS.blocks), LIMITS.runs)
    .refine((runs) => runs.length > 0, 'must have a run: leave it out to take every event')
    .optional(),
  define: pairs(definitionName, expression).default([]),
  select: pairs(name, stringOr(expression, mapping(cutShape))).default([]),
  weight: expression.optional(),
  histograms: pairs(name, mapping(histogramShape).superRefine(checkHistogram)).default([]),
  sliders: pairs(definitionName, mapping(sliderShape).superRefine(checkSlider)).optional(),
  defaults: pairs(columnName, z.union([finite, z.boolean(), text()], must('a number, true, false or text'))).default(
    [],
  ),
};

/** A slider moves a definition that is one number. */
function checkSliders(
  { define, sliders = [] }: { define: [string, string][]; sliders?: [string, unknown][] },
  ctx: z.RefinementCtx,
): void {
  const definitions = new Map(define);
  sliders.forEach(([name], i) => {
    const expression = definitions.get(name);
    const message =
      expression === undefined
        ? 'is not the name of a definition'
        : !isLiteral(expression) && 'is a slider, so its definition must be a plain number';
    if (message) ctx.addIssue({ code: 'custom', path: ['sliders', i, 0], message });
  });
}

/** The row of `lumis` is found by its name. */
function checkCutNames(
  { lumis, select }: { lumis?: unknown; select: [string, unknown][] },
  ctx: z.RefinementCtx,
): void {
  const at = lumis === undefined ? -1 : select.findIndex(([name]) => name === CERTIFIED);
  if (at < 0) return;
  ctx.addIssue({ code: 'custom', path: ['select', at, 0], message: 'is the row of lumis: take another name' });
}

/** Whether an expression is a number and nothing else: `25`, `-2.4`, `1e3`. */
export function isLiteral(expression: string): boolean {
  return /^\s*-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(expression);
}

const documentSchema = mapping(documentShape)
  .superRefine(checkSliders)
  .superRefine(checkCutNames)
  .transform(
    (wire): AnalysisDocument => ({
      lumiscope: 1,
      ...(wire.title !== undefined && { title: wire.title }),
      ...(wire.description !== undefined && { description: wire.description }),
      ...(wire.explanation !== undefined && { explanation: wire.explanation }),
      ...(wire.publication && { publication: wire.publication }),
      datasets: wire.datasets,
      ...(wire.lumis && { lumis: wire.lumis.map(([run, blocks]) => ({ run: Number(run), blocks })) }),
      define: wire.define.map(([name, expression]) => ({ name, expression })),
      select: wire.select.map(([name, cut]) =>
        typeof cut === 'string'
          ? { name, expression: cut, enabled: true }
          : { name, expression: cut.cut, enabled: cut.enabled ?? true },
      ),
      ...(wire.weight !== undefined && { weight: wire.weight }),
      histograms: wire.histograms.map(([name, spec]) => ({ name, ...(spec as Omit<HistogramSpec, 'name'>) })),
      ...(wire.sliders && {
        sliders: wire.sliders.map(([name, slider]) => ({ name, ...(slider as Omit<Slider, 'name'>) })),
      }),
      defaults: Object.fromEntries(wire.defaults),
    }),
  );

/** `{ value: max(a, b) }` is read as the keys `value` and `b)`. */
const COMMAS = 'an expression with commas needs quotes here: "max(a, b)"';

/** A complaint about a document; `keys` lead to the value (or, `ofKey`, to the key itself). */
export interface DocumentIssue {
  keys: Path;
  ofKey: boolean;
  message: string;
  hint?: string;
}

/** The shape of the mapping at a place of a document; undefined where the document has none, or names of its own. */
function shapeAt([section, , part, item]: Path, depth: number): z.ZodRawShape | undefined {
  if (depth === 0) return documentShape;
  if (depth === 1) return section === 'publication' ? publicationShape : undefined;
  const shapes: Record<string, z.ZodRawShape> = {
    datasets: datasetShape,
    select: cutShape,
    histograms: histogramShape,
    sliders: sliderShape,
  };
  if (depth === 2) return shapes[String(section)];
  if (depth === 3 && section === 'datasets' && part === 'source') return sourceShape;
  if (depth === 3 && section === 'histograms' && part === 'view') return viewShape;
  if (depth !== 4 || typeof item !== 'number') return undefined;
  if (section === 'datasets') return part === 'files' ? fileShape : undefined;
  return section === 'histograms' ? { axes: axisShape, fits: fitShape }[String(part)] : undefined;
}

/** The keys that the mapping at a place of a document may have: `[]` asks for those of the document itself. */
export function knownKeys(keys: Path): string[] {
  return Object.keys(shapeAt(keys, keys.length) ?? {});
}

/** The words that a value at a place of a document is one of, where it is one of a few: `linear`, `log`, `sqrt`. */
export function knownValues(keys: Path): string[] {
  const above = shapeAt(keys, keys.length - 1);
  let type: unknown = above?.[String(keys[keys.length - 1])];
  while (type instanceof z.ZodOptional) type = type.unwrap();
  if (type instanceof z.ZodEnum) return type.options.map(String);
  if (type instanceof z.ZodBoolean) return ['true', 'false'];
  return type instanceof z.ZodLiteral ? [...type.values].map(String) : [];
}

/** From a path in the wire form, `['define', 3, 1]`, to keys of the document, `['define', 'good']`. */
function toKeys(wire: unknown, path: Path): { keys: Path; ofKey: boolean } {
  const [section, index, side, ...rest] = path;
  if (!PAIR_SECTIONS.includes(String(section)) || index === undefined) return { keys: path, ofKey: false };
  const entries = (wire as Record<string, unknown[][]>)[section];
  return { keys: [section, String(entries[index as number]?.[0] ?? index), ...rest], ofKey: side === 0 };
}

/**
 * Checks a wire form. All issues are found at once, as far as one doesn't hide another.
 */
export function checkDocument(wire: unknown): { document?: AnalysisDocument; issues: DocumentIssue[] } {
  const result = documentSchema.safeParse(wire);
  if (result.success) return { document: result.data, issues: [] };
  const issues = result.error.issues.flatMap((issue): DocumentIssue[] => {
    const path = issue.path as Path;
    if (issue.code === 'unrecognized_keys') {
      const above = toKeys(wire, path).keys;
      const known = knownKeys(above);
      return issue.keys.slice(0, 100).map((key) => ({
        keys: [...above, key],
        ofKey: true,
        message: `unknown key ${key}`,
        hint: didYouMean(key, known) ?? (/[()[\]]/.test(key) ? COMMAS : `known here: ${known.join(', ')}`),
      }));
    }
    const place = toKeys(wire, path);
    const subject = place.keys.length === 0 ? 'the document' : subjectOf(place.keys);
    return [{ ...place, message: `${subject} ${issue.message}` }];
  });
  return { issues };
}

/** `bins`, `axis 1`, `edge 3`: what a message is about. */
function subjectOf(keys: Path): string {
  const last = keys[keys.length - 1];
  if (typeof last === 'string') return last;
  const list = String(keys[keys.length - 2]);
  const singular =
    { axes: 'axis', datasets: 'data set', files: 'file', edges: 'edge', categories: 'category', fits: 'fit' }[list] ??
    (keys[0] === 'lumis' ? `range of run ${list},` : list);
  return `${singular} ${last + 1}`;
}
