/** Random documents over a schema. */
import type { TableSpec } from '../../../core/analysis/compile.ts';
import type { AnalysisDocument, AxisSpec, CertifiedRun, HistogramSpec } from '../../../core/analysis/document.ts';
import type { Schema } from '../../../core/schema/schema.ts';
import type { Draw } from './draw.ts';
import { Grammar } from './grammar.ts';
import { type ListText, type Place, scalarFields } from './grammarTypes.ts';

const NOWHERE: Place = { variables: [] };
const DEPTH = 4;

/** An axis of any kind; `place.over` says per which item, and `surely` that it must be per item. */
function drawAxis(grammar: Grammar, place: Place, surely: boolean): AxisSpec {
  const { draw } = grammar;
  const list = place.over;
  const perItem = (text: string): string => (list && surely ? `(${text} + 0 * ${grammar.anchor(list)})` : text);
  switch (draw.int(0, 7)) {
    case 0:
      return { value: perItem(grammar.number(place, DEPTH).text), bins: 7, range: [0.5, 200], scale: 'log' };
    case 1:
      return { value: perItem(grammar.number(place, DEPTH).text), bins: 6, range: [0, 100], scale: 'sqrt' };
    case 2:
      return { value: perItem(grammar.number(place, DEPTH).text), edges: [-10, 0, 0.5, 25, 30, 1e6] };
    case 3:
      return { value: perItem(grammar.integer(place, DEPTH).text), categories: [0, 1, -1, 2, 7, 25] };
    case 4:
      return {
        value: list && surely ? grammar.mask(list, place, DEPTH) : grammar.condition(place, DEPTH),
        boolean: true,
      };
    case 5: {
      const field = list && scalarFields(grammar.schema, list.item).find(({ kind }) => kind === 'string');
      const value = field ? `${list.text}.${field.name}` : surely ? undefined : 'stream';
      if (value) return { value, categories: ['mu', 'e', 'x'] };
      break;
    }
  }
  const range: [number, number] = draw.pick([
    [0, 100],
    [-3, 3],
    [-1000, 1000],
  ]);
  return { value: perItem(grammar.number(place, DEPTH).text), bins: draw.int(1, 10), range };
}

function drawHistogram(grammar: Grammar, name: string): HistogramSpec {
  const { draw } = grammar;
  const drawn: ListText | undefined = draw.chance(60) ? grammar.list(NOWHERE, 3) : undefined;
  const list = drawn?.literal ? undefined : drawn;
  const place: Place = { variables: [], over: list };
  const per = list !== undefined && draw.chance(30);
  const spec: HistogramSpec = {
    name,
    axes: draw.times(draw.int(1, 3), (k) => drawAxis(grammar, place, k === 0 && !per)),
  };
  if (per) spec.per = list.text;
  // Two fine axes make a histogram that is held in tiles.
  const fine = () => ({
    value: grammar.number(place, DEPTH).text,
    bins: 1_000_000,
    range: [-100, 100] as [number, number],
  });
  if (draw.chance(25)) spec.axes.push(fine(), fine());
  if (draw.chance(35)) spec.select = grammar.condition(draw.chance(60) ? place : NOWHERE, DEPTH);
  if (draw.chance(35)) spec.weight = grammar.number(draw.chance(60) ? place : NOWHERE, DEPTH).text;
  if (draw.chance(45)) {
    spec.storage = draw.pick(['count', 'weighted', 'mean']);
    if (spec.storage === 'mean') spec.sample = grammar.number(draw.chance(60) ? place : NOWHERE, DEPTH).text;
  }
  return spec;
}

/** Runs as random data have them, and some at the ends of what there can be. */
function drawRun(draw: Draw): CertifiedRun {
  const block = () => (draw.chance(10) ? draw.pick([0, 0xffffffff]) : draw.int(0, 6));
  const run = draw.chance(10) ? draw.pick([0, 0xffffffff]) : draw.int(0, 255);
  return {
    run,
    blocks: draw.times(draw.int(0, 3), () => [block(), block()].sort((a, b) => a - b) as [number, number]),
  };
}

/** What a table notes of events: numbers, conditions, strings. */
function drawTable(grammar: Grammar): TableSpec {
  const { draw } = grammar;
  const values = draw.times(draw.int(0, 3), () => {
    grammar.fuel = 25;
    const roll = draw.int(0, 9);
    if (roll === 0) return 'stream';
    if (roll < 3) return grammar.condition(NOWHERE, DEPTH);
    return roll < 6 ? grammar.integer(NOWHERE, DEPTH).text : grammar.number(NOWHERE, DEPTH).text;
  });
  return { values: ['event', ...values], limit: draw.pick([1000, 1, 3]) };
}

/**
 * A document with definitions, cuts, weights and histograms; and mostly a table of its events.
 *
 * @param small with less of each, and without integers past 32 bits
 */
export function drawDocument(
  draw: Draw,
  schema: Schema,
  small = false,
): { document: AnalysisDocument; table?: TableSpec } {
  const fuel = small ? 6 : 25;
  const grammar = new Grammar(draw, schema, fuel, small);
  const define: AnalysisDocument['define'] = [];
  const definitions = draw.int(0, small ? 2 : 4);
  for (let k = 0; k < definitions; k++) {
    const name = `d${k}`;
    grammar.fuel = fuel;
    const roll = draw.int(0, 3);
    if (roll === 0) {
      const number = grammar.number(NOWHERE, DEPTH);
      define.push({ name, expression: number.text });
      grammar.definitions.push({ is: 'number', name, number });
    } else if (roll === 1) {
      define.push({ name, expression: grammar.condition(NOWHERE, DEPTH) });
      grammar.definitions.push({ is: 'condition', name });
    } else {
      const list = grammar.list(NOWHERE, DEPTH);
      define.push({ name, expression: list.text });
      grammar.definitions.push({ is: 'list', name, list });
    }
  }
  const refuelled = <T>(make: () => T): T => {
    grammar.fuel = fuel;
    return make();
  };
  const document: AnalysisDocument = {
    lumiscope: 1,
    datasets: [],
    define,
    ...(draw.chance(20) && { lumis: draw.times(draw.int(1, 40), () => drawRun(draw)) }),
    select: draw.times(draw.int(0, small ? 1 : 2), (k) => ({
      name: `cut ${k}`,
      // Loosened, or hardly an event would reach the histograms.
      expression: refuelled(() => `(${grammar.condition(NOWHERE, DEPTH)} or run % 4 != 1)`),
      enabled: true,
    })),
    ...(draw.chance(40) && { weight: refuelled(() => grammar.number(NOWHERE, DEPTH).text) }),
    histograms: draw.times(draw.int(1, small ? 2 : 4), (k) => refuelled(() => drawHistogram(grammar, `h${k}`))),
    defaults: {},
  };
  return { document, ...(draw.chance(60) && { table: drawTable(grammar) }) };
}
