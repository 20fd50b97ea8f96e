import { describe, expect, it } from 'vitest';
import { contextOf, errorOf, inWords, schemaOf } from './testing/check.ts';

describe('an expression has the type that is said', () => {
  it.each([
    ['1', 'an integer'],
    ['1.5', 'a number'],
    ['"a"', 'a string'],
    ['True', 'a true/false value'],
    ['None', 'None'],
    ['event', 'an integer'],
    ['gap', 'a number or missing'],
    ['MET', 'the group MET'],
    ['MET.pt', 'a number'],
    ['HLT.IsoMu24', 'a true/false value'],
    ['Muon', 'the collection Muon'],
    ['Muon.pt', 'a number for each item of Muon'],
    ['Muon_pt', 'a number for each item of Muon'],
    ['nMuon', 'an integer'],
    ['Muon.charge', 'an integer for each item of Muon'],
    ['Muon.jet', 'an item of Jet or missing for each item of Muon'],
    ['Muon[0]', 'an item of Muon or missing'],
    ['Muon[Muon.pt > 3]', 'a selection of Muon'],
    ['Muon[:2].pt', 'a number for each item of a slice of Muon'],
    ['sort(Muon, key=Muon.pt)', 'the sorted Muon'],
    ['combinations(Muon, 2)', 'the combinations of Muon'],
    ['combinations(Muon, 2)[0]', 'a combination (.a .b) or missing'],
    ['cartesian(Muon, Jet)', 'a cartesian product'],
    ['concatenate(Muon, Electron)', 'a concatenation'],
    ['concatenate(Muon, Electron).pt', 'a number for each item of a concatenation'],
    ['[2 * m.pt for m in Muon]', 'a number for each item of a list of numbers'],
    ['LHEPdfWeight', 'a number for each item of LHEPdfWeight'],
    ['len(Muon)', 'an integer'],
    ['sum(Muon)', 'a four-vector'],
    ['sum(Muon.charge)', 'an integer'],
    ['sum(Muon.tight)', 'an integer'],
    ['mean(Muon.charge)', 'a number or missing'],
    ['max(Muon, key=Muon.pt)', 'an item of Muon or missing'],
    ['argmax(Muon.pt)', 'an integer or missing'],
    ['Muon[0] + Jet[0]', 'a four-vector or missing'],
    ['Electron[0].mass', 'a number or missing'],
    ['1 + 2', 'an integer'],
    ['1 + 2.0', 'a number'],
    ['1 / 2', 'a number'],
    ['1 // 2', 'an integer'],
    ['1 // run', 'an integer or missing'],
    ['2 ** 2', 'a number'],
    ['True + True', 'an integer'],
    ['round(1.5)', 'a number'],
    ['round(3)', 'an integer'],
    ['1 if x > 0 else 2.5', 'a number'],
    ['1 if x > 0 else None', 'an integer or missing'],
    ['gap is None', 'a true/false value'],
    ['fill_none(gap, 0)', 'a number'],
    ['gap > 0 or True', 'a true/false value or missing'],
    ['Muon.pt > 3 and x > 0', 'a true/false value for each item of Muon'],
    ['Muon.tight ^ (x > 0)', 'a true/false value for each item of Muon'],
    ['Jet.id & 2', 'an integer for each item of Jet'],
  ])('%s is %s', (text, words) => {
    expect(inWords(text)).toBe(words);
  });

  it.each([
    ['Muon_Pt: float32[]; Muon_Eta: float32[]; Muon_Phi: float32[]', 'Muon[0].mass'],
    ['Muon_Px: float32[]; Muon_Py: float32[]; Muon_Pz: float32[]; Muon_E: float32[]', 'Muon[0].pt'],
    ['Muon_px: float32[]; Muon_py: float32[]; Muon_pz: float32[]; Muon_energy: float32[]', 'Muon[0].E'],
    ['Muon_PX: float32[]; Muon_PY: float32[]; Muon_PZ: float32[]; Muon_e: float32[]', 'Muon[0].deltaR(Muon[1])'],
    ['Muon_pt: float32[]; Muon_eta: float32[]; Muon_phi: float32[]; Muon_m: float32[]', 'Muon[0].mass'],
    ['MuonAuxDyn.pt: float32[]; MuonAuxDyn.eta: float32[]; MuonAuxDyn.phi: float32[]', '(Muon[0] + Muon[1]).mass'],
  ])('four-vectors of %s', (columns, text) => {
    expect(inWords(text, contextOf({}, schemaOf(columns)))).toBe('a number or missing');
  });

  it('definitions come before collections, and are called by their names', () => {
    const context = contextOf({ good: 'Muon[Muon.pt > 3]', Jet: 'good[0]', sum: '3' });
    expect(inWords('good', context)).toBe('the collection good');
    expect(inWords('good.pt', context)).toBe('a number for each item of good');
    expect(inWords('Jet', context)).toBe('an item of Muon or missing');
    expect(errorOf('sum(good.pt)', context)).toEqual({ message: '`sum` is a value, not a function', at: 'sum' });
  });

  it('a loop’s variable comes before all else, within the loop', () => {
    expect(inWords('[Jet.pt for Jet in Muon if Jet.tight]')).toContain('number');
    expect(inWords('[x.charge for x in Muon]', contextOf({ m: 'x' }))).toContain('integer');
  });
});

