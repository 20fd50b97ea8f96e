import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePickList } from './pickList.ts';

/** As lines `run event`. */
const read = (text: string) =>
  parsePickList(text).events.runs.flatMap(({ runNumber, events }) =>
    [...events].map((event) => `${runNumber} ${event}`),
  );

describe('a list of events', () => {
  it.each([
    ['blanks', '358031 7\n358031  12\r\n'],
    ['tabs', '358031\t12\n358031\t7'],
    ['commas', '358031,7\n358031, 12\n'],
    ['colons', '358031:7\n358031:12'],
    ['semicolons', '358031;7\n358031 ; 12'],
    ['strokes', '358031/7\n358031/12'],
    ['luminosity blocks between, as our own lists have them', '358031:55:7\n358031:56:12\n'],
    ['comments and empty lines', '# my events\n\n358031 7 # the one\n   \n358031 12'],
    ['a header', 'run event\n358031 7\n358031 12'],
    ['a byte order mark', '\uFEFF358031 7\n358031 12'],
    ['named columns in any order', 'eventNumber,lb,run_number\n7,55,358031\n12,56,358031'],
    ['quoted cells', '"Run Number","Event Number"\n"358031","7"\n"358031","12"'],
    ['values of other columns that hold other marks', 'run,time,event\n358031,2018-08-12 10:11:12,7\n358031,"a, b",12'],
    ['JSON of pairs', '[[358031, 12], [358031, 7]]'],
    ['JSON of objects', '[{"run": 358031, "event": "7"}, {"runNumber": 358031, "eventNumber": 12, "lb": 3}]'],
    ['JSON by run', '{"358031": [12, 7]}'],
    ['JSON as kept lists are saved', '{"name": "mine", "events": [{"run": 358031, "event": 7}, [358031, 12]]}'],
  ])('is read with %s', (_, text) => {
    expect(parsePickList(text).wrong).toEqual([]);
    expect(read(text)).toEqual(['358031 7', '358031 12']);
  });

  it('is sorted, each event once, and says how many were named again', () => {
    const { count, repeated } = parsePickList('2 5\n1 9\n2 5\n2 4\n1 9');
    expect(read('2 5\n1 9\n2 5\n2 4\n1 9')).toEqual(['1 9', '2 4', '2 5']);
    expect({ count, repeated }).toEqual({ count: 3, repeated: 2 });
  });

  it('keeps event numbers up to 2^64 − 1, of JSON too', () => {
    const all = ['1 9007199254740993', '1 18446744073709551615'];
    expect(read(all.join('\n'))).toEqual(all);
    expect(read('[[1, 9007199254740993], [1, 18446744073709551615]]')).toEqual(all);
  });

  it.each([
    ['358031', 'a run number and an event number are needed'],
    ['358031 x', 'x is no event number'],
    ['358031 -7', '-7 is no event number'],
    ['358031 1.5', '1.5 is no event number'],
    ['358031 1e5', '1e5 is no event number'],
    ['run7 7', 'run7 is no run number'],
    ['4294967296 7', 'the run number is past 4294967295'],
    ['1 18446744073709551616', 'the event number is past 18446744073709551615'],
    ['1,,5', 'is no such line'],
    ['1 2 3', '3 values: a line is run and event, run:lumi:event, or has columns that a first line names'],
  ])('lists the line %j with its number and what is wrong', (line, reason) => {
    const { wrong, count } = parsePickList(`# list\n1 7\n${line}\n1 8`);
    expect(count).toBe(2);
    if (line === '1,,5') expect(wrong).toHaveLength(1);
    else expect(wrong).toEqual([{ line: 3, text: line, reason }]);
  });

  it('lists items of JSON that are none, and JSON that is cut off', () => {
    expect(parsePickList('[[1, 2], [1], {"run": 1}, [1, 1.5], null]').wrong.map(({ line }) => line)).toEqual([
      2, 3, 4, 5,
    ]);
    expect(parsePickList('[[1, 2], [1').wrong[0]!.reason).toContain("can't be read");
  });

  it('drops nothing: each line is an event, a repeated one or a wrong one', () => {
    const line = fc.oneof(
      fc.tuple(fc.nat(3), fc.bigInt(0n, 2n ** 64n + 3n)).map(([run, event]) => `${run} ${event}`),
      fc.string({ unit: fc.constantFrom('1', '2', ' ', ':', 'x', ',', '-') }).map((text) => `y${text}`),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const { count, repeated, wrong } = parsePickList(`# list\n${lines.join('\n')}`);
        expect(count + repeated + wrong.length).toBe(lines.length);
      }),
      { numRuns: 200 },
    );
  });
});
