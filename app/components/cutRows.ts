import type { Cut } from '../../core/analysis/document.ts';
import { CERTIFIED } from '../../core/analysis/lumis.ts';
import type { RunResult } from '../../workers/session.ts';

export type Flow = RunResult['cutflow'][number];

/** What a row says of one data set. */
export interface Figures {
  events: number;
  sumw: number;
  sumw2: number;
  /** Share of the events of the row before; absent in the first row. */
  step?: number;
  /** Share of all events. */
  total?: number;
}

/** A row of the table: `all events` and `certified runs` have no cut. */
export interface CutRowData {
  name: string;
  cut?: Cut;
  /** The row of `lumis`. */
  certified?: true;
  /** One for each data set; undefined where nothing is known yet. */
  figures: (Figures | undefined)[];
}

/** Cuts of the document with the figures of the result, matched by name: a cut that was just added has none yet. */
export function cutRows(cuts: readonly Cut[], certified: boolean, flows: readonly Flow[]): CutRowData[] {
  const plain = ['all events', ...(certified ? [CERTIFIED] : [])].map((name) => ({ name, cut: undefined }));
  const rows = [...plain, ...cuts.map((cut) => ({ name: cut.name, cut }))];
  const columns = flows.map((flow) => {
    const found = new Map(flow.rows.map((row, k) => [k === 0 ? 'all events' : `\0${row.name}`, row]));
    const all = flow.rows[0];
    let before: number | undefined;
    return rows.map(({ name, cut }, k): Figures | undefined => {
      const row = cut?.enabled === false ? undefined : found.get(k === 0 ? name : `\0${name}`);
      if (!row || !all) return undefined;
      const { events, sumw, sumw2 } = row;
      const shares = before === undefined ? {} : { step: events / before, total: events / all.events };
      before = events;
      return { events, sumw, sumw2, ...shares };
    });
  });
  return rows.map(({ name, cut }, k) => ({
    name,
    ...(cut && { cut }),
    ...(certified && k === 1 && { certified }),
    figures: flows.length > 0 ? columns.map((column) => column[k]) : [undefined],
  }));
}
