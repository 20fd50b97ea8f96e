import type { Expr } from './typedForm.ts';

/** Whether `expr` is missing wherever variable `id` is, because every node between them passes missing on. */
export function passesMissing(expr: Expr, id: number): boolean {
  // Expressions share parts: each is asked once.
  const answers = new Map<Expr, boolean>();
  const passes = (child: Expr): boolean => {
    const answer = answers.get(child) ?? passesThrough(child, id, passes);
    answers.set(child, answer);
    return answer;
  };
  return passes(expr);
}

function passesThrough(expr: Expr, id: number, passes: (child: Expr) => boolean): boolean {
  switch (expr.op) {
    case 'var':
      return expr.id === id;
    case 'let':
      return passes(expr.value) || (expr.id !== id && passes(expr.body));
    case 'field':
    case 'wrap':
    case 'match':
      return passes(expr.item);
    case 'arith':
    case 'bits':
    case 'float2':
    case 'compare':
    case 'inRanges':
    case 'same':
    case 'vectorArith':
      return passes(expr.a) || passes(expr.b);
    case 'logic':
      return expr.fn === 'xor' ? passes(expr.a) || passes(expr.b) : passes(expr.a) && passes(expr.b);
    case 'unary':
    case 'intfn':
    case 'float1':
    case 'not':
    case 'toFloat':
    case 'toInt':
    case 'isnan':
      return passes(expr.a);
    case 'fillMissing':
      return passes(expr.a) && passes(expr.b);
    case 'cond':
      return passes(expr.c) || (passes(expr.a) && passes(expr.b));
    case 'extreme':
      return expr.args.some(passes);
    case 'at':
    case 'reference':
      return passes(expr.index);
    case 'part':
      return passes(expr.tuple);
    case 'vector':
      return expr.parts.some(passes);
    case 'vectorScale':
      return passes(expr.a) || passes(expr.by);
    case 'component':
      return passes(expr.vector);
    case 'const':
    case 'none':
    case 'column':
    case 'isMissing':
    case 'len':
    case 'reduce':
    case 'pick':
      return false;
  }
}
