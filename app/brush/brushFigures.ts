import type { BrushRow } from '../../core/analysis/brushed.ts';
import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { CERTIFIED } from '../../core/analysis/lumis.ts';
import type { Figures, Flow } from '../components/cutRows.ts';

/** What brushes leave of each data set, in their order: the rows behind those of the cuts. Unknown where the result has others. */
export function brushFigures(
  { select }: AnalysisDocument,
  brushes: number,
  flows: readonly Flow[],
): (Figures | undefined)[][] {
  const enabled = select.filter((cut) => cut.enabled).length;
  return flows.map(({ rows }) => {
    const cuts = (rows[1]?.name === CERTIFIED ? 2 : 1) + enabled;
    if (rows.length !== cuts + brushes) return Array.from({ length: brushes }, () => undefined);
    const all = rows[0]!;
    return rows.slice(cuts).map(({ events, sumw, sumw2 }, k) => ({
      events,
      sumw,
      sumw2,
      step: events / rows[cuts + k - 1]!.events,
      total: events / all.events,
    }));
  });
}

/** Cutflows with other rows for the brushes, while one of them moves. @param all of every data set, as `rows` are */
export function withRows(
  flows: readonly Flow[],
  all: readonly Flow[],
  rows: readonly (readonly Omit<BrushRow, 'name'>[])[],
  brushes: number,
): Flow[] {
  return flows.map((flow) => {
    const own = rows[all.indexOf(flow)];
    if (own?.length !== brushes) return flow;
    const cuts = flow.rows.slice(0, flow.rows.length - brushes);
    return { ...flow, rows: [...cuts, ...own.map((row) => ({ name: '', ...row }))] };
  });
}
