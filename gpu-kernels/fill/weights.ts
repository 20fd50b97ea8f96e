/** Which weights a program adds: one literally 1 is none. */
import type { Expr, HistogramProgram, Program } from '../../core/expr/typedForm.ts';

/** The document's weight; undefined where it has none, or 1. */
export function documentWeight(program: Program): Expr | undefined {
  return program.weight && !isOne(program.weight) ? program.weight : undefined;
}

/** A histogram's own weight, where its bins add weights and it is not 1. */
export function ownWeight({ storage, weight }: HistogramProgram): Expr | undefined {
  return storage === 'weighted' && weight && !isOne(weight) ? weight : undefined;
}

/** For each histogram, the number of the weight that its bins add: 0 is the document's, where it has one; undefined for counts. */
export function weightNumbers(program: Program): { weights: number; of: (number | undefined)[] } {
  const ofDocument = documentWeight(program) ? 0 : undefined;
  let weights = ofDocument === undefined ? 0 : 1;
  const of = program.histograms.map((histogram) => {
    if (ownWeight(histogram)) return weights++;
    return histogram.storage === 'weighted' ? ofDocument : undefined;
  });
  return { weights, of };
}

function isOne(expr: Expr): boolean {
  if (expr.op === 'toFloat') return isOne(expr.a);
  return expr.op === 'const' && (expr.value === 1 || expr.value === 1n || expr.value === true);
}
