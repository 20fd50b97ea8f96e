import { Quantities } from '../../core/analysis/cutConstants.ts';
import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { buildSchema } from '../../core/schema/build.ts';
import type { Schema } from '../../core/schema/schema.ts';

const known = new WeakMap<AnalysisDocument, { schema: Schema; quantities: Quantities }>();
const NOTHING = buildSchema([]);

/** What the expressions of a document are about; of one document it is asked in many places. */
export function quantitiesOf(document: AnalysisDocument, schema = NOTHING): Quantities {
  const found = known.get(document);
  if (found?.schema === schema) return found.quantities;
  const quantities = new Quantities(document, schema);
  known.set(document, { schema, quantities });
  return quantities;
}
