/** Documents as people write them, over few values that often lie on edges, are equal, missing or no numbers; and brushes on their plots. */
import { BrushScope } from '../../../core/analysis/brushCondition.ts';
import type { AnalysisDocument, AxisSpec, HistogramSpec } from '../../../core/analysis/document.ts';
import type { AxisMath } from '../../../core/hist/indexer.ts';
import { buildSchema } from '../../../core/schema/build.ts';
import type { ColumnData, ColumnInfo } from '../../../core/schema/column.ts';
import { type BrushCase, drawBrush } from './brushCases.ts';
import { flat, jagged, strings } from './data.ts';
import type { Draw } from './draw.ts';

const VALUES = [0, 10, 20, 20, 25, 30, 30, 50, 99.99999999999999, 100, 7.5, -5, Number.NaN, Number.POSITIVE_INFINITY];
const WEIGHTS = [1, 1.5, -0.7, 1e-7, 3e5, 0, 0.1];
const WORDS = ['mu', 'e', 'tau'];

const SCHEMA = buildSchema(
  [
    ['MET_pt', 'float64', 0, true],
    ['njet', 'int32', 0],
    ['stream', 'string', 0],
    ['HLT_Mu', 'bool', 0],
    ['genWeight', 'float64', 0],
    ['gap', 'float64', 0, true],
    ['Muon_pt', 'float64', 1],
    ['Muon_eta', 'float32', 1, true],
    ['Muon_charge', 'int32', 1],
    ['Jet_pt', 'float32', 1],
  ].map(([name, type, depth, nullable = false]) => ({ name, type, depth, nullable }) as ColumnInfo),
);

const DEFINE: AnalysisDocument['define'] = [
  { name: 'good', expression: 'Muon[Muon.pt > 8]  # all but the softest' },
  { name: 'good_pt', expression: 'good.pt' },
  { name: 'pair', expression: 'combinations(good, 2)' },
];

/** What is filled once an event, and for each muon, good muon, pair or jet. */
const QUANTITIES: Record<string, string[]> = {
  '': ['MET.pt', 'njet * 10', 'max(Muon.pt)', 'Muon[0].pt\n  + 0', 'MET.pt if HLT.Mu else 30'],
  Muon: ['Muon.pt', 'Muon_pt', 'Muon.pt * 2', 'abs(Muon.eta) * 10', 'Muon.charge * 10 + 20', '[m.pt for m in Muon]'],
  good: ['good.pt', 'good_pt', 'good_pt + 5'],
  pair: ['pair.a.pt + pair.b.pt', '(pair.a.pt - pair.b.pt) / 2'],
  Jet: ['Jet.pt', 'Jet_pt * 0.5', '[max(j.pt, m) for j in Jet for m in [20, 40]]'],
};
/** A condition on each item. */
const SELECTED: Record<string, string> = {
  Muon: 'Muon.charge > 0 or Muon.pt > 20',
  good: 'good.pt < 60',
  pair: 'pair.a.charge != pair.b.charge',
  Jet: 'Jet.pt > 15',
};

function drawAxis(draw: Draw, value: string): AxisSpec {
  return draw.pick<AxisSpec>([
    { value, bins: 10, range: [0, 100] },
    { value, bins: draw.int(1, 30), range: [0, 70] },
    { value, bins: 7, range: [1, 100], scale: 'log' },
    { value, bins: 6, range: [0, 100], scale: 'sqrt' },
    { value, edges: [0, 10, 20, 25, 30, 100] },
  ]);
}

function drawOther(draw: Draw): AxisSpec {
  return draw.pick<AxisSpec>([
    { value: 'stream', categories: ['mu', 'e'] },
    { value: 'njet', categories: [0, 2, 1] },
    { value: 'HLT.Mu', boolean: true },
    { value: 'gap', bins: 3, range: [0, 60] },
  ]);
}

function drawHistogram(draw: Draw, name: string): HistogramSpec {
  const per = draw.pick(['', 'Muon', 'good', 'pair', 'Jet', '', 'Muon']);
  const axes = [drawAxis(draw, draw.pick(QUANTITIES[per]!))];
  // A comprehension is a list of its own.
  const isOwnList = axes[0]!.value.startsWith('[');
  if (draw.chance(30))
    axes.push(
      isOwnList || draw.chance(50)
        ? drawOther(draw)
        : drawAxis(draw, draw.pick(QUANTITIES[per]!.filter((text) => !text.startsWith('[')))),
    );
  const spec: HistogramSpec = { name, axes };
  if (draw.chance(30)) spec.select = per && !isOwnList && draw.chance(70) ? SELECTED[per]! : 'njet > 0 or HLT.Mu';
  if (draw.chance(15)) spec.weight = draw.pick(['genWeight', 'gap']);
  if (draw.chance(30)) spec.storage = draw.pick(['count', 'weighted']);
  if (!per && draw.chance(15)) spec.per = 'Jet';
  return spec;
}

/** A document of three to five plots with brushes on some of them. */
export function drawPlainCase(draw: Draw, math: AxisMath): BrushCase {
  const document: AnalysisDocument = {
    lumiscope: 1,
    datasets: [],
    define: DEFINE,
    select: draw.chance(40) ? [{ name: 'trigger', expression: 'HLT.Mu or njet > 0', enabled: true }] : [],
    ...(draw.chance(40) && { weight: 'genWeight' }),
    histograms: draw.times(draw.int(3, 5), (k) => drawHistogram(draw, `h${k}`)),
    defaults: {},
  };
  const scope = new BrushScope(document, SCHEMA, math);
  const brushes = document.histograms.flatMap(({ name }) => (draw.chance(35) ? drawBrush(draw, scope, name) : []));
  const events = 25;
  return { scope, schema: SCHEMA, document, brushes, chunk: { columns: drawColumns(draw, events), events } };
}

function drawColumns(draw: Draw, events: number): Map<string, ColumnData> {
  const some = <T>(make: () => T) => draw.times(events, make);
  const value = () => draw.pick(VALUES);
  const missing = () => (draw.chance(15) ? undefined : value());
  const muons = some(() => draw.int(0, 4));
  const perMuon = <T>(make: () => T) => muons.map((n) => draw.times(n, make));
  return new Map<string, ColumnData>([
    ['MET_pt', flat('float64', some(missing))],
    [
      'njet',
      flat(
        'int32',
        some(() => draw.int(0, 4)),
      ),
    ],
    ['stream', strings(some(() => draw.pick(WORDS)))],
    [
      'HLT_Mu',
      flat(
        'bool',
        some(() => draw.chance(60)),
      ),
    ],
    [
      'genWeight',
      flat(
        'float64',
        some(() => draw.pick(WEIGHTS)),
      ),
    ],
    ['gap', flat('float64', some(missing))],
    ['Muon_pt', jagged('float64', perMuon(value))],
    [
      'Muon_eta',
      jagged(
        'float32',
        perMuon(() => (draw.chance(10) ? undefined : draw.int(-24, 24) / 8)),
      ),
    ],
    [
      'Muon_charge',
      jagged(
        'int32',
        perMuon(() => draw.pick([-1, 1])),
      ),
    ],
    [
      'Jet_pt',
      jagged(
        'float32',
        some(() => draw.times(draw.int(0, 3), value)),
      ),
    ],
  ]);
}
