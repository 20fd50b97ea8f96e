import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../core/analysis/yaml.ts';
import { formatStarts, parseStarts, startsOf, withoutStarts } from './sliderHash.ts';

function documentWith(ptmin: string) {
  const { document, errors } = parseDocument(
    `lumiscope: 1\ndefine: { ptmin: ${ptmin}, etamax: 2.4 }\nsliders: { ptmin: { range: [0, 100] }, etamax: { range: [0, 3] } }\n`,
  );
  expect(errors).toEqual([]);
  return document!;
}

describe('starts of sliders', () => {
  it('are where the sliders stand in a document that was just opened', () => {
    expect(startsOf(documentWith('25'), {})).toEqual({ ptmin: 25, etamax: 2.4 });
  });

  it('are numbers, be the definition called as what every object has', () => {
    const source = 'lumiscope: 1\ndefine: { constructor: 3 }\nsliders: { constructor: { range: [0, 9] } }\n';
    const { document } = parseDocument(source);
    expect(startsOf(document!, {})).toEqual({ constructor: 3 });
  });

  it('stay when a slider moves, and go into the link until it is back', () => {
    const starts = startsOf(documentWith('25'), {});
    const moved = documentWith('40');
    expect(startsOf(moved, starts)).toEqual(starts);
    expect(formatStarts(starts, moved)).toBe('&from=ptmin:25');
    expect(parseStarts('#a=abc&log=x&from=ptmin:25,etamax:-2.4')).toEqual({ ptmin: 25, etamax: -2.4 });
    expect(formatStarts(starts, documentWith('25'))).toBe('');
  });

  it('are left out of a link that is shared, and where they are damaged', () => {
    expect(withoutStarts('#a=abc&from=ptmin:25&log=x')).toBe('#a=abc&log=x');
    expect(parseStarts('#a=abc&from=ptmin:,x:y,:3')).toEqual({});
    expect(parseStarts('#a=abc')).toEqual({});
  });
});
