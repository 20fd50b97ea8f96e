import { describe, expect, it } from 'vitest';
import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { CERTIFIED } from '../../core/analysis/lumis.ts';
import { brushFigures, withRows } from './brushFigures.ts';

const cut = (name: string, enabled = true) => ({ name, expression: name, enabled });
const document = { select: [cut('a'), cut('b', false)] } as AnalysisDocument;
const row = (name: string, events: number) => ({ name, events, sumw: events, sumw2: events });
const flow = (...rows: ReturnType<typeof row>[]) => ({ dataset: '', rows, missingWeight: 0 });

describe('rows of brushes', () => {
  it('stand behind those of the cuts that are on, each a share of the one before', () => {
    const [column] = brushFigures(document, 2, [flow(row('all', 100), row('a', 50), row('x', 20), row('y', 5))]);
    expect(column).toMatchObject([
      { events: 20, step: 0.4, total: 0.2 },
      { events: 5, step: 0.25, total: 0.05 },
    ]);
    const certified = flow(row('all', 100), row(CERTIFIED, 80), row('a', 50), row('x', 20));
    expect(brushFigures(document, 1, [certified])[0]).toMatchObject([{ events: 20, step: 0.4, total: 0.2 }]);
  });

  it('are unknown where the result is of other brushes', () => {
    expect(brushFigures(document, 1, [flow(row('all', 100), row('a', 50))])).toEqual([[undefined]]);
  });

  it('follow a brush that moves, each data set by its place', () => {
    const flows = [flow(row('all', 100), row('a', 50), row('x', 20)), flow(row('all', 10), row('a', 5), row('x', 2))];
    const rows = [[{ events: 30, sumw: 30, sumw2: 30 }], [{ events: 3, sumw: 3, sumw2: 3 }]];
    const events = (shown: typeof flows, brushes: number) =>
      brushFigures(document, 1, withRows(shown, flows, rows, brushes)).map(([one]) => one?.events);
    expect(events(flows, 1)).toEqual([30, 3]);
    expect(events(flows.slice(1), 1)).toEqual([3]);
    // Rows of a brush that is just being made say nothing of those that stand.
    expect(events(flows, 2)).toEqual([20, 2]);
  });
});
