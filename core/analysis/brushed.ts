/**
 * The document under brushes: one run of it gives each plot with the brushes of the others, and the rows that brushes add to the cutflow.
 */

import { binCount } from '../hist/contents.ts';
import { datasetAxis } from '../hist/datasets.ts';
import type { Histogram } from '../hist/histogram.ts';
import type { Brush } from './brush.ts';
import { type BrushScope, brushExpression, conjunct, joined } from './brushCondition.ts';
import { axisOf } from './compile.ts';
import type { AnalysisDocument, AxisSpec, HistogramSpec } from './document.ts';
import type { DocumentEdit } from './edit.ts';

/** A row of a cutflow, as `CutflowRow` of the session. */
export interface BrushRow {
  name: string;
  events: number;
  sumw: number;
  sumw2: number;
}

/** What a run gives, as far as brushes change it: `RunResult` of the session. */
export interface BrushableResult {
  cutflow: { dataset: string; rows: BrushRow[]; missingWeight: number }[];
  histograms: { name: string; histogram: Histogram }[];
  eventsPassed: number;
}

/** A result with what its plots are without brushes. */
export type Brushed<R> = R & {
  /** Of plots that can be drawn as curves, under their names. */
  unbrushed?: { name: string; histogram: Histogram }[];
};

/** Bins of a histogram that is filled without brushes as well: more are not drawn behind it. */
const MOST_BEHIND = 20_000;

/** An axis of one bin, in which each event is. */
const ONE_BIN: AxisSpec = { value: '0', bins: 1, range: [0, 1] };

/** A histogram of the document with more conditions on its fills. */
export function withConditions(spec: HistogramSpec, conditions: readonly string[]): HistogramSpec {
  if (conditions.length === 0) return spec;
  const select = joined([...(spec.select === undefined ? [] : [conjunct(spec.select)]), ...conditions]);
  return { ...spec, select };
}

/** The conditions of all brushes but those on some histograms, each as it may stand in an `and`. */
export function othersConditions(scope: BrushScope, brushes: readonly Brush[], ...but: string[]): string[] {
  return brushes
    .filter(({ histogram }) => !but.includes(histogram))
    .map((brush) => conjunct(brushExpression(scope, brush)));
}

/** Histograms of the events, and of their weights where the document has one, that pass some conditions. */
export function rowSpecs(
  document: AnalysisDocument,
  name: string,
  axes: readonly AxisSpec[],
  conditions: readonly string[],
): HistogramSpec[] {
  const row = { axes: axes.length > 0 ? [...axes] : [ONE_BIN] };
  const count = withConditions({ name: `${name} events`, ...row, storage: 'count' }, conditions);
  return isWeighted(document)
    ? [count, withConditions({ name: `${name} weights`, ...row, storage: 'weighted' }, conditions)]
    : [count];
}

/** Whether rows of the cutflow have weights other than 1. */
export function isWeighted({ weight = '1' }: AnalysisDocument): boolean {
  return Number(weight) !== 1;
}

/** The start of names that no histogram of the document has. */
export function hiddenPrefix({ histograms }: AnalysisDocument): string {
  let prefix = 'brush';
  while (histograms.some(({ name }) => name.startsWith(prefix))) prefix += '_';
  return prefix;
}

/**
 * The document whose run gives every plot under the brushes of the others.
 * @param brushes settled ones
 */
export function brushedDocument(scope: BrushScope, brushes: readonly Brush[]): AnalysisDocument {
  const { document } = scope;
  const prefix = hiddenPrefix(document);
  const rows = brushes.flatMap((_, k) =>
    rowSpecs(document, `${prefix} ${k}`, [], othersConditions(scope, brushes.slice(0, k + 1))),
  );
  const plots = document.histograms.map((spec) => withConditions(spec, othersConditions(scope, brushes, spec.name)));
  const behind = withOutline(document).map((spec) => ({ ...spec, name: `${prefix} all ${spec.name}` }));
  return { ...document, histograms: [...plots, ...rows, ...(brushes.length > 0 ? behind : [])] };
}