const DERIVED =
  'both come from one collection, but they are different selections of it: use the same selection on both sides';
const PARENTHESES = '& and | bind tighter than comparisons: write (a > 1) & (b < 2)';

const FLATTEN =
  'write what you need of it as a column of its own, with awkward: ak.flatten(x, axis=2), ak.num(x, axis=2), ak.sum(x, axis=2)';

describe('an error names what is wrong, where, and what to do', () => {
  it.each<[string, string, string, string?]>([
    // Names.
    ['Mun.pt', 'there is no `Mun` here', 'Mun', 'did you mean `Muon`?'],
    ['muon_PT', 'there is no `muon_PT` here', 'muon_PT', 'did you mean `Muon_pt`?'],
    ['somethingElse', 'there is no `somethingElse` here', 'somethingElse'],
    ['Muon.Pt', 'an item of Muon has no field `Pt`', 'Pt', 'did you mean `pt`?'],
    ['Muon[0].jett.pt', 'an item of Muon has no field `jett`', 'jett', 'did you mean `jet`?'],
    ['HLT.IsoMu', 'HLT has no field `IsoMu`', 'IsoMu', 'did you mean `IsoMu24`?'],
    ['MET.whatever', 'MET has no field `whatever`', 'whatever', 'it has pt, phi'],
    ['Muon[0].deltaR', 'an item of Muon has no field `deltaR`', 'deltaR', 'it is a function: .deltaR(other)'],
    ['sqroot(x)', 'there is no function `sqroot`', 'sqroot', 'did you mean `sqrt`?'],
    ['Muon(3)', '`Muon` is a value, not a function', 'Muon'],
    ['len', 'len is a function', 'len', 'call it: len(…)'],
    ['np.sqrt(x)', 'functions have no prefix `np.`', 'np', 'write sqrt(…)'],
    ['sum(deep)', "deep is a list of lists, which expressions can't read yet", 'deep', FLATTEN],
    ['1 + Muon_hits', "Muon_hits is a list of lists, which expressions can't read yet", 'Muon_hits', FLATTEN],
    ['Muon.hits', "Muon.hits is a list of lists, which expressions can't read yet", 'hits', FLATTEN],
    ['combinations(Jet, 2).d', 'a combination has no .d', 'd', 'its parts are .a .b'],
    ['x.pt', 'a number has no fields', 'pt'],
    // What objects inherit is no name of the language.
    ['constructor(1)', 'there is no function `constructor`', 'constructor'],
    ['toString(1)', 'there is no function `toString`', 'toString'],
    ['__proto__', 'there is no `__proto__` here', '__proto__'],
    ['__proto__(1)', 'there is no function `__proto__`', '__proto__'],
    ['MET.constructor', 'MET has no field `constructor`', 'constructor', 'it has pt, phi'],
    ['Muon.pt.toString', 'a number has no fields', 'toString'],
    ['x.valueOf()', 'there is no method .valueOf()', 'valueOf', 'methods are .deltaR(), .deltaphi(), .deltaeta()'],
    // Collections that don't go together.
    [
      'Muon.pt > Jet.pt',
      "items of Muon and items of Jet can't be combined one by one",
      'Muon.pt > Jet.pt',
      'write a comprehension, e.g. [… for x in Muon …], or cartesian(Muon, Jet)',
    ],
    [
      'Muon[Jet.pt > 30]',
      "items of Muon and items of Jet can't be combined one by one",
      'Muon[Jet.pt > 30]',
      'write a comprehension, e.g. [… for x in Muon …], or cartesian(Muon, Jet)',
    ],
    [
      'Muon[:2].pt + Muon.pt',
      "items of a slice of Muon and items of Muon can't be combined one by one",
      'Muon[:2].pt + Muon.pt',
      DERIVED,
    ],
    [
      'combinations(Muon, 2).a.pt > Jet.pt',
      "items of the combinations of Muon and items of Jet can't be combined one by one",
      'combinations(Muon, 2).a.pt > Jet.pt',
      'write a comprehension, e.g. [… for x in … …], or cartesian(…, Jet)',
    ],
    [
      'max(Muon, key=Jet.pt)',
      "items of Muon and items of Jet can't be combined one by one",
      'Jet.pt',
      'write a comprehension, e.g. [… for x in Muon …], or cartesian(Muon, Jet)',
    ],
    // Operators.
    [
      'Muon.pt > 20 & Muon.eta < 2',
      '`&` needs two conditions or two integers, not an integer and a number',
      '20 & Muon.eta',
      PARENTHESES,
    ],
    [
      '(Muon.pt > 20) & Muon.eta < 2',
      '`&` needs two conditions or two integers, not a true/false value and a number',
      '(Muon.pt > 20) & Muon.eta',
      PARENTHESES,
    ],
    ['run > 1 | run < 3', 'this compares the result of a bitwise operation twice', '1 | run', PARENTHESES],
    [
      'x ^ 2',
      '`^` needs two conditions or two integers, not a number and an integer',
      'x ^ 2',
      'a power is written with **',
    ],
    ['x << 2', '`<<` needs two integers, not a number and an integer', 'x << 2'],
    ['x + "a"', "`+` can't be used with a number and a string", 'x + "a"'],
    [
      'Vertex[0] + Muon[0]',
      "`+` can't be used with an item of Vertex and an item of Muon",
      'Vertex[0] + Muon[0]',
      'an item of Vertex is no four-vector: it lacks pt, eta, phi or px, py, pz, E',
    ],
    ['~x', "`~` can't be used with a number", '~x'],
    ['-"a"', "`-` can't be used with a string", '-"a"'],
    ['not x', 'a condition is expected, not a number', 'x', 'compare it, e.g. … != 0'],
    ['x > 0 and Muon.pt', 'a condition is expected, not a number', 'Muon.pt', 'compare it, e.g. … != 0'],
    ['1 if x else 2', 'a condition is expected, not a number', 'x', 'compare it, e.g. … != 0'],
    ['1 if x > 0 else "a"', 'these have no type in common: an integer, a string', '1 if x > 0 else "a"'],
    ['x == "a"', "`==` can't compare a number with a string", 'x == "a"'],
    ['0 < x < "a"', "`<` can't compare a number with a string", 'x < "a"'],
    ['stream < "b"', 'strings are compared with == and != only', 'stream < "b"'],
    ['x == None', 'nothing is equal to None', 'x == None', 'write `x is None`'],
    [
      'Muon[0] == Muon[1]',
      "`==` can't compare an item of Muon with an item of Muon",
      'Muon[0] == Muon[1]',
      'items are compared with `is`',
    ],
    ['x is 3', '`is` compares items, not a number', 'x is 3', 'compare values with =='],
    ['Muon[0] is Jet[0]', 'an item of Muon is never an item of Jet', 'Muon[0] is Jet[0]'],
    ['x in 3', '`in` needs a list on its right, not an integer', '3'],
    ['3 in [1, "a"]', "`in` can't compare an integer with a string", '3 in [1, "a"]'],
    ['None + 1', 'None has no place here', 'None', 'ask `x is None`, or use fill_none(x, value)'],
    ['MET + 1', 'MET is a group of values, not a value', 'MET', 'choose one of its fields: MET.pt, MET.phi…'],
    // Indices and slices.
    ['Muon["a"]', 'an index is an integer or a mask, not a string', '"a"'],
    ['Muon[0.5]', 'an index is an integer or a mask, not a number', '0.5'],
    [
      'Muon[x > 0]',
      'an index is an integer or a mask, not a true/false value',
      'x > 0',
      'to switch a whole collection on or off by an event condition, use it in select',
    ],
    ['Muon[0][0]', '[…] needs a collection or a list, not an item of Muon or missing', 'Muon[0]'],
    ['Muon[:x]', 'the bound of a slice is one integer, not a number', 'x'],
    // Calls.
    ['sum(Muon.pt, 1)', 'sum() has too many arguments', '1', 'usage: sum(values)'],
    ['clip(x, 1)', 'clip() lacks an argument', 'clip(x, 1)', 'usage: clip(x, low, high)'],
    ['sort(Muon, kay=Muon.pt)', 'sort() has no argument `kay`', 'kay', 'did you mean `key`?'],
    [
      'sort(Muon)',
      'sort() of the collection Muon needs a key',
      'sort(Muon)',
      'e.g. sort(Muon, key=lambda x: x.pt, reverse=True)',
    ],
    ['sort(Muon.pt, reverse=1)', 'reverse is True or False', '1'],
    ['max(Muon)', 'max() needs numbers, not the collection Muon', 'Muon', 'choose a field, e.g. max(Muon.pt)'],
    ['any(Muon)', 'any() needs conditions, not the collection Muon', 'Muon', 'choose a field, e.g. any(Muon.pt > 20)'],
    [
      'any(Muon.pt)',
      'any() needs conditions, not a number for each item of Muon',
      'Muon.pt',
      'compare them, e.g. any(… > 0)',
    ],
    ['len(x)', 'len() needs a collection or a list, not a number', 'x'],
    ['max(Muon, key=3)', 'the key is the same for all items', '3', 'use values of the collection, or lambda x: …'],
    ['max(Muon, key=lambda a, b: 3)', 'the key takes one item: lambda x: …', 'lambda a, b: 3'],
    ['max(Muon, key=lambda m: m)', 'the key is a number, not an item of Muon', 'lambda m: m'],
    ['lambda m: m', 'a lambda is only a key', 'lambda m: m', 'as in min(items, key=lambda x: …)'],
    ['combinations(Jet, 7)', 'combinations() takes a number of items from 1 to 6', '7'],
    ['combinations(Jet, 2.0)', 'combinations() takes a number of items from 1 to 6', '2.0'],
    ['concatenate(Muon.pt, Jet)', 'concatenate() needs lists of one kind of values', 'concatenate(Muon.pt, Jet)'],
    ['sqrt("a")', 'a number is expected, not a string', '"a"'],
    ['MET.deltaR(Muon[0])', '.deltaR() needs something with eta, not the group MET', 'MET'],
    ['Muon[0].deltaR()', '.deltaR() takes one argument: the other four-vector', 'Muon[0].deltaR()'],
    ['Muon[0].deltar(Jet[0])', 'there is no method .deltar()', 'deltar', 'did you mean `deltaR`?'],
    ['Muon.pt.sum()', 'there is no method .sum()', 'sum', 'write sum(…) around it'],
    ['Muon.pt.mean', 'a list has no method .mean', 'mean', 'write mean(…) around it'],
    ['sum([])', 'the list is empty', '[]'],
    // Comprehensions.
    ['[j for j in 3]', '`for` needs a collection or a list, not an integer', '3'],
    [
      '[Muon.pt for j in Jet]',
      'each element must be one value, not a number for each item of Muon',
      'Muon.pt',
      'reduce the inner list, e.g. with sum(…) or len(…)',
    ],
    [
      '[j for j in Jet if Muon.pt > 3]',
      'the condition is a true/false value for each item of Muon: one true/false value is expected',
      'Muon.pt > 3',
      'use any(…) or all(…)',
    ],
    ['[j for j in Jet if j.pt]', 'a condition is expected, not a number', 'j.pt', 'compare it, e.g. … != 0'],
  ])('%s: %s', (text, message, at, hint) => {
    expect(errorOf(text)).toEqual({ message, at, ...(hint !== undefined && { hint }) });
  });

  it('the error of a definition is told once, where it is', () => {
    const context = contextOf();
    context.definitions.set('broken', undefined);
    expect(() => errorOf('broken + 1', context)).toThrow('broken');
  });
});
