/**
 * Index of the other plots by the bounds of a brush on one of them, after Falcon (Moritz, Howe, Heer 2019, doi 10.1145/3290605.3300924): one run
 * fills them once for each pair of neighbouring bounds, and any brush is then a difference of sums.
 *
 * Where the active histogram is filled per item, an event is counted once although several of its items may lie in the brush: its items'
 * distinct values v₁ < v₂ < … give an entry at the first one, and one at each pair of neighbours. An event passes `lo <= v < hi` exactly if
 * its first value lies there, or one pair (there is never more than one) has `vₖ < lo <= vₖ₊₁ < hi`.
 */
import { binCount } from '../hist/contents.ts';
import { type Brush, withBrush } from './brush.ts';
import { type BrushScope, brushConditions, conjunct, type FillParts, joined, literal } from './brushCondition.ts';
import { hiddenPrefix, isWeighted, othersConditions, rowSpecs, withConditions } from './brushed.ts';
import { axisOf } from './compile.ts';
import type { AnalysisDocument, AxisSpec, Definition, HistogramSpec } from './document.ts';
import { thinned } from './fineAxis.ts';
import { itemText } from './itemText.ts';

/** `coarse`: a few of the bounds, there sooner. */
export type CubeLevel = 'coarse' | 'fine';

/** Doubles of all parts of an index. */
const CUBE_BUDGET = 8e6;
/** Bounds of each axis of a coarse index: of one axis, of two. */
const COARSE = [32, 12] as const;
/** Fewer are not worth an index. */
const FEWEST = 6;

/** How a part answers: what lies between bounds of one axis, of two, or pairs whose first value lies below and whose second one between. */
export type CubePartKind = 'interval' | 'box' | 'pairs';

export interface CubePart {
  kind: CubePartKind;
  /** Name of the histogram in the run. */
  name: string;
}

/** What the index answers for: a plot, or a number of the row that a brush adds to the cutflow. The sum of the parts. */
export interface CubeAnswer {
  plot?: string;
  row?: { brush: number; what: 'events' | 'weights' };
  /** None: the numbers don't change with the brush, and are those of the histogram `fixed`. */
  parts: CubePart[];
  fixed?: string;
}

export interface CubePlan {
  /** What has to run. */
  document: AnalysisDocument;
  /** Name of the histogram that is brushed, and its axes that are. */
  active: string;
  axes: number[];
  /** The brushes, with one on the active histogram among them; its ranges don't matter. */
  brushes: Brush[];
  /** What brushes may be made of, for each axis: bounds of its `FineAxis`. */
  bounds: Float64Array[];
  level: CubeLevel;
  answers: CubeAnswer[];
  /** Plots that only a run tells: `index: 'run'`. */
  runs: string[];
  /** Doubles that the index keeps. */
  size: number;
}

/** Leading axes of a part, and the list that it is filled per. */
interface Lead {
  kind: CubePartKind;
  /** The value, for an item or for the event; its axis, where that is no edges. */
  axes: { value: (item: string) => string; spec?: AxisSpec }[];
  per?: string;
}

/**
 * What has to run for an index by one histogram's bounds. The other brushes hold, each but in its own plot.
 * @param axes of the active histogram that are brushed: one or two
 * @returns undefined where only runs can tell: a box or a category of items, more bins than the budget
 */
export function cubePlan(
  scope: BrushScope,
  active: string,
  axes: readonly number[],
  brushes: readonly Brush[],
  level: CubeLevel,
  budget = CUBE_BUDGET,
): CubePlan | undefined {
  return new Planner(scope, active, axes, brushes).plan(level, budget);
}

class Planner {
  readonly #scope: BrushScope;
  readonly #active: string;
  readonly #axes: readonly number[];
  /** Settled, the active one whole. */
  readonly #brushes: Brush[] | undefined;
  /** The start of names that mean nothing in the document. */
  readonly #word: string;

