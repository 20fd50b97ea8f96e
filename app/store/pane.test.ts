import { describe, expect, it } from 'vitest';
import { formatPane, type Pane, parsePane, START_PANE } from './pane.ts';

const roundTrip = (pane: Pane): Pane => parsePane(formatPane(pane).split('&').slice(1));

describe('what the pane shows, in a link', () => {
  it('comes back as it went, whatever the expressions', () => {
    const pane: Pane = {
      show: 'events',
      values: ['MET.pt', 'len(good) + 1', 'm["μμ"] & x == 3', 'a:b'],
      sort: { column: 'a + b:c', descending: true },
      event: { dataset: 1, file: 12, event: 53_446_198 },
      allColumns: true,
      cutflow: 'all',
      logarithmic: true,
      drag: 'brush',
    };
    expect(roundTrip(pane)).toEqual(pane);
    expect(roundTrip({ show: 'events', values: [], sort: { column: 'run', descending: false }, cutflow: 2 })).toEqual({
      show: 'events',
      values: [],
      sort: { column: 'run', descending: false },
      cutflow: 2,
    });
  });

  it('takes no room at the start', () => {
    expect(formatPane(START_PANE)).toBe('');
  });

  it('brushes in a link that has brushes, unless it says otherwise', () => {
    expect(parsePane(['brush=pt:20..40'])).toEqual({ show: 'plots', drag: 'brush' });
    for (const order of [
      ['brush=pt:20..40', 'drag=zoom'],
      ['drag=zoom', 'brush=pt:20..40'],
    ])
      expect(parsePane(order).drag).toBe('zoom');
  });

  it('leaves aside what is damaged or not known', () => {
    expect(
      parsePane([
        'show=secrets',
        'event=1-2',
        'event=1--2-3',
        'sort=%E0%A4%A',
        'toString=1',
        'cutflow=-1',
        'cutflow=some',
        'drag=along',
      ]),
    ).toEqual(START_PANE);
  });
});
