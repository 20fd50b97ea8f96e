/** A schema as tests write it, and what the checker makes of a text. */
import { LumiscopeError } from '../../errors.ts';
import { buildSchema } from '../../schema/build.ts';
import type { ColumnInfo, ValueType } from '../../schema/column.ts';
import type { Schema } from '../../schema/schema.ts';
import { checkExpression } from '../check.ts';
import { Context } from '../context.ts';
import type { List } from '../typedForm.ts';
import type { Value } from '../value.ts';

/** `Muon_pt: float32[]` is a list an event, `x: float64?` may be missing. */
export function columnsOf(text: string): ColumnInfo[] {
  return text
    .trim()
    .split(/\s*[\n;]\s*/)
    .map((line) => {
      const [, name, type, lists, optional] = /^(.+): (\w+?)((?:\[\])*)(\??)$/.exec(line) as RegExpExecArray;
      return { name, type: type as ValueType, depth: lists.length / 2, nullable: optional === '?' };
    });
}

export const schemaOf = (text: string): Schema => buildSchema(columnsOf(text));

/** A small event: muons with references into jets, electrons without mass, MET without η, a bare list, lists of lists. */
export const EVENT = schemaOf(`
  run: uint32; event: uint64; stream: string; x: float64; gap: float64?; HLT_IsoMu24: bool
  MET_pt: float32; MET_phi: float32
  nMuon: int32; Muon_pt: float32[]; Muon_eta: float32[]; Muon_phi: float32[]; Muon_mass: float32[]
  Muon_charge: int32[]; Muon_tight: bool[]; Muon_jetIdx: int16[]; Muon_hits: float32[][]
  Jet_pt: float32[]; Jet_eta: float32[]; Jet_phi: float32[]; Jet_mass: float32[]; Jet_id: uint8[]
  Electron_pt: float32[]; Electron_eta: float32[]; Electron_phi: float32[]
  Vertex_z: float32[]; nLHEPdfWeight: int32; LHEPdfWeight: float32[]; deep: float32[][]
`);

/** Definitions in order, each seeing those before it. */
export function contextOf(definitions: Record<string, string> = {}, schema: Schema = EVENT): Context {
  const context = new Context(schema);
  for (const [name, text] of Object.entries(definitions)) {
    const value = checkExpression(context, text);
    context.definitions.set(name, value);
    if (value.kind === 'array' && value.body.op === 'var') context.nameList(value.list, name);
  }
  return context;
}

/** What an expression is, in words. */
export const inWords = (text: string, context = contextOf()): string => context.words(checkExpression(context, text));

/** The list of an array. @throws TypeError for anything else */
export function listOf(text: string, context: Context): List {
  const value: Value = checkExpression(context, text);
  if (value.kind !== 'array') throw new TypeError(`${text} is ${context.words(value)}`);
  return value.list;
}

/** The error of a text: message, the text of its span, and its hint. */
export function errorOf(text: string, context = contextOf()): { message: string; at: string; hint?: string } {
  try {
    checkExpression(context, text);
  } catch (error) {
    if (!(error instanceof LumiscopeError)) throw error;
    const [from, to] = error.place.span as [number, number];
    return { message: error.message, at: text.slice(from, to), ...(error.hint !== undefined && { hint: error.hint }) };
  }
  throw new TypeError(`${text} is no error`);
}
