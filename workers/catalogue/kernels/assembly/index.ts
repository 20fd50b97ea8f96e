/** First free byte: everything past it belongs to the caller. */
export const heapBase: usize = __heap_base;

export { countUnion, markUnion, place, placeRanked } from './rank';
export { radixPass, pack, placeSorted } from './sparse';
export { countPairs, countRows } from './pairs';
export { placeLists } from './lists';
export { histogramOfCounts } from './folds';
export { countGroups } from './groups';
