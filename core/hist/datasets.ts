import type { StrCategoryAxis } from './axis.ts';
import type { Histogram } from './histogram.ts';
import { sliceAt } from './project.ts';

/** A histogram with the name that it goes by. */
export interface NamedHistogram {
  name: string;
  histogram: Histogram;
}

/** The leading axis that keeps data sets apart (`combineDatasets`), if there is one. */
export function datasetAxis({ axes }: Histogram): StrCategoryAxis | undefined {
  const [first] = axes;
  return axes.length > 1 && first.name === 'dataset' && first.type === 'strCategory' ? first : undefined;
}

/** The histogram of each data set, without the leading data set axis; the histogram itself, with no name, where there is none. */
export function byDataset(histogram: Histogram): NamedHistogram[] {
  const sets = datasetAxis(histogram);
  return sets
    ? sets.categories.map((name, i) => ({ name, histogram: sliceAt(histogram, 0, i) }))
    : [{ name: '', histogram }];
}
