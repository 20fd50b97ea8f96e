import { checkExpression } from '../expr/check.ts';
import { Context } from '../expr/context.ts';
import type { Schema } from '../schema/schema.ts';
import type { AnalysisDocument } from './document.ts';
import type { Keys } from './yamlTree.ts';

/** What expressions may use at a place of a document: a definition sees those before it. */
export function contextAt(document: AnalysisDocument | undefined, schema: Schema, keys: Keys): Context {
  const context = new Context(schema, document?.defaults);
  for (const { name, expression } of document?.define ?? []) {
    if (keys[0] === 'define' && keys[1] === name) break;
    let value: ReturnType<typeof checkExpression> | undefined;
    try {
      value = checkExpression(context, expression);
    } catch {
      // The list of problems says what is wrong with it.
    }
    context.define(name, value);
  }
  return context;
}
