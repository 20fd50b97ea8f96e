/** Counts of event records, over blocks of one memory that the host lays out, and checks: nothing here does. */
export { histogramOfCounts } from './folds';
export { countGroups } from './groups';
export { placeLists } from './lists';
export { mergeRecords, selectEvents } from './merge';
export { countPairs } from './pairs';
export { countUnion, markUnion, place, placeRanked } from './rank';
export { pack, placeSorted, radixPass } from './sparse';

/** First free byte after the tables. */
export const heapBase: usize = __heap_base;
