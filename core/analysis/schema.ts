import * as z from 'zod';
import { FUNCTION_NAMES } from '../expr/functions.ts';
import { didYouMean } from '../expr/suggest.ts';
import type { AnalysisDocument, HistogramSpec, Slider } from './document.ts';
import { expression, finite, interval, LIMITS, list, mapping, must, name, type Path, text } from './formParts.ts';
import { axisShape, checkHistogram, fitShape, histogramShape, viewShape } from './histogramForm.ts';
import { CERTIFIED } from './lumis.ts';

/**
 * The one schema of the analysis document (DESIGN section 5). It checks the **wire form**: the same keys
 * as the YAML text, but with `define`, `select`, `histograms` and `defaults` as lists of pairs, because a
 * JavaScript object would sort a cut called `2` before one called `a`. `yaml.ts` makes the wire form from a
 * text, `link.ts` from a link.
 */

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

function isAddress(text: string): boolean {
  return URL.canParse(text);
}

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
  return either((value) => typeof value === 'object' && value !== null, full, plain);
}

/** `first` where `isFirst` says so, else `second`. */
function either<A, B>(isFirst: (value: unknown) => boolean, first: z.ZodType<A>, second: z.ZodType<B>) {
  return z.unknown().transform((value, ctx): A | B => {
    const result = isFirst(value) ? first.safeParse(value) : second.safeParse(value);
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
/** Where keys, tokens and passwords go: a document is handed on, and its link stays in histories. */
const NO_SECRETS =
  'keys and tokens are given for a visit (Access), or to the command line by its environment; no document holds them';

const address = text(4096)
  .min(1, 'must be an address or the name of a file')
  .refine((entry) => !/^\w+:\/\/[^/?#]*@/.test(entry), `must not hold keys or a password: ${NO_SECRETS}`);

const s3Shape = {
  endpoint: text(1024)
    .regex(/^https?:\/\/[^/?#@\s]+[^?#@\s]*$/, 'must be an address: https://s3.example.org')
    .refine(isAddress, 'must be an address: https://s3.example.org')
    .optional(),
  region: text(LIMITS.name)
    .regex(/^[\w-]+$/, 'must be the name of a region: eu-west-1')
    .optional(),
  style: z.enum(['path', 'host'], must('path or host')).optional(),
};
const replicasShape = {
  replicas: list(address, LIMITS.replicas).refine((all) => all.length > 0, 'must name an address'),
};
const fileEntry = either(
  (value) => Object.hasOwn(value as object, 'replicas'),
  mapping(replicasShape),
  mapping(fileShape),
);
const datasetShape = {
  name,
  files: list(stringOr(address, fileEntry), LIMITS.files),
  tree: name.optional(),
  s3: mapping(s3Shape).optional(),
  source: mapping(sourceShape).optional(),
  lumis: z.literal(false, must('false, or left out')).optional(),
};
const cutShape = { cut: expression, enabled: z.boolean(must('true or false')).optional() };

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

/** What people call keys and tokens. */
const SECRET_KEY = /key|secret|token|password|credential/i;

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
  if (depth === 3 && section === 'datasets' && part === 's3') return s3Shape;
  if (depth === 3 && section === 'histograms' && part === 'view') return viewShape;
  if (depth !== 4 || typeof item !== 'number') return undefined;
  if (section === 'datasets') return part === 'files' ? { ...fileShape, ...replicasShape } : undefined;
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
        hint:
          (SECRET_KEY.test(key) ? NO_SECRETS : didYouMean(key, known)) ??
          (/[()[\]]/.test(key) ? COMMAS : `known here: ${known.join(', ')}`),
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
    {
      axes: 'axis',
      datasets: 'data set',
      files: 'file',
      edges: 'edge',
      categories: 'category',
      fits: 'fit',
      replicas: 'replica',
    }[list] ?? (keys[0] === 'lumis' ? `range of run ${list},` : list);
  return `${singular} ${last + 1}`;
}
