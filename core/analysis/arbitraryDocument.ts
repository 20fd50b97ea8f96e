import fc from 'fast-check';
import type { AnalysisDocument, AxisSpec, Cut, HistogramSpec } from './document.ts';

/** Right documents, with names and texts that YAML finds hard; for property tests. */

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 8 }).filter((t) => t.isWellFormed()),
  fc.constantFrom(
    '1',
    '1.50',
    'True',
    'null',
    '~',
    'a: b',
    '# no',
    '- x',
    'two\nlines\n',
    ' \tx ',
    '{a}',
    "'",
    '"',
    '*x',
    '!t',
  ),
);
const name = text.filter((t) => t !== '' && t !== '__proto__');
const expression = fc.oneof(
  fc.constantFrom('len(Jet) >= 2', 'Muon[0].pt', '1', '2.5', 'x # y'),
  text.filter((t) => t.trim() !== ''),
);
/** Without −0, which JSON turns into 0. */
const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }).map((x) => x + 0);
const unique = <T>(entries: fc.Arbitrary<T>, key: (entry: T) => string) =>
  fc.uniqueArray(entries, { maxLength: 4, selector: key });
const ascending = (low: number) =>
  fc
    .uniqueArray(fc.double({ noNaN: true, min: low, max: 1e300 }), {
      minLength: 2,
      maxLength: 5,
      comparator: 'SameValueZero',
    })
    .map((edges) =>
      // −0 and 0 are one edge
      [...new Set(edges.map((edge) => edge + 0))].sort((a, b) => a - b),
    )
    .filter((edges) => edges.length > 1);
const words = { label: text, unit: text };

const axis = fc.oneof(
  fc.constantFrom('linear' as const, 'log' as const, 'sqrt' as const).chain((scale) =>
    fc.record(
      {
        value: expression,
        bins: fc.integer({ min: 1, max: 1000 }),
        range: ascending({ linear: -1e300, log: 5e-324, sqrt: 0 }[scale]).map(([lo, hi]): [number, number] => [lo, hi]),
        scale: fc.constant(scale),
        ...words,
      },
      { requiredKeys: ['value', 'bins', 'range', 'scale'] },
    ),
  ),
  fc.record({ value: expression, edges: ascending(-1e300), ...words }, { requiredKeys: ['value', 'edges'] }),
  fc.record(
    {
      value: expression,
      categories: fc.oneof(
        fc.uniqueArray(
          fc.maxSafeInteger().map((n) => n + 0),
          { minLength: 1, maxLength: 4 },
        ),
        fc.uniqueArray(text, { minLength: 1, maxLength: 4 }),
      ),
      ...words,
    },
    { requiredKeys: ['value', 'categories'] },
  ),
  fc.record(
    { value: expression, boolean: fc.constant(true as const), ...words },
    { requiredKeys: ['value', 'boolean'] },
  ),
);

const degree = fc.integer({ min: 0, max: 5 });
const interval = ascending(-1e300).map(([lo, hi]): [number, number] => [lo, hi]);

export const arbitraryHistogram: fc.Arbitrary<HistogramSpec> = fc.record(
  {
    name,
    title: text,
    axes: fc.array(axis as fc.Arbitrary<AxisSpec>, { minLength: 1, maxLength: 3 }),
    select: expression,
    weight: expression,
    storage: fc.constantFrom('count' as const, 'weighted' as const),
    per: expression,
    fits: fc.array(
      fc.oneof(
        fc.record(
          { peak: fc.constantFrom('gaussian' as const, 'crystal-ball' as const), background: degree, range: interval },
          { requiredKeys: ['peak'] },
        ),
        fc.record({ background: degree, range: interval }, { requiredKeys: ['background'] }),
      ),
      { maxLength: 2 },
    ),
    view: fc.record(
      {
        log: fc.boolean(),
        flow: fc.boolean(),
        stack: fc.boolean(),
        normalise: fc.boolean(),
        ratio: fc.constantFrom('ratio' as const, 'efficiency' as const),
        overlay: fc.array(name, { maxLength: 2 }),
        rebin: fc.integer({ min: 1, max: 100 }),
        range: interval,
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['name', 'axes'] },
);

export const arbitraryCut: fc.Arbitrary<Cut> = fc.record({ name, expression, enabled: fc.boolean() });

export const arbitraryDocument: fc.Arbitrary<AnalysisDocument> = fc.record(
  {
    lumiscope: fc.constant(1 as const),
    title: text,
    description: text,
    explanation: text,
    publication: fc.record({ experiment: text, status: text, luminosity: text, energy: text }, { requiredKeys: [] }),
    lumis: unique(
      fc.record({
        run: fc.nat(),
        blocks: fc.array(
          fc.tuple(fc.nat(), fc.nat()).map(([a, b]): [number, number] => (a < b ? [a, b] : [b, a])),
          { maxLength: 3 },
        ),
      }),
      ({ run }) => String(run),
    )
      .filter((runs) => runs.length > 0)
      .map((runs) => runs.sort((a, b) => a.run - b.run)),
    datasets: unique(
      fc.record(
        {
          name,
          files: fc.array(
            fc.oneof(
              text.filter((t) => t !== ''),
              fc.record({
                replicas: fc.array(
                  text.filter((t) => t !== ''),
                  { minLength: 1, maxLength: 3 },
                ),
              }),
              fc.record({
                local: name,
                size: fc.maxSafeNat(),
                sha256: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 }),
              }),
            ),
            { maxLength: 3 },
          ),
          tree: name,
          s3: fc.record(
            {
              endpoint: fc.webUrl({ validSchemes: ['https'] }).filter((url) => !/[?#@]/.test(url)),
              region: fc.constantFrom('eu-west-3', 'default'),
              style: fc.constantFrom('path' as const, 'host' as const),
            },
            { requiredKeys: [] },
          ),
          source: fc.record(
            { record: text, doi: text, licence: text, note: text, bytes: fc.nat() },
            { requiredKeys: [] },
          ),
          lumis: fc.constant(false as const),
        },
        { requiredKeys: ['name', 'files'] },
      ),
      (dataset) => dataset.name,
    ),
    define: unique(
      fc.record({ name: fc.stringMatching(/^[a-z_]\w{0,5}$/).map((n) => `${n}_x`), expression }),
      (definition) => definition.name,
    ),
    select: unique(
      fc.oneof(
        arbitraryCut,
        arbitraryCut.map((cut) => ({ ...cut, name: String(cut.name.length) })),
      ),
      (cut) => cut.name,
    ),
    weight: expression,
    histograms: unique(arbitraryHistogram, (spec) => spec.name),
    defaults: fc.dictionary(name, fc.oneof(finite, fc.boolean(), text), { noNullPrototype: true, maxKeys: 3 }),
  },
  { requiredKeys: ['lumiscope', 'datasets', 'define', 'select', 'histograms', 'defaults'] },
);
