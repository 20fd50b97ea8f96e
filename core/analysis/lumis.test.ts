import { describe, expect, test } from 'vitest';
import { buildSchema } from '../schema/build.ts';
import type { ColumnInfo, ValueType } from '../schema/column.ts';
import { compileDocument } from './compile.ts';
import type { AnalysisDocument, Dataset } from './document.ts';
import { certifiedTable, looksCertified, readCertifiedRuns } from './lumis.ts';
import { editDocument, formatDocument, parseDocument } from './yaml.ts';

const flat = (name: string, type: ValueType = 'uint32'): ColumnInfo => ({ name, type, depth: 0, nullable: false });

const DATA: Dataset = { name: 'data', files: ['a.parquet'] };
const document: AnalysisDocument = {
  lumiscope: 1,
  datasets: [DATA, { ...DATA, name: 'mc', lumis: false }],
  lumis: [{ run: 7, blocks: [[1, 5]] }],
  define: [],
  select: [{ name: 'any', expression: 'True', enabled: true }],
  histograms: [],
  defaults: {},
};
const compile = (columns: ColumnInfo[], change: Partial<AnalysisDocument> = {}, dataset = DATA) =>
  compileDocument({ ...document, ...change }, buildSchema(columns), dataset);

describe('certified runs', () => {
  test('are sorted, and ranges that touch or overlap are one', () => {
    const table = certifiedTable([
      { run: 9, blocks: [[8, 9]] },
      {
        run: 7,
        blocks: [
          [5, 6],
          [1, 3],
          [2, 2],
          [4, 4],
          [9, 9],
        ],
      },
      { run: 9, blocks: [[1, 2]] },
    ]);
    expect([...table]).toEqual([7, 1, 6, 7, 9, 9, 9, 1, 2, 9, 8, 9]);
  });

  test('are the first cut, of whichever usual name the columns have', () => {
    for (const [run, block] of [
      ['run', 'luminosityBlock'],
      ['runNumber', 'lumiBlock'],
      ['EventInfoAuxDyn.runNumber', 'EventInfoAuxDyn.lumiBlock'],
    ]) {
      const { program } = compile([flat(run), flat(block, 'int64')]);
      expect(program?.cuts.map(({ name }) => name)).toEqual(['certified runs', 'any']);
      expect(program?.columns).toEqual([run, block]);
    }
  });

  test('let simulated events pass, which keep the row', () => {
    const { program } = compile([flat('x')], {}, document.datasets[1]);
    expect(program?.cuts.map(({ name }) => name)).toEqual(['certified runs', 'any']);
    expect(program?.cuts[0].cond).toMatchObject({ op: 'const', value: true });
  });

  test('say what is missing and what to do', () => {
    const { errors } = compile([flat('run'), flat('luminosityBlock', 'float32')]);
    expect(errors[0].message).toBe('lumis needs run and luminosity block, but there is no column luminosityBlock');
    expect(errors[0].hint).toContain('lumis: false');
    expect(errors[0].place.keys).toEqual(['lumis']);
  });

  test('take a default for a column', () => {
    const { program } = compile([flat('luminosityBlock')], { defaults: { run: 7 } });
    expect(program?.columns).toEqual(['luminosityBlock']);
  });

  test('keep their name to themselves', () => {
    const text = 'lumiscope: 1\nlumis: { 7: [[1, 5]] }\nselect:\n  certified runs: x\n';
    expect(parseDocument(text).errors[0]).toMatchObject({
      message: 'certified runs is the row of lumis: take another name',
      place: { line: 4 },
    });
  });

  test('are read from the JSON that experiments publish', () => {
    const text = '{"315257": [[1, 88], [91, 92]], "315259": [[1, 172]]}';
    expect(looksCertified(text)).toBe(true);
    expect(looksCertified('{"lumiscope": 1}')).toBe(false);
    expect(readCertifiedRuns(text)).toEqual([
      {
        run: 315257,
        blocks: [
          [1, 88],
          [91, 92],
        ],
      },
      { run: 315259, blocks: [[1, 172]] },
    ]);
  });

  test.each([
    ['{"1": [[1, 2]', /can't be read/],
    ['{}', /it has no run/],
    ['{"a": []}', /a is not a run number/],
    ['{"4294967296": []}', /4294967296 is not a run number/],
    ['{"7": 3}', /run 7 has no list of ranges/],
    ['{"7": [[2, 1]]}', /run 7 has a wrong range/],
    ['{"7": [[1, 2.5]]}', /run 7 has a wrong range/],
    ['{"7": [[1, 2, 3]]}', /run 7 has a wrong range/],
  ])('that are wrong are refused: %s', (text, message) => {
    expect(() => readCertifiedRuns(text)).toThrow(message);
  });

  test('go into the text and out of it', () => {
    const before = formatDocument({ ...document, lumis: undefined });
    const lumis = [
      { run: 9, blocks: [[1, 2]] as [number, number][] },
      { run: 7, blocks: [[1, 5]] as [number, number][] },
    ];
    const text = editDocument(before, [{ kind: 'setLumis', lumis }]);
    expect(text).toContain('lumis:\n  "7": [ [1, 5] ]\n  "9": [ [1, 2] ]\n');
    expect(parseDocument(text).document?.lumis).toEqual([lumis[1], lumis[0]]);
    expect(editDocument(text, [{ kind: 'setLumis', lumis: undefined }])).toBe(before);
  });
});
