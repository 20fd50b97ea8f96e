import { roots } from '../../core/analysis/needed.ts';
import type { Program } from '../../core/expr/typedForm.ts';
import type { AxisMath } from '../../core/hist/indexer.ts';
import { fillCode } from '../fill/fillCode.ts';
import { refuseFills } from '../fill/layout.ts';
import { type ColumnShape, type GpuLimits, type LoweredProgram, PARAMS, type Refusal } from '../types.ts';
import { NotLowered } from './code.ts';
import { readers } from './columns.ts';
import { emitEvent } from './event.ts';
import { emitValue } from './expressions.ts';
import { Generator } from './generator.ts';
import { storeList } from './lists.ts';
import { moduleText } from './module.ts';
import { prelude } from './prelude.ts';

export interface LowerOptions {
  /** The libm of the engines, for what the host works out beforehand. */
  math: AxisMath;
  /** Of the device that it is for. */
  limits: GpuLimits;
}

/**
 * Writes a program as one WGSL module, for columns of the given shapes: all that `program.columns` lists.
 *
 * Documents that differ in constants alone (numbers, strings, edges) give equal texts.
 */
export function lowerProgram(
  program: Program,
  shapes: ReadonlyMap<string, ColumnShape>,
  options: LowerOptions,
): LoweredProgram | Refusal {
  const refusal = refuse(program, shapes) ?? refuseFills(program);
  if (refusal) return refusal;
  try {
    return lower(program, shapes, options);
  } catch (error) {
    if (error instanceof NotLowered) return { reason: error.message };
    throw error;
  }
}

function refuse(program: Program, shapes: ReadonlyMap<string, ColumnShape>): Refusal | undefined {
  if (program.table) return { reason: 'a list of events is noted' };
  for (const column of program.columns) {
    const depth = shapes.get(column)?.depth ?? 0;
    if (depth > 1) return { reason: `column ${column} holds lists of lists` };
  }
  return undefined;
}

function lower(
  program: Program,
  shapes: ReadonlyMap<string, ColumnShape>,
  { math, limits }: LowerOptions,
): LoweredProgram {
  const g = new Generator(roots(program), program.collections, shapes, { value: emitValue, store: storeList });
  const kinds = emitEvent(g, program);
  const tables = g.tableTexts;
  const readerTexts = readers(g);
  const { texts, others } = prelude(g.functions);
  const fills = fillCode(program, {
    kinds,
    firstConstant: g.constants.words,
    firstScale: PARAMS.BASES + g.arrays.length,
    math,
    limits,
  });
  for (const constant of fills.constants) g.constants.add(constant);
  const code = moduleText({
    arrays: g.arrays.length,
    weights: fills.weights,
    functions: new Set([...others, ...fills.functions]),
    fills: fills.declarations,
    scratch: g.scratchText,
    readers: readerTexts,
    prelude: [...texts, ...tables.functions],
    event: [...tables.reset.map((line) => `  ${line}`), g.code.text].join('\n'),
    main: fills.main,
  });
  return {
    code,
    workgroup: fills.workgroup,
    arrays: g.arrays,
    collections: program.collections.map(({ columns }) => columns),
    constants: g.constants.list(),
    layout: fills.layout,
    weights: fills.weights,
  };
}