  constructor(scope: BrushScope, active: string, axes: readonly number[], brushes: readonly Brush[]) {
    const { document } = scope;
    const whole = scope.settled({
      histogram: active,
      ranges: axes.map((axis) => ({ axis, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY })),
    });
    const texts = JSON.stringify([document.define, document.select, document.weight, document.histograms]);
    let word = 'brushed';
    while (texts.includes(word) || mentions(scope, word)) word += '_';
    this.#scope = scope;
    this.#active = active;
    this.#axes = axes;
    this.#brushes = whole && withBrush(scope.settle(brushes), whole);
    this.#word = word;
  }

  plan(level: CubeLevel, budget: number): CubePlan | undefined {
    const spec = this.#scope.spec(this.#active);
    const parts = this.#scope.parts(this.#active);
    if (!this.#brushes || !spec || !parts) return undefined;
    const marked = this.#axes.map((axis) => parts.axes[axis]);
    const isPerItem = marked.some(({ value }) => value.kind === 'array');
    const leads = isPerItem ? this.#itemLeads(spec) : this.#eventLeads(spec);
    if (!leads) return undefined;
    const fine = this.#axes.map((axis) => this.#scope.fineAxis(spec.axes[axis], this.#axes.length > 1));
    const isSquare = isPerItem || fine.length > 1;
    const { others, runs, cells } = this.#withinBudget(budget);
    const most = (isSquare ? Math.floor(Math.sqrt(cells)) : cells) - 1;
    if (most < FEWEST) return undefined;
    const bounds = fine.map(({ bounds, kind }) => {
      if (kind === 'positions') return bounds;
      const kept = thinned(bounds, most);
      return level === 'coarse' ? thinned(kept, COARSE[isSquare ? 1 : 0]) : kept;
    });
    const used = bounds.reduce((product, { length }) => product * length, isPerItem ? bounds[0].length : 1);
    // Categories are not left out.
    if (used > cells) return undefined;
    return this.#written(leads, bounds, others, runs, level, used);
  }

  /** An active histogram whose brushed values are the event's. */
  #eventLeads(spec: HistogramSpec): { leads: Lead[]; define: Definition[]; condition: string | undefined } {
    const own = this.#own();
    const { filled } = brushConditions(this.#scope, own);
    const condition = joined(filled);
    const isPerItem = condition !== undefined && this.#scope.check(condition)?.kind === 'array';
    return {
      leads: [
        {
          kind: this.#axes.length > 1 ? 'box' : 'interval',
          axes: this.#axes.map((axis) => ({ value: () => spec.axes[axis].value, spec: spec.axes[axis] })),
        },
      ],
      define: [],
      condition: isPerItem ? `any(${condition})` : condition,
    };
  }

  /** One whose items have a value each: their first values, and the pairs of neighbours. */
  #itemLeads(spec: HistogramSpec): { leads: Lead[]; define: Definition[]; condition: undefined } | undefined {
    const word = this.#word;
    const [axis, ...more] = this.#axes;
    const { bounds, kind } = this.#scope.fineAxis(spec.axes[axis], false);
    const form = itemText(this.#scope, spec.axes[axis].value, `${word}x`);
    if (more.length > 0 || kind === 'positions' || !form) return undefined;
    // Numbers and sums of four-vectors are no items: which of equal ones is the first can't be told.
    if (!this.#scope.check(`[${word}x for ${word}x in ${form.items} if ${word}x is ${word}x]`)) return undefined;
    const x = (item: string) => `(${form.at(item)})`;
    const conditions = brushConditions(this.#scope, this.#own()).filled.map((text) => this.#forItem(text, `${word}x`));
    if (conditions.some((text) => text === undefined)) return undefined;
    const [lo, hi] = [literal(bounds[0]), literal(bounds[bounds.length - 1])];
    const within = [...(conditions as string[]), `${lo} <= ${x(`${word}x`)} < ${hi}`].join(' and ');
    const [all, once, sorted, pairs, i, k] = ['items', 'once', 'sorted', 'pairs', 'x', 'y'].map((end) => word + end);
    const define = [
      { name: all, expression: `[${i} for ${i} in ${form.items} if ${within}]` },
      // Of equal values the first one.
      {
        name: once,
        expression: `[${i} for ${i} in ${all} if min(${all}, key=lambda ${k}: abs(${x(k)} - ${x(i)})) is ${i}]`,
      },
      { name: sorted, expression: `sort(${once}, key=lambda ${k}: ${x(k)})` },
      {
        name: pairs,
        expression: `[${i} for ${i} in combinations(${sorted}, 2) if not any(${x(`${i}.a`)} < ${x(k)} < ${x(`${i}.b`)} for ${k} in ${once})]`,
      },
    ];
    return {
      leads: [
        { kind: 'interval', axes: [{ value: () => `min(${x(i)} for ${i} in ${all})` }] },
        {
          kind: 'pairs',
          axes: [{ value: (pair) => form.at(`${pair}.a`) }, { value: (pair) => form.at(`${pair}.b`) }],
          per: pairs,
        },
      ],
      define,
      condition: undefined,
    };
  }

  /** A condition of an event or of an item, for one item; undefined where the text does not show how. */
  #forItem(text: string, item: string): string | undefined {
    const value = this.#scope.check(text);
    if (value?.kind === 'one') return text;
    const form = itemText(this.#scope, text, item);
    return form && conjunct(form.at(item));
  }

  #own(): Brush {
    return this.#brushes?.find(({ histogram }) => histogram === this.#active) as Brush;
  }

  /** Plots that have room in an index, and of how many leading bins. */
  #withinBudget(budget: number): { others: HistogramSpec[]; runs: string[]; cells: number } {
    const { document } = this.#scope;
    const others = document.histograms.filter(({ name }) => name !== this.#active);
    const fits = (spec: HistogramSpec) => spec.storage !== 'mean' && this.#scope.parts(spec.name) !== undefined;
    const kept = others.filter(fits).sort((a, b) => this.#inner(a) - this.#inner(b));
    const rows = (this.#brushes?.length ?? 0) * (isWeighted(document) ? 5 : 1);
    const total = () => kept.reduce((sum, spec) => sum + this.#inner(spec), rows);
    while (kept.length > 0 && total() * (FEWEST + 1) ** 2 > budget) kept.pop();
    return {
      others: others.filter((spec) => kept.includes(spec)),
      runs: others.filter((spec) => !kept.includes(spec)).map(({ name }) => name),
      cells: Math.floor(budget / total()),
    };
  }

  /** Doubles for each leading bin. */
  #inner(spec: HistogramSpec): number {
    const bins = binCount(spec.axes.map(axisOf)) * Math.max(1, this.#scope.document.datasets.length);
    return bins * (storageOf(this.#scope.document, spec) === 'count' ? 1 : 4);
  }

  #written(
    { leads, define, condition }: { leads: Lead[]; define: Definition[]; condition: string | undefined },
    bounds: Float64Array[],
    others: readonly HistogramSpec[],
    runs: readonly string[],
    level: CubeLevel,
    cells: number,
  ): CubePlan {
    const scope = this.#scope;
    const { document } = scope;
    const brushes = this.#brushes as Brush[];
    const at = brushes.indexOf(this.#own());
    const prefix = hiddenPrefix(document);
    const histograms: HistogramSpec[] = [];
    const answers: CubeAnswer[] = [];
    const lists: Definition[] = [];
    const tooHard: string[] = [];
    const own = condition === undefined ? [] : [conjunct(condition)];
    for (const [k, spec] of others.entries()) {
      const conditions = [...own, ...othersConditions(scope, brushes, this.#active, spec.name)];
      const made = leads.map((lead, part) =>
        this.#withLead(lead, `${prefix} cube ${k} ${part}`, spec, conditions, bounds, lists),
      );
      if (made.some((one) => one === undefined)) tooHard.push(spec.name);
      else {
        histograms.push(...(made as HistogramSpec[]));
        answers.push({
          plot: spec.name,
          parts: leads.map(({ kind }, part) => ({ kind, name: made[part]?.name ?? '' })),
        });
      }
    }
    brushes.forEach((_, brush) => {
      const upTo = othersConditions(scope, brushes.slice(0, brush + 1), this.#active);
      const conditions = brush < at ? upTo : [...own, ...upTo];
      const rows = leads.map((lead, part) => {
        const specs = rowSpecs(
          document,
          `${prefix} row ${brush} ${part}`,
          brush < at ? [] : leadAxes(lead, bounds),
          conditions,
        );
        return specs.map((spec) => (brush < at || !lead.per ? spec : { ...spec, per: lead.per }));
      });
      for (const [k, what] of (['events', 'weights'] as const).entries()) {
        if (!rows[0][k]) continue;
        const row = { brush, what };
        if (brush < at) {
          histograms.push(rows[0][k]);
          answers.push({ row, parts: [], fixed: rows[0][k].name });
        } else {
          histograms.push(...rows.map((specs) => specs[k]));
          answers.push({ row, parts: leads.map(({ kind }, part) => ({ kind, name: rows[part][k].name })) });
        }
      }
    });
    const { sliders: _, ...rest } = document;
    const perBin = others.reduce((sum, spec) => sum + this.#inner(spec), 0);
    return {
      document: { ...rest, define: [...document.define, ...define, ...lists], histograms },
      active: this.#active,
      axes: [...this.#axes],
      brushes,
      bounds,
      level,
      answers,
      runs: [...runs, ...tooHard],
      size: perBin * cells,
    };
  }

  /** A plot with the leading axes in front of its own; undefined where its items can't be brought together with those of the brush. */
  #withLead(
    lead: Lead,
    name: string,
    { name: plot, axes, select, weight, per, storage: stated }: HistogramSpec,
    conditions: readonly string[],
    bounds: readonly Float64Array[],
    lists: Definition[],
  ): HistogramSpec | undefined {
    const { items } = this.#scope.parts(plot) as FillParts;
    const storage = storageOf(this.#scope.document, { storage: stated, weight });
    const own = { ...(select && { select }), ...(weight && { weight }), ...(per && { per }) };
    if (!lead.per || !items) {
      const all = {
        name,
        storage,
        axes: [...leadAxes(lead, bounds), ...axes],
        ...own,
        ...(lead.per && { per: lead.per }),
      };
      return withConditions(all, conditions);
    }
    // Each pair of the brush's items with each item of the plot.
    const form = items.list.itemOptional ? undefined : itemText(this.#scope, items.text, `${this.#word}x`);
    if (!form) return undefined;
    const both = `${this.#word}with${lists.length}`;
    const at = (text: string) => this.#ofItem(text, `${both}.b`);
    const values = axes.map(({ value }) => at(value));
    const [chosen, weighed] = [select, weight].map((text) => text && at(text));
    if (values.includes(undefined) || (select && !chosen) || (weight && !weighed)) return undefined;
    lists.push({ name: both, expression: `cartesian(${lead.per}, ${form.items})` });
    const spec: HistogramSpec = {
      name,
      storage,
      axes: [
        ...leadAxes(lead, bounds, `${both}.a`),
        ...axes.map((axis, k) => ({ ...axis, value: values[k] as string })),
      ],
      per: both,
      ...(chosen && { select: chosen }),
      ...(weighed && { weight: weighed }),
    };
    return withConditions(spec, conditions);
  }

  /** A value of an event as it is; one of the items of a list for what stands in its place. */
  #ofItem(text: string, items: string): string | undefined {
    const value = this.#scope.check(text);
    if (value?.kind === 'one') return text;
    return itemText(this.#scope, text, `${this.#word}x`)?.at(items);
  }
}

function leadAxes(lead: Lead, bounds: readonly Float64Array[], item = lead.per ?? ''): AxisSpec[] {
  return lead.axes.map(({ value, spec }, k) => {
    if (spec?.boolean || spec?.categories) return { ...spec, value: value(item) };
    return { value: value(item), edges: [...bounds[Math.min(k, bounds.length - 1)]] };
  });
}

function storageOf(document: AnalysisDocument, { storage, weight }: Pick<HistogramSpec, 'storage' | 'weight'>) {
  return storage ?? (isWeighted(document) || weight !== undefined ? 'weighted' : 'count');
}

/** Whether a word is part of a name that data or definitions have. */
function mentions({ schema, document }: BrushScope, word: string): boolean {
  const names = [...schema.columns.keys(), ...schema.collections.keys(), ...Object.keys(document.defaults)];
  return names.some((name) => name.includes(word));
}
