import type { Column, Family } from '../../../../core/catalogue/tables.ts';
import { STAGED_COLUMNS } from '../../../../core/ingest/stagedHeader.ts';

/**
 * Columns of records on their way through the sort: what is staged, the record's `seq`, and which file it comes from, as an index. What follows from the file is added behind
 * the sort.
 */
export const SORT_COLUMNS: readonly (Column & { family: Family })[] = [
  ...STAGED_COLUMNS,
  { name: 'seq', type: 'int16', depth: 0, nullable: false, family: 'location' },
  { name: 'source', type: 'int32', depth: 0, nullable: false, family: 'location' },
];