/** Those histograms of a document that have an outline without brushes behind them. */
function withOutline({ histograms }: AnalysisDocument): HistogramSpec[] {
  return histograms.filter(({ axes }) => binCount(axes.map(axisOf)) <= MOST_BEHIND);
}

/**
 * The result of `brushedDocument` as a result of the document: its plots, and a row of the cutflow for each brush, in their order. An event
 * without a weight is in no row of a brush.
 */
export function brushedResult<R extends BrushableResult>(
  scope: BrushScope,
  brushes: readonly Brush[],
  result: R,
): Brushed<R> {
  if (brushes.length === 0) return result;
  const { document } = scope;
  const prefix = hiddenPrefix(document);
  const hidden = new Map(result.histograms.map(({ name, histogram }) => [name, histogram]));
  const cutflow = result.cutflow.map((one, dataset) => ({
    ...one,
    rows: [
      ...one.rows,
      ...brushes.map((brush, k) => {
        const events = hidden.get(`${prefix} ${k} events`) as Histogram;
        return rowOf(brushName(scope, brush), dataset, events, hidden.get(`${prefix} ${k} weights`));
      }),
    ],
  }));
  const eventsPassed = cutflow.reduce((sum, { rows }) => sum + rows[rows.length - 1].events, 0);
  const unbrushed = withOutline(document).flatMap(({ name }) => {
    const histogram = hidden.get(`${prefix} all ${name}`);
    return histogram ? [{ name, histogram }] : [];
  });
  const histograms = result.histograms.slice(0, document.histograms.length);
  return { ...result, cutflow, eventsPassed, histograms, unbrushed };
}

function rowOf(name: string, dataset: number, events: Histogram, weights: Histogram | undefined): BrushRow {
  // Underflow, the bin, overflow: of each data set, where there are several.
  const at = datasetAxis(events) ? 3 * dataset + 1 : 1;
  const count = events.values[at];
  return { name, events: count, sumw: weights?.values[at] ?? count, sumw2: weights?.variances?.[at] ?? count };
}

/** A short name of what a brush marks: `m_mumu 80 – 100`. */
export function brushName(scope: BrushScope, { histogram, ranges }: Brush): string {
  const axes = scope.spec(histogram)?.axes ?? [];
  return [histogram, ranges.map(({ axis, from, to }) => rangeName(axes[axis], from, to)).join(' × ')].join(' ');
}

function rangeName({ categories, boolean }: AxisSpec, from: number, to: number): string {
  const names = boolean ? ['false', 'true'] : categories?.map(String);
  if (!names) return `${short(from)} – ${short(to)}`;
  const chosen = names.slice(from, to);
  return chosen.length > 3 ? `${chosen[0]} … ${chosen[chosen.length - 1]}` : chosen.join(', ');
}

const short = (x: number): string => String(Number(x.toPrecision(6)));

/** The edits that make a brush a cut of the document, the last one. */
export function permanent(scope: BrushScope, brush: Brush): DocumentEdit[] {
  const taken = new Set(scope.document.select.map(({ name }) => name));
  return [{ kind: 'addCut', ...cutOf(scope, brush, taken) }];
}

/** The document with brushes as cuts: the events that are in all of them. */
export function withCuts(scope: BrushScope, brushes: readonly Brush[]): AnalysisDocument {
  const { document } = scope;
  const taken = new Set(document.select.map(({ name }) => name));
  const cuts = brushes.map((brush) => ({ ...cutOf(scope, brush, taken), enabled: true }));
  return { ...document, select: [...document.select, ...cuts] };
}

/** A cut with a name that is added to those that are taken. */
function cutOf(scope: BrushScope, brush: Brush, taken: Set<string>): { name: string; expression: string } {
  const plain = brushName(scope, brush);
  let name = plain;
  for (let k = 2; taken.has(name); k++) name = `${plain} (${k})`;
  taken.add(name);
  return { name, expression: brushExpression(scope, brush).trim() };
}
