import { type CutConstant, Quantities, type SliderScale, sliderScale } from '../../core/analysis/cutConstants.ts';
import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { buildSchema } from '../../core/schema/build.ts';
import type { Schema } from '../../core/schema/schema.ts';
import { columnRange } from './columnRange.ts';
import type { ExplorerState } from './state.ts';

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

/** How far a slider of a number goes that something is compared with, for what is open; undefined without a document. */
export function scaleOf(
  constant: Pick<CutConstant, 'compared' | 'value'>,
  { document, schema, files }: ExplorerState,
): SliderScale | undefined {
  if (!document) return undefined;
  const axes = document.histograms.flatMap((histogram) => histogram.axes);
  return sliderScale(constant, quantitiesOf(document, schema), axes, (column) => columnRange(files, column));
}
