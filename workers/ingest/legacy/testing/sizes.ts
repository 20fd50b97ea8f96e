import { LONGEST_RECORD } from '../../../../core/ingest/packedRecords.ts';

/** Small enough for many segments and some objects of few records. */
export const TEST_SIZE = {
  segmentBytes: 8 * Math.ceil((LONGEST_RECORD + 40_000) / 8),
  size: { records: 500, bytes: 2 ** 20 },
};
