import { describe, expect, it } from 'vitest';
import { axisOf } from '../../core/analysis/compile.ts';
import { brushWords, endWords } from './brushWords.ts';

const mass = axisOf({ value: '(a + b).mass', bins: 50, range: [0, 100], label: 'm(μμ)', unit: 'GeV' });
const channel = axisOf({ value: 'channel', categories: ['ee', 'eμ', 'μμ'] });
const tight = axisOf({ value: 'Muon.tightId', boolean: true });

describe('a brush in words', () => {
  it('says both ends, of which the upper one is left out, and the unit once', () => {
    // A bound is the double that the binning formula goes by, be it a hair beside the edge.
    const ranges = [{ axis: 0, from: 79.99999999999999, to: 100 }];
    expect(brushWords({ histogram: 'm', ranges }, [mass])).toEqual(['80 ≤ m(μμ) < 100 GeV']);
    expect(endWords(mass, { axis: 0, from: -2.5e-322, to: 2 }, 'from')).toBe('0');
    expect(endWords(mass, ranges[0]!, 'to')).toBe('100 GeV');
  });

  it('rounds to what a narrow range needs', () => {
    const end = (from: number, to: number) => [
      endWords(mass, { axis: 0, from, to }, 'from'),
      endWords(mass, { axis: 0, from, to }, 'to'),
    ];
    expect(end(17.59741014467761, 72.65826204502338)).toEqual(['17.597', '72.658 GeV']);
    expect(end(12_345.6784321, 12_345.6794321)).toEqual(['12,345.678432', '12,345.679432 GeV']);
    expect(end(-0.31415926535, 0.1)).toEqual(['−0.31416', '0.1 GeV']);
    expect(end(-2.2204460492503128e-16, 1.8999999999999997)).toEqual(['0', '1.9 GeV']);
    expect(end(0.0001, 1000)).toEqual(['0.0001', '1,000 GeV']);
  });

  it('names categories', () => {
    const ranges = [
      { axis: 0, from: 1, to: 3 },
      { axis: 1, from: 1, to: 2 },
    ];
    expect(brushWords({ histogram: 'm', ranges }, [channel, tight])).toEqual(['channel: eμ, μμ', 'Muon.tightId: true']);
    expect([endWords(channel, ranges[0]!, 'from'), endWords(channel, ranges[0]!, 'to')]).toEqual(['eμ', 'μμ']);
  });
});
