import { describe, expect, test } from 'vitest';
import { cutRows, type Flow } from './cutRows.ts';

const cut = (name: string, enabled = true) => ({ name, expression: name, enabled });
const flow = (dataset: string, ...rows: [string, number][]): Flow => ({
  dataset,
  rows: rows.map(([name, events]) => ({ name, events, sumw: events, sumw2: events })),
  missingWeight: 0,
});

describe('the rows of the cutflow table', () => {
  test('are cuts with the figures of each data set, a disabled or new one without', () => {
    const cuts = [cut('a'), cut('off', false), cut('new'), cut('b')];
    const flows = [
      flow('x', ['all events', 100], ['a', 50], ['b', 10]),
      flow('y', ['all events', 8], ['a', 0], ['b', 0]),
    ];
    const rows = cutRows(cuts, false, flows);
    expect(rows.map(({ name, figures }) => [name, ...figures.map((f) => f?.events)])).toEqual([
      ['all events', 100, 8],
      ['a', 50, 0],
      ['off', undefined, undefined],
      ['new', undefined, undefined],
      ['b', 10, 0],
    ]);
    expect(rows[4].figures[0]).toMatchObject({ step: 0.2, total: 0.1 });
    expect(rows[4].figures[1]?.step).toBeNaN();
  });

  test('have the certified runs after all events, and a cut may be called as the first row is', () => {
    const flows = [flow('x', ['all events', 100], ['certified runs', 60], ['all events', 30])];
    const rows = cutRows([cut('all events')], true, flows);
    expect(rows.map(({ name, cut, certified }) => [name, cut !== undefined, certified === true])).toEqual([
      ['all events', false, false],
      ['certified runs', false, true],
      ['all events', true, false],
    ]);
    expect(rows.map(({ figures }) => figures[0]?.total)).toEqual([undefined, 0.6, 0.3]);
  });

  test('are there before there is a result', () => {
    expect(cutRows([cut('a')], false, []).map(({ figures }) => figures)).toEqual([[undefined], [undefined]]);
  });
});
