import { describe, expect, it } from 'vitest';
import { parseFileList } from './fileList.ts';

const GUID = '01234567-89AB-CDEF-0123-456789ABCDEF';

describe('a list of files', () => {
  it('is CSV with names of columns, in any order', () => {
    expect(parseFileList(`events,GUID,name,bytes\r\n5,${GUID.toLowerCase()},"a.root",\r\n\r\n`, 'x')).toEqual([
      { guid: GUID, events: 5, name: 'a.root' },
    ]);
  });

  it('is JSON, GUIDs also as Rucio prints them', () => {
    const files = [{ guid: GUID.replaceAll('-', '').toLowerCase(), events: 3, bytes: 10 }];
    expect(parseFileList(JSON.stringify(files), 'x')).toEqual([{ guid: GUID, events: 3, bytes: 10 }]);
  });

  it.each([
    ['', /first line has to name/],
    [`guid,events\n${GUID},many`, /x: line 2: many is no number of events/],
    [`guid,events\n${GUID}`, /line 2 lacks/],
    ['guid,events\nnonsense,5', /no GUID/],
    ['[{"guid": 5}]', /x: .*guid/],
    ['[', /no JSON/],
    ['[]', />=1|at least 1|too small/i],
  ])('that is wrong says where: %j', (text, message) => {
    expect(() => parseFileList(text, 'x')).toThrow(message);
  });
});
